/** Installation, sessions, members, invitations and password resets. */
import { z } from 'zod'
import { isBlank } from '../conversation/text.ts'
import { RIGHTS } from '../rights.ts'
import { websiteOrigin } from '../website.ts'

export const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase())
export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((name) => !/\p{Cc}/u.test(name) && !isBlank(name), 'has characters that cannot be shown')
export const PASSWORD_MIN = 10
export const Password = z.string().min(PASSWORD_MIN).max(200)
/** 256 random bits in base64url: the secret part of a link. */
export const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{20,100}$/)
export const RoleName = z.enum(['owner', 'admin', 'agent'])
/** An owner is made by the installation alone. */
export const InvitedRole = z.enum(['admin', 'agent'])

export const TimeZone = z.string().min(1).max(64).refine(isTimeZone, 'is not a time zone')

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The address of a website, reduced to its origin: `https://shop.example`. */
export const Website = z
  .string()
  .trim()
  .max(300)
  .transform((text, context) => {
    const parsed = websiteOrigin(text)
    if ('origin' in parsed) return parsed.origin
    context.addIssue({ code: 'custom', message: parsed.fault })
    return z.NEVER
  })

export const Installation = z
  .strictObject({ setUp: z.boolean(), mail: z.boolean() })
  .meta({ id: 'Installation', description: '`mail`: it sends mail, so that links need not be handed over.' })

export const NewInstallation = z
  .strictObject({
    token: LinkToken,
    owner: z.strictObject({ name: PersonName, email: Email, password: Password }),
    workspace: z.strictObject({ name: PersonName, timeZone: TimeZone }),
    website: Website,
  })
  .meta({ id: 'NewInstallation' })
export type NewInstallation = z.infer<typeof NewInstallation>

export const Credentials = z
  .strictObject({ email: Email, password: z.string().min(1).max(200) })
  .meta({ id: 'Credentials' })

export const Session = z
  .strictObject({
    user: z.strictObject({ id: z.string(), name: z.string(), email: z.string() }),
    memberships: z.array(
      z.strictObject({
        workspace: z.strictObject({ id: z.string(), name: z.string(), timeZone: z.string() }),
        member: z.string(),
        name: z.string().describe('The display name in this workspace.'),
        role: RoleName,
        rights: z.array(z.enum(RIGHTS)).describe('By role and groups together.'),
      }),
    ),
    expiresAt: z.int(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const Member = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: RoleName,
    createdAt: z.int(),
    available: z.boolean().describe('The switch; whether somebody is there is told on the inbox socket.'),
    disabledAt: z.int().nullable(),
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>
export const MemberChange = z.strictObject({ role: RoleName.optional(), disabled: z.boolean().optional() }).meta({
  id: 'MemberChange',
  description: 'By an administrator. The last owner can neither be disabled nor become anything else.',
})
export const ProfileChange = z
  .strictObject({ name: PersonName.optional(), available: z.boolean().optional() })
  .meta({ id: 'ProfileChange', description: 'By oneself.' })
export const NewWorkspace = z.strictObject({ name: PersonName, timeZone: TimeZone }).meta({ id: 'NewWorkspace' })
export const MemberList = z.strictObject({ list: z.array(Member) }).meta({ id: 'MemberList' })

export const Invitation = z
  .strictObject({ id: z.string(), email: z.string(), role: InvitedRole, createdAt: z.int(), expiresAt: z.int() })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>
export const InvitationList = z.strictObject({ list: z.array(Invitation) }).meta({ id: 'InvitationList' })
export const NewInvitation = z.strictObject({ email: Email, role: InvitedRole }).meta({ id: 'NewInvitation' })
export const IssuedInvitation = z.strictObject({ invitation: Invitation, link: z.string(), mailed: z.boolean() }).meta({
  id: 'IssuedInvitation',
  description: '`link` is shown once: only its hash is kept. `mailed`: it is on its way to who is invited.',
})

export const TokenOnly = z.strictObject({ token: LinkToken }).meta({ id: 'TokenOnly' })
export const InvitationPreview = z
  .strictObject({ email: z.string(), workspace: z.string(), hasAccount: z.boolean(), expiresAt: z.int() })
  .meta({
    id: 'InvitationPreview',
    description: '`hasAccount`: the invited person signs in with the password they have instead of choosing one.',
  })
export const InvitationAcceptance = z
  .strictObject({ token: LinkToken, name: PersonName, password: Password })
  .meta({ id: 'InvitationAcceptance' })

export const PasswordResetRequest = z.strictObject({ email: Email }).meta({ id: 'PasswordResetRequest' })
export const IssuedReset = z.strictObject({ link: z.string(), expiresAt: z.int() }).meta({ id: 'IssuedReset' })
export const PasswordReset = z.strictObject({ token: LinkToken, password: Password }).meta({ id: 'PasswordReset' })
