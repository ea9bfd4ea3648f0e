/**
 * Mail that Foyer sends in its own name: links and codes. What composes and sends is loaded with the first mail: nobody
 * who chats waits for it.
 */
import { newId } from '../ids.ts'
import { isAddress } from './faults.ts'
import type { Mail } from './mail.ts'
import type { MailOutcome } from './transport.ts'

/** The address of this installation, or null where none was set: then nothing is mailed, and links are shown. */
export function systemAddress(env: Env): string | null {
  const address = env.MAIL_FROM?.trim() ?? ''
  return isAddress(address) ? address : null
}

/** What a mail says, whoever gets it. */
export type Letter = Pick<Mail, 'subject' | 'text' | 'html'>

/** Sends a letter to somebody; refused where this installation has no address of its own. */
export async function sendLetter(env: Env, to: string, letter: Letter, now: number): Promise<MailOutcome> {
  const from = systemAddress(env)
  if (from === null) return { outcome: 'refused', reason: 'This installation sends no mail.', permanent: true }
  const { platformTransport, post } = await import('./post.ts')
  return post(letterFrom({ address: from, name: 'Foyer' }, to, letter, now), platformTransport(env))
}

/** A letter as a mail of its own. */
export function letterFrom(from: Mail['from'], to: string, letter: Letter, now: number): Mail {
  return {
    from,
    to: { address: to },
    ...letter,
    // Nobody's machine answers that its owner is on holiday.
    headers: { 'Auto-Submitted': 'auto-generated' },
    id: newId('ml'),
    at: now,
  }
}
