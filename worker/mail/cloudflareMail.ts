/**
 * Cloudflare's Email Service, by its binding.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/ (its codes; read in November 2026)
 */
import { EmailMessage } from 'cloudflare:email'
import { within } from '../within.ts'
import type { MailOutcome, MailTransport } from './transport.ts'

const ANSWER_MS = 30_000

/** What each code means for who wanted to send, and whether the same mail would be refused again. */
const REFUSALS: Record<string, readonly [reason: string, permanent: boolean]> = {
  E_SENDER_NOT_VERIFIED: ['The mail service does not know the sender’s domain.', true],
  E_SENDER_DOMAIN_NOT_AVAILABLE: ['The mail service does not know the sender’s domain.', true],
  E_RECIPIENT_NOT_ALLOWED: ['The mail service may not send to this address.', true],
  E_RECIPIENT_SUPPRESSED: ['This address bounced or complained before, so the mail service does not send to it.', true],
  E_TOO_MANY_RECIPIENTS: ['The mail service refused the mail: it has too many recipients.', true],
  E_CONTENT_TOO_LARGE: ['The mail is larger than the mail service takes.', true],
  E_DELIVERY_FAILED: ['The recipient’s mail server refused the mail.', true],
  E_RATE_LIMIT_EXCEEDED: ['The mail service takes no more at the moment.', false],
  E_DAILY_LIMIT_EXCEEDED: ['The mail service takes no more today.', false],
}
/** The mail itself was found to be wrong before anything was done with it. */
const MALFORMED = /^E_(VALIDATION_ERROR|FIELD_MISSING|HEADER.*)$/

/** @param answerMs how long the service may take; silence is no answer, so the outcome is then unknown */
export function cloudflareMail(binding: SendEmail, answerMs = ANSWER_MS): MailTransport {
  return {
    async send({ from, to, raw }) {
      try {
        const sent = binding.send(new EmailMessage(from, to, raw)).then(accepted, outcomeOf)
        return await within(answerMs, sent, silence)
      } catch (error) {
        // The message could not even be made: nothing has left.
        return { outcome: 'refused', reason: `The mail could not be handed over: ${String(error)}`, permanent: true }
      }
    },
  }
}

const accepted = (): MailOutcome => ({ outcome: 'accepted' })
const silence = (): MailOutcome => ({ outcome: 'unknown', reason: 'The mail service did not answer in time.' })

function outcomeOf(error: unknown): MailOutcome {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const known = REFUSALS[code]
  if (known) return { outcome: 'refused', reason: known[0], permanent: known[1] }
  if (MALFORMED.test(code)) {
    return { outcome: 'refused', reason: `The mail service refused the mail (${code}).`, permanent: true }
  }
  // An inner error, or one without a code: whether the mail was taken before it is not said.
  return { outcome: 'unknown', reason: `The mail service failed${code ? ` (${code})` : ''}.` }
}
