import { createStore, unwrap } from 'solid-js/store'
import type { NewWidgetConversation, StartedConversation } from '../../core/api/widget.ts'
import { type ConversationId, isConversationId } from '../../core/ids.ts'
import { ApiProblem, api } from '../lib/api.ts'
import { nextClientId } from '../lib/clientIds.ts'
import type { Pending } from '../lib/createConversation.ts'
import type { Visitor } from './createVisitor.ts'
import type { HostPage } from './hostMessages.ts'
import { untilAnswered } from './untilAnswered.ts'

export interface BeginningDeps {
  channel: string
  visitor: Visitor
  page: () => HostPage | null
  /** `later` was written while the first message was on its way. */
  onStarted(id: ConversationId, later: Pending[]): void
}

export interface Beginning {
  /** Written before there is a conversation. */
  waiting: Pending[]
  say(text: string): void
  discard(id: string): void
  /** Tries a refused one again; where a conversation exists by now it is handed out to be sent there instead. */
  take(id: string, begun: boolean): Pending | null
  /** The conversation shows its entries now: the message that started it is among them. */
  arrived(): void
}

/**
 * The first message makes the conversation: there is no empty one. It is shown at once and asked for under one client
 * id until the server answers, so that however often the network fails there is one conversation (DL2).
 */
export function createBeginning(deps: BeginningDeps): Beginning {
  const [waiting, setWaiting] = createStore<Pending[]>([])
  let starting = false
  let started: string | null = null

  const remove = (id: string): void => setWaiting((list) => list.filter((item) => item.id !== id))
  const replace = (item: Pending): void => setWaiting((list) => list.map((old) => (old.id === item.id ? item : old)))
  const start = async (): Promise<void> => {
    const first = unwrap(waiting).find((item) => item.status === 'sending')
    if (starting || !first) return
    starting = true
    try {
      const id = await askToStart(deps, first)
      started = first.id
      const later = unwrap(waiting).filter((item) => item.status === 'sending' && item.id !== first.id)
      setWaiting((list) => list.filter((item) => !later.includes(item)))
      deps.onStarted(id, later)
    } catch (error) {
      replace({ ...first, status: 'refused', refusal: reasonOf(error) })
    } finally {
      starting = false
    }
  }

  return {
    waiting,
    say: (text) => {
      setWaiting(waiting.length, {
        id: nextClientId(),
        command: { type: 'send_message', text },
        at: Date.now(),
        status: 'sending',
      })
      void start()
    },
    discard: remove,
    take: (id, begun) => {
      const refused = unwrap(waiting).find((item) => item.id === id && item.status === 'refused')
      if (!refused) return null
      if (begun) {
        remove(id)
        return refused
      }
      replace({ id: refused.id, command: refused.command, at: refused.at, status: 'sending' })
      void start()
      return null
    },
    arrived: () => {
      if (started) remove(started)
      started = null
    },
  }
}

async function askToStart({ channel, visitor, page }: BeginningDeps, first: Pending): Promise<ConversationId> {
  const { url = null, title = null, referrer = null } = page() ?? {}
  const text = 'text' in first.command ? first.command.text : ''
  const source = { page: cut(url), title: cut(title), referrer: cut(referrer) }
  const body: NewWidgetConversation = { channel, clientId: first.id, text, source }
  const ask = (token: string) =>
    untilAnswered(() => api<StartedConversation>('POST', '/widget/v1/conversations', { token, body }))
  const answer = await ask(await visitor.token()).catch(async (error) => {
    if (!(error instanceof ApiProblem) || error.problem.status !== 401) throw error
    return ask(await visitor.renew())
  })
  if (!isConversationId(answer.id)) throw new Error('the server named a conversation that cannot be')
  return answer.id
}

const FACT_MAX = 2000

/** An empty referrer means that there is none. */
function cut(fact: string | null): string | null {
  return fact ? fact.slice(0, FACT_MAX) : null
}

function reasonOf(error: unknown): NonNullable<Pending['refusal']> {
  if (!(error instanceof ApiProblem))
    return { code: 'unreadable', message: 'This could not be sent. Try again in a moment.' }
  const { code, detail: message, retryAt } = error.problem
  return retryAt === undefined ? { code, message } : { code, message, retryAt }
}
