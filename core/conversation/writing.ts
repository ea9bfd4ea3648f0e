/**
 * What anybody writes into a conversation:
 * a text that can be sent (MS1), and a quote of something that is there (MS4).
 */
import type { RefusalCode } from '../refusals.ts'
import type { EntryRef } from './entries.ts'
import type { ConversationRecord } from './record.ts'
import { normaliseText, textFault } from './text.ts'

/** Refusals: `message_blank`, `message_too_long`. @param use gets the text as it is stored */
export function withText<Outcome>(raw: string, use: (text: string) => Outcome): Outcome | RefusalCode {
  const text = normaliseText(raw)
  return textFault(text) ?? use(text)
}

/** Refusals: `quote_not_found`. */
export function quoted<Outcome>(
  record: ConversationRecord,
  quote: number | undefined,
  use: () => Outcome,
): Outcome | RefusalCode {
  return quote === undefined || quote <= record.public.head ? use() : 'quote_not_found'
}

/** Whether a note may quote this: something of either log. */
export function noteQuotes(record: ConversationRecord, quote: EntryRef | undefined): boolean {
  if (quote === undefined) return true
  const n = typeof quote === 'number' ? quote : Number(quote.slice(1))
  return n >= 1 && n <= (typeof quote === 'number' ? record.public : record.team).head
}
