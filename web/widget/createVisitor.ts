import { type Accessor, batch, createSignal } from 'solid-js'
import type { WidgetSession } from '../../core/api/widget.ts'
import { api } from '../lib/api.ts'
import type { Keep } from './keep.ts'
import { untilAnswered } from './untilAnswered.ts'

/** `unavailable`: this channel does not exist (any more). */
export type VisitorState = 'connecting' | 'waiting' | 'known' | 'unavailable'

export interface Visitor {
  state: Accessor<VisitorState>
  /** The workspace's name; empty until it is known. */
  workspace: Accessor<string>
  /** The channel's; empty until known, and the greeting also where the channel has none of its own. */
  colour: Accessor<string>
  greeting: Accessor<string>
  /** Null where the visitor gave none, undefined until that is known. */
  email: Accessor<string | null | undefined>
  /** Whether this browser had been here before this page was loaded. */
  returning: boolean
  /** The token to show, made first where there is none. Rejects where there can be none. */
  token(): Promise<string>
  /** The token as it is now. */
  current(): string | undefined
  /** Shows the token to the server, which answers with a good one. */
  renew(): Promise<string>
}

/**
 * Who this browser is to Foyer: a signed token,
 * kept in the frame's storage and shown to the server once per page load.
 */
export function createVisitor(channel: string, keep: Keep): Visitor {
  const kept = keep.read()
  const [state, setState] = createSignal<VisitorState>('connecting')
  const [session, setSession] = createSignal<Partial<WidgetSession>>(kept)
  let token = kept.token
  let renewing: Promise<string> | null = null

  const ask = async (): Promise<string> => {
    const body = token === undefined ? { channel } : { channel, token }
    const onWait = (): void => void setState('waiting')
    try {
      const known = await untilAnswered(() => api<WidgetSession>('POST', '/widget/v1/sessions', { body }), {
        onWait,
        whenLimited: true,
      })
      const { workspace, colour, greeting } = known
      token = known.token
      keep.write({ token, workspace, colour, greeting })
      batch(() => {
        setSession(known)
        setState('known')
      })
      return token
    } catch (error) {
      setState('unavailable')
      throw error
    }
  }
  const renew = (): Promise<string> => {
    renewing ??= ask().finally(() => {
      renewing = null
    })
    return renewing
  }

  return {
    state,
    workspace: () => session().workspace ?? '',
    colour: () => session().colour ?? '',
    greeting: () => session().greeting ?? '',
    email: () => session().email,
    returning: kept.token !== undefined,
    token: () => (token === undefined ? renew() : Promise.resolve(token)),
    current: () => token,
    renew,
  }
}
