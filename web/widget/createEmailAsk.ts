import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import type { Visit } from './createVisit.ts'
import type { EmailCard } from './EmailCard.tsx'
import type { Keep } from './keep.ts'

export interface EmailAsk {
  /** The card that asks, once it is time to. */
  card: Accessor<typeof EmailCard | null>
  skip(): void
}

const PATIENCE_MS = 30_000

/** Asks once for an email: when nobody answers the first message for a while, or with the second. */
export function createEmailAsk(visit: Visit, keep: Keep): EmailAsk {
  const [card, setCard] = createSignal<typeof EmailCard | null>(null)
  // Loaded when it is time: most who open the chat are never asked. Who cannot load it is asked another time.
  const ask = () => void import('./cards.ts').then((loaded) => setCard(() => loaded.EmailCard)).catch(() => {})
  createEffect(() => {
    const talk = visit.talk()
    if (card() || keep.read().asked || visit.visitor.email() !== null || !talk?.loaded()) return
    const messages = talk.entries.filter(({ type }) => type === 'message.created')
    const own = messages.filter(({ author }) => author === talk.you())
    if (talk.state.public.status === 'closed' || own.length === 0) return
    if (own.length === 1 && own.length < messages.length) return
    const timer = setTimeout(ask, own.length > 1 ? 0 : PATIENCE_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return {
    card,
    skip: () => {
      keep.write({ asked: true })
      setCard(null)
    },
  }
}
