/** Settings → Senders: the addresses that a workspace writes from, and a mail server of its own. */
import { z } from 'zod'
import { Email } from './accounts.ts'

/**
 * How mail from an address leaves. `reply_to`: under the installation's own address, with this one for the answers,
 * because neither the mail service nor a server of the workspace may write in its name.
 */
export const SenderRoute = z.enum(['smtp', 'service', 'reply_to', 'none'])

export const Sender = z
  .strictObject({
    id: z.string(),
    address: z.string(),
    verifiedAt: z.int().nullable().describe('Null until the code that was mailed to it has been typed in.'),
    route: SenderRoute,
    createdAt: z.int(),
  })
  .meta({ id: 'Sender' })
export type Sender = z.infer<typeof Sender>
export const SenderList = z.strictObject({ list: z.array(Sender) }).meta({ id: 'SenderList' })
export const NewSender = z.strictObject({ address: Email }).meta({ id: 'NewSender' })
export const SenderCode = z
  .strictObject({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/, 'has six digits'),
  })
  .meta({ id: 'SenderCode' })

/** A name, not an address: an IP address has no certificate that could be checked. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

const smtp = {
  host: z.string().trim().toLowerCase().max(253).regex(HOST, 'is not the name of a server, like smtp.shop.example'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .refine((port) => port !== 25, 'has to be 465 or 587, or what your provider says: port 25 is closed to us'),
  security: z
    .enum(['tls', 'starttls'])
    .describe(
      '`tls` from the first byte (465), `starttls` after the greeting (587). Nothing is sent without encryption.',
    ),
  user: z.string().min(1).max(200),
}

export const Smtp = z
  .strictObject({ ...smtp, changedAt: z.int() })
  .meta({ id: 'Smtp', description: 'The password is kept encrypted and never shown again.' })
export type Smtp = z.infer<typeof Smtp>
export const SmtpSettings = z.strictObject({ smtp: z.union([Smtp, z.null()]) }).meta({ id: 'SmtpSettings' })
export const NewSmtp = z.strictObject({ ...smtp, password: z.string().min(1).max(500) }).meta({
  id: 'NewSmtp',
  description: "The password is asked for with every change: kept, it could be sent to a server of somebody's choice.",
})
export type NewSmtp = z.infer<typeof NewSmtp>

export const SmtpTest = z
  .strictObject({ outcome: z.enum(['accepted', 'refused', 'unknown']), reason: z.string().nullable(), to: z.string() })
  .meta({ id: 'SmtpTest', description: 'What became of a test mail; `reason` is a sentence.' })
export type SmtpTest = z.infer<typeof SmtpTest>
