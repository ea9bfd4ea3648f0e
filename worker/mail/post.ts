/** The way of a mail from what is meant to who carries it. */
import { cloudflareMail } from './cloudflareMail.ts'
import { compose } from './compose.ts'
import type { MailFault } from './faults.ts'
import { keptLocally } from './localMailbox.ts'
import type { Mail } from './mail.ts'
import type { MailOutcome, MailTransport } from './transport.ts'

/** How mail leaves by the platform. On one's own machine it goes into the mailbox, and no further. */
export function platformTransport(env: Env): MailTransport {
  return LOCAL ? keptLocally(env.DB, NOWHERE) : cloudflareMail(env.MAIL)
}

const NOWHERE: MailTransport = { send: async () => ({ outcome: 'accepted' }) }

/** A transport of a workspace's own; on one's own machine with a copy in the mailbox. */
export function keepingCopies(env: Env, transport: MailTransport): MailTransport {
  return LOCAL ? keptLocally(env.DB, transport) : transport
}

/** Composes and sends. What cannot be composed is refused like what nobody takes. */
export async function post(mail: Mail, transport: MailTransport): Promise<MailOutcome> {
  const composed = await compose(mail)
  if (composed.ok) return transport.send(composed.mail)
  return { outcome: 'refused', reason: reasonOf(composed.fault), permanent: true }
}

function reasonOf({ part, code }: MailFault): string {
  if (code === 'too_large') return 'The mail is too large to be sent.'
  return `The mail could not be put together: ${part} is ${code.replaceAll('_', ' ')}.`
}
