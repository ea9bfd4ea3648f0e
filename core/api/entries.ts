/** Entries of a conversation as the API gives them; the same as on the sockets. */
import { z } from 'zod'
import { BAN_KINDS, BAN_SCOPES } from '../bans/ban.ts'
import { PRIORITIES, STATUSES } from '../conversation/entries.ts'
import { SCORES, SKINS } from '../conversation/score.ts'

export const PriorityName = z.enum(PRIORITIES)
export const BanKindName = z.enum(BAN_KINDS)
export const BanScopeName = z.enum(BAN_SCOPES)
export const StatusName = z.enum(STATUSES)

/** From 1, very bad, to 5, very good. */
export const ScoreValue = z.literal(SCORES)

const stamp = {
  n: z.int(),
  at: z.int(),
  author: z.string(),
  clientId: z.string().optional(),
}
const team = { ...stamp, after: z.int() }

export const EntrySchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...stamp,
      type: z.literal('message.created'),
      body: z.strictObject({
        text: z.string(),
        quote: z.int().optional(),
        editedAt: z.int().optional(),
        deletedAt: z.int().optional(),
      }),
    }),
    z.strictObject({
      ...stamp,
      type: z.literal('message.edited'),
      body: z.strictObject({ ref: z.int(), text: z.string() }),
    }),
    z.strictObject({ ...stamp, type: z.literal('message.deleted'), body: z.strictObject({ ref: z.int() }) }),
    z.strictObject({
      ...stamp,
      type: z.literal('conversation.status_changed'),
      body: z.strictObject({ from: StatusName.nullable(), to: StatusName, continues: z.string().optional() }),
    }),
    z.strictObject({
      ...stamp,
      type: z.literal('conversation.continued'),
      body: z.strictObject({ in: z.string() }),
    }),
    z.strictObject({ ...stamp, type: z.literal('agent.joined'), body: z.strictObject({ name: z.string() }) }),
    z.strictObject({ ...stamp, type: z.literal('transcript.sent'), body: z.strictObject({}) }),
    z.strictObject({
      ...stamp,
      type: z.literal('rating.prompted'),
      body: z.strictObject({ skin: z.enum(SKINS), until: z.int() }),
    }),
    z.strictObject({
      ...stamp,
      type: z.literal('rating.submitted'),
      body: z.strictObject({ prompt: z.int(), score: ScoreValue, comment: z.string().optional() }),
    }),
    z.strictObject({
      ...team,
      type: z.literal('note.created'),
      body: z.strictObject({
        text: z.string(),
        quote: z.union([z.int(), z.templateLiteral(['t', z.int()])]).optional(),
      }),
    }),
    z.strictObject({
      ...team,
      type: z.literal('conversation.assigned'),
      body: z.strictObject({ from: z.string().nullable(), to: z.string().nullable() }),
    }),
    z.strictObject({
      ...team,
      type: z.literal('conversation.priority_changed'),
      body: z.strictObject({ from: PriorityName, to: PriorityName }),
    }),
    z.strictObject({ ...team, type: z.literal('collaborator.added'), body: z.strictObject({ member: z.string() }) }),
    z.strictObject({ ...team, type: z.literal('collaborator.removed'), body: z.strictObject({ member: z.string() }) }),
    z.strictObject({ ...team, type: z.literal('conversation.deleted'), body: z.strictObject({}) }),
    z.strictObject({ ...team, type: z.literal('conversation.restored'), body: z.strictObject({}) }),
    z.strictObject({
      ...team,
      type: z.literal('transcript.requested'),
      body: z.strictObject({ request: z.int(), to: z.string(), from: z.string(), name: z.string() }),
    }),
    z.strictObject({ ...team, type: z.literal('transcript.retried'), body: z.strictObject({ request: z.int() }) }),
    z.strictObject({
      ...team,
      type: z.literal('transcript.settled'),
      body: z.strictObject({
        request: z.int(),
        to: z.string(),
        outcome: z.enum(['sent', 'failed', 'unknown']),
        reason: z.string().optional(),
        mayRetry: z.boolean().optional(),
      }),
    }),
    z.strictObject({
      ...team,
      type: z.literal('contact.banned'),
      body: z.strictObject({ by: z.string(), scope: BanScopeName, kind: BanKindName, until: z.int().nullable() }),
    }),
    z.strictObject({
      ...team,
      type: z.literal('contact.unbanned'),
      body: z.strictObject({ by: z.string(), scope: BanScopeName }),
    }),
    z.strictObject({ ...team, type: z.literal('rating.requested'), body: z.strictObject({}) }),
    z.strictObject({
      ...team,
      type: z.literal('rating.scored'),
      body: z.strictObject({ from: ScoreValue.nullable(), to: ScoreValue.nullable() }),
    }),
  ])
  .meta({ id: 'Entry', description: 'An entry with `after` is of the team log; visitors never receive one.' })
