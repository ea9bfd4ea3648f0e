import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import { api } from '../lib/api.ts'
import type { Visit } from './createVisit.ts'
import type { Keep } from './keep.ts'
import { untilAnswered } from './untilAnswered.ts'

export interface EmailAsk {
  stage: Accessor<'hidden' | 'asking' | 'thanks'>
  /** Rejects with an `ApiProblem`; the card keeps what was typed. */
  give(email: string): Promise<void>
  skip(): void
}

const PATIENCE_MS = 30_000

/** Asks once for an email: when nobody answers the first message for a while, or with the second. */
export function createEmailAsk(visit: Visit, keep: Keep): EmailAsk {
  const [stage, setStage] = createSignal<ReturnType<EmailAsk['stage']>>('hidden')
  const close = (): void => {
    keep.write({ asked: true })
    setStage('hidden')
  }
  createEffect(() => {
    const talk = visit.talk()
    if (stage() !== 'hidden' || keep.read().asked || visit.visitor.email() !== null || !talk?.loaded()) return
    const messages = talk.entries.filter(({ type }) => type === 'message.created')
    const own = messages.filter(({ author }) => author === talk.you())
    if (talk.state.public.status === 'closed' || own.length === 0) return
    if (own.length === 1 && own.length < messages.length) return
    const timer = setTimeout(() => setStage('asking'), own.length > 1 ? 0 : PATIENCE_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return {
    stage,
    give: async (email) => {
      const token = await visit.visitor.token()
      // Who has only just written is not known to the database yet: then the answer is "later".
      await untilAnswered(() => api('PUT', '/widget/v1/contact', { token, body: { email } }))
      keep.write({ asked: true })
      setStage('thanks')
    },
    skip: close,
  }
}
