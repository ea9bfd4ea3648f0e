/**
 * How a workspace's own mail leaves: by its server,
 * by the mail service, or in Foyer's name with its address for answers.
 */
import type { Sender } from '../../core/api/senders.ts'
import { unseal } from '../auth/sealed.ts'
import { readSmtp } from '../db/senders.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Mail, Mailbox } from './mail.ts'
import { systemAddress } from './systemMail.ts'
import type { MailTransport } from './transport.ts'

/** What the password of a workspace's mail server is sealed for. */
export const smtpPlace = (workspace: string) => `smtp ${workspace}`

/** The way that mail from an address takes. @param hasSmtp whether the workspace has a mail server of its own */
export function routeOf(env: Env, address: string, hasSmtp: boolean): Sender['route'] {
  if (hasSmtp) return 'smtp'
  const system = systemAddress(env)
  if (system === null) return 'none'
  return [domainOf(system), ...listed(env.MAIL_DOMAINS)].includes(domainOf(address)) ? 'service' : 'reply_to'
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
const listed = (domains = '') =>
  domains
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)

/** Who a mail is from, and how it leaves. */
export interface WayOut {
  from: Mailbox
  replyTo?: Mailbox
  transport: MailTransport
}

/**
 * The way out for mail from a verified address of the workspace.
 * @returns null where there is none: no server of its own, and no address of this installation
 */
export async function wayOut(env: Env, workspace: Workspace, sender: Mailbox): Promise<WayOut | null> {
  const server = await smtpOf(env, workspace)
  const route = routeOf(env, sender.address, server !== null)
  if (server) return { from: sender, transport: server }
  const system = systemAddress(env)
  if (system === null) return null
  const { platformTransport } = await import('./post.ts')
  const transport = platformTransport(env)
  if (route === 'service') return { from: sender, transport }
  return { from: { ...sender, address: system }, replyTo: sender, transport }
}

/** The workspace's own mail server, or null. One whose password can no longer be read refuses every mail. */
export async function smtpOf(env: Env, workspace: Workspace): Promise<MailTransport | null> {
  const kept = await readSmtp(workspace)
  if (!kept) return null
  const password = await unseal(env.ID_SECRET, smtpPlace(workspace.id), kept.password)
  if (password === null) return UNREADABLE
  const { keepingCopies } = await import('./post.ts')
  const { smtp } = await import('./smtp/smtp.ts')
  return keepingCopies(env, smtp({ ...kept, password }, new URL(env.BASE_URL).hostname))
}

const UNREADABLE: MailTransport = {
  send: async () => ({
    outcome: 'refused',
    reason: 'The password of the mail server can no longer be read. Enter it again in Settings → Senders.',
    permanent: true,
  }),
}

/** Composes and sends by a way out. */
export async function sendBy(way: WayOut, mail: Omit<Mail, 'from' | 'replyTo'>) {
  const { post } = await import('./post.ts')
  const { transport, ...ends } = way
  return post({ ...mail, ...ends }, transport)
}
