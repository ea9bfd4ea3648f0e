/** Bans and blocks (BN1–BN5), as who may ban reads and changes them. */
import { z } from 'zod'
import { REASON_MAX } from '../bans/ban.ts'
import { ContactSummary } from './conversations.ts'
import { BanKindName, BanScopeName } from './entries.ts'

export const Ban = z
  .strictObject({
    id: z.string(),
    scope: BanScopeName,
    target: z.string().describe('The id of a contact or a device, an address or a network in CIDR.'),
    kind: BanKindName,
    reason: z.string().describe('For the team alone; the visitor never learns of it.'),
    email: z.string().nullable().describe('Who gives this address starts nothing either.'),
    expiresAt: z.int().nullable().describe('Epoch milliseconds at which it lifts itself; null: never.'),
    createdAt: z.int(),
    createdBy: z.string().describe('Who did it, as an author: `agent:…` or `key:…`.'),
    contact: z
      .union([ContactSummary, z.null()])
      .describe('Whom it is about, where that is a contact or a device of one.'),
  })
  .meta({ id: 'Ban' })
export type Ban = z.infer<typeof Ban>

export const BanList = z.strictObject({ list: z.array(Ban), next: z.string().nullable() }).meta({ id: 'BanList' })
export type BanList = z.infer<typeof BanList>

export const BanListQuery = z.strictObject({
  search: z.string().max(100).optional().describe('In the name and address of the contact, the network, the reason.'),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

const common = {
  reason: z.string().trim().max(REASON_MAX).default(''),
  expiresAt: z.int().min(1).nullable().default(null),
  conversation: z
    .string()
    .max(64)
    .optional()
    .describe('The conversation that it is done from: its team reads of it there.'),
}

export const ContactBan = z
  .strictObject({ kind: BanKindName, ...common })
  .meta({ id: 'ContactBan', description: 'Of a contact: replaces the one that is in force.' })
export type ContactBan = z.infer<typeof ContactBan>

export const NewBan = z
  .strictObject({
    scope: z.enum(['device', 'network']),
    target: z
      .string()
      .max(64)
      .optional()
      .describe(
        'The id of a device; or an address, or a network in CIDR, from which nothing at all is answered then. ' +
          'Left out: the address from which the visitor of `conversation` is here now.',
      ),
    kind: BanKindName.optional().describe('Of a device. A network is always blocked.'),
    evenMine: z.boolean().optional().describe('Also a network in which the address lies that this request comes from.'),
    ...common,
  })
  .refine(({ scope, kind }) => scope === 'network' || kind !== undefined, { path: ['kind'], message: 'is missing' })
  .refine(({ scope, kind }) => scope === 'device' || kind !== 'ban', {
    path: ['kind'],
    message: 'is always block where the scope is network',
  })
  .refine(
    ({ scope, target, conversation }) => target !== undefined || (scope === 'network' && conversation !== undefined),
    { path: ['target'], message: 'is missing' },
  )
  .meta({ id: 'NewBan' })
export type NewBan = z.infer<typeof NewBan>
