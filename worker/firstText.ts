/**
 * The text that begins a conversation, looked at before anything else. The conversation decides on it again; here so
 * that for one that cannot be said nothing comes into being, and no limit is spent.
 */
import { normaliseText, textFault } from '../core/conversation/text.ts'
import { refusal } from '../core/refusals.ts'
import { refused } from './problem.ts'

/** MS1. @throws Problem `message_blank`, `message_too_long` */
export function refuseUnsayable(text: string): void {
  const fault = textFault(normaliseText(text))
  if (fault) throw refused(refusal(fault))
}
