/** Bans and blocks (BN1–BN5), as who may ban reads and changes them. */
import { z } from 'zod'
import { REASON_MAX } from '../bans/ban.ts'
import { ContactSummary } from './conversations.ts'
import { BanKindName, BanScopeName } from './entries.ts'

export const Ban = z
  .strictObject({
    id: z.string(),
    scope: BanScopeName,
    /** The id of a contact or a device, an address or a network in CIDR. */
    target: z.string(),
    kind: BanKindName,
    /** For the team alone; the visitor never learns of it. */
    reason: z.string(),
    /** BN5: who gives this address starts nothing either. */
    email: z.string().nullable(),
    /** Epoch milliseconds at which it lifts itself; null: never. */
    expiresAt: z.int().nullable(),
    createdAt: z.int(),
    /** Who did it, as an author: `agent:…` or `key:…`. */
    createdBy: z.string(),
    /** Whom it is about, where that is a contact or a device of one. */
    contact: ContactSummary.nullable(),
  })
  .meta({ id: 'Ban' })
export type Ban = z.infer<typeof Ban>

export const BanList = z.strictObject({ list: z.array(Ban), next: z.string().nullable() }).meta({ id: 'BanList' })
export type BanList = z.infer<typeof BanList>

export const BanListQuery = z.strictObject({
  /** In the name and address of the contact, the network, the reason. */
  search: z.string().max(100).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

const common = {
  reason: z.string().trim().max(REASON_MAX).default(''),
  expiresAt: z.int().min(1).nullable().default(null),
  /** The conversation that it is done from: its team reads of it there. */
  conversation: z.string().max(64).optional(),
}

/** Of a contact: replaces the one that is in force. */
export const ContactBan = z.strictObject({ kind: BanKindName, ...common }).meta({ id: 'ContactBan' })
export type ContactBan = z.infer<typeof ContactBan>

export const NewBan = z
  .strictObject({
    scope: z.enum(['device', 'network']),
    /**
     * The id of a device; or an address, or a network in CIDR, from which nothing at all is answered then. Left out:
     * the address from which the visitor of `conversation` is here now.
     */
    target: z.string().max(64).optional(),
    /** Of a device. A network is always blocked. */
    kind: BanKindName.optional(),
    /** Also a network in which the address lies that this request comes from. */
    evenMine: z.boolean().optional(),
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
