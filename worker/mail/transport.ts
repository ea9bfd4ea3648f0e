/**
 * The port through which mail leaves. A transport tries once and says what it knows: that it was taken, that it
 * certainly was not, or that nobody can tell. Only who asked for the mail decides whether to try again (TR6).
 */
import type { ComposedMail } from './mail.ts'

export type MailOutcome =
  | { outcome: 'accepted' }
  /** Certainly not sent. `permanent`: the same mail would be refused again. `reason` is a sentence for people. */
  | { outcome: 'refused'; reason: string; permanent: boolean }
  /** It may have been sent: the other side fell silent after it had all of it. */
  | { outcome: 'unknown'; reason: string }

export interface MailTransport {
  /** Never throws: what goes wrong is an outcome. */
  send(mail: ComposedMail): Promise<MailOutcome>
}
