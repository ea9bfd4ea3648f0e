import { z } from 'zod'
import { AUDIT_KINDS } from '../audit.ts'

export const AuditEntry = z
  .strictObject({
    id: z.string(),
    at: z.int(),
    actor: z.string().describe('Who did it, as an author: `agent:…`, `key:…` or `system`.'),
    actorName: z.string().nullable(),
    action: z.string().describe('Past facts with a dot: `member.role_changed`. More of them come with time.'),
    subject: z.string().nullable(),
    subjectName: z.string().nullable(),
    detail: z
      .record(z.string(), z.unknown())
      .describe('What more there is to say, by action. Never a secret, never the text of a message.'),
  })
  .meta({
    id: 'AuditEntry',
    description: 'Actor and subject are ids; their names are those of now, or the one that was kept with the entry.',
  })
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditLog = z
  .strictObject({ list: z.array(AuditEntry), next: z.string().nullable() })
  .meta({ id: 'AuditLog' })
export type AuditLog = z.infer<typeof AuditLog>

export const AuditLogQuery = z.strictObject({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  member: z.string().max(64).optional().describe('Only what this member did, or what was done to them.'),
  kind: z.enum(AUDIT_KINDS).optional(),
})
