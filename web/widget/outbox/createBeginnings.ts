import { type Accessor, createEffect, createSignal, onCleanup, untrack } from 'solid-js'
import type { NewWidgetConversation, StartedConversation } from '../../../core/api/widget.ts'
import { type ConversationId, isConversationId } from '../../../core/ids.ts'
import { ApiProblem, api } from '../../lib/api.ts'
import type { Visitor } from '../createVisitor.ts'
import type { HostPage } from '../hostMessages.ts'
import { untilAnswered } from '../untilAnswered.ts'
import { isMovedAgain, type Outbox } from './createOutbox.ts'
import { isSendable, type Unsent } from './unsent.ts'

export interface BeginningDeps {
  channel: string
  visitor: Visitor
  outbox: Outbox
  leads: () => boolean
  /** The page to name as the source of a conversation. */
  page: () => Promise<HostPage | null>
  /**
   * CV12: what was begun by it, or was to be continued, is gone for good. Told at most twice of what was written once.
   */
  onGone(first: string): void
}

const PAUSE_MIN_MS = 1_000

/**
 * The first message makes the conversation: there is no empty one. It is asked for under one client id until the server
 * answers, so that however often the network fails, and in however many tabs, there is one conversation (DL2). One that
 * came too early is asked for again when it may succeed (DL9). `stuck` while no answer comes.
 */
export function createBeginnings(deps: BeginningDeps): { stuck: Accessor<boolean> } {
  const asking = new Set<string>()
  const [stuck, setStuck] = createSignal(false)
  const begin = async ({ refusal: _, ...first }: Unsent): Promise<void> => {
    asking.add(first.to)
    await deps.outbox.put({ ...first, tried: true })
    const outcome = await askToStart(deps, first, () => setStuck(true)).catch(reasonOf)
    asking.delete(first.to)
    setStuck(false)
    if (typeof outcome === 'string') deps.outbox.begun(first, outcome)
    // With a time to ask again it is only being deleted, which may be undone.
    else if (outcome.code === 'not_found' && !outcome.retryAt && !isMovedAgain(first)) deps.onGone(first.to)
    else void deps.outbox.put({ ...first, tried: true, refusal: outcome })
  }
  createEffect(() => {
    if (!deps.leads()) return
    const seen = new Set<string>()
    for (const item of deps.outbox.items()) {
      if (isConversationId(item.to) || seen.has(item.to) || asking.has(item.to) || !isSendable(item)) continue
      seen.add(item.to)
      const retryAt = item.refusal?.retryAt
      if (retryAt) {
        const timer = setTimeout(begin, Math.max(PAUSE_MIN_MS, retryAt - Date.now()), item)
        onCleanup(() => clearTimeout(timer))
      } else untrack(() => void begin(item))
    }
  })
  return { stuck }
}

async function askToStart(
  { channel, visitor, page }: BeginningDeps,
  first: Unsent,
  onWait: () => void,
): Promise<ConversationId> {
  const { url = null, title = null, referrer = null } = (await page()) ?? {}
  const source = { page: cut(url), title: cut(title), referrer: cut(referrer) }
  const { id: clientId, text, continues } = first
  const body: NewWidgetConversation = { channel, clientId, text, source, continues }
  const ask = (token: string) =>
    untilAnswered(() => api<StartedConversation>('POST', '/widget/v1/conversations', { token, body }), { onWait })
  const answer = await ask(await visitor.token()).catch(async (error) => {
    if (!(error instanceof ApiProblem) || error.problem.status !== 401) throw error
    return ask(await visitor.renew())
  })
  if (!isConversationId(answer.id)) throw new Error(`no conversation: ${answer.id}`)
  return answer.id
}

const FACT_MAX = 2000

/** An empty referrer means that there is none. */
function cut(fact: string | null): string | null {
  return fact ? fact.slice(0, FACT_MAX) : null
}

function reasonOf(error: unknown): NonNullable<Unsent['refusal']> {
  if (!(error instanceof ApiProblem))
    return { code: 'unreadable', message: 'This could not be sent. Try again in a moment.' }
  const { code, detail: message, retryAt } = error.problem
  return { code, message, ...(retryAt && { retryAt }) }
}
