import { createSignal } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import type { ChannelKind } from '../../../core/channelKinds.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'

export interface Channels {
  /** Undefined until they are read. */
  list(): readonly Channel[] | undefined
  /** Of the web, as most are, until that is known. */
  kindOf(id: string): ChannelKind
  refresh(): Promise<void>
}

/** The channels of the workspace, for their names and for what each can do. */
export function createChannels(request: SessionControl['request']): Channels {
  const [list, setList] = createSignal<readonly Channel[]>()

  async function refresh(): Promise<void> {
    try {
      setList((await request<{ list: Channel[] }>('GET', '/api/v1/channels')).list)
    } catch (error) {
      // A name that is missing is no reason to stop; the settings page says what went wrong.
      if (!(error instanceof ApiProblem)) throw error
    }
  }

  void refresh()
  const kindOf = (id: string) => list()?.find((channel) => channel.id === id)?.kind ?? 'web'
  return { list, kindOf, refresh }
}
