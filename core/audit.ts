/**
 * What the audit log tells of (PR3): a closed list. Each action says what it is about and, after the dot, what happened
 * to it, as a past fact.
 */
export const AUDIT_ACTIONS = [
  'workspace.created',
  'member.joined',
  'member.renamed',
  'member.role_changed',
  'member.disabled',
  'member.enabled',
  'member.reset_issued',
  'member.reset_requested',
  'member.password_set',
  'member.signed_out',
  'invitation.created',
  'invitation.revoked',
  'group.created',
  'group.changed',
  'group.deleted',
  'key.created',
  'key.revoked',
  'sender.added',
  'sender.verified',
  'sender.removed',
  'smtp.changed',
  'smtp.removed',
  'ban.placed',
  'ban.lifted',
  'channel.created',
  'channel.changed',
  'channel.policy_changed',
  'workspace.policy_changed',
  'conversation.deleted',
  'report.exported',
] as const

export type AuditAction = (typeof AUDIT_ACTIONS)[number]

type KindOf<Action> = Action extends `${infer Kind}.${string}` ? Kind : never
/** What an action is about: the part before its dot. */
export type AuditKind = KindOf<AuditAction>

export const AUDIT_KINDS = [
  'member',
  'invitation',
  'group',
  'key',
  'sender',
  'smtp',
  'ban',
  'channel',
  'conversation',
  'report',
  'workspace',
] as const satisfies readonly AuditKind[]
