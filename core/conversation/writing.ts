/**
 * What anybody writes into a conversation:
 * a text that can be sent (MS1), and a quote of something that is there (MS4).
 */
import type { RefusalCode } from '../refusals.ts'
import type { Command, Verdict } from './command.ts'
import type { EntryRef } from './entries.ts'
import { said } from './moves.ts'
import type { ConversationRecord } from './record.ts'
import { normaliseText, textFault } from './text.ts'

/** Refusals: `message_blank`, `message_too_long`. @param use gets the text as it is stored */
export function withText<Outcome>(raw: string, use: (text: string) => Outcome): Outcome | RefusalCode {
  const text = normaliseText(raw)
  return textFault(text) ?? use(text)
}

/**
 * A message to whoever hears the public log. Refusals: those of its text, `quote_not_found`, and what `before` refuses.
 * @param before what happens first, or why nothing does
 */
export function saying(
  record: ConversationRecord,
  { text: raw, quote }: Extract<Command, { type: 'send_message' }>,
  before: () => Verdict,
): Verdict {
  return withText<Verdict>(raw, (text) => {
    if (quote !== undefined && quote > record.public.head) return 'quote_not_found'
    const moves = before()
    return Array.isArray(moves) ? [...moves, said(text, quote)] : moves
  })
}

/** Whether a note may quote this: something of either log. */
export function noteQuotes(record: ConversationRecord, quote: EntryRef | undefined): boolean {
  if (quote === undefined) return true
  const n = typeof quote === 'number' ? quote : Number(quote.slice(1))
  return n >= 1 && n <= (typeof quote === 'number' ? record.public : record.team).head
}
