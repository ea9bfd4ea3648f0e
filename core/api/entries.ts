/** Entries of a conversation as the API gives them; the same as on the sockets. */
import { z } from 'zod'
import { BAN_KINDS, BAN_SCOPES } from '../bans/ban.ts'
import { PRIORITIES, STATUSES } from '../conversation/entries.ts'
import { SCORES, SKINS } from '../conversation/score.ts'

export const PriorityName = z.enum(PRIORITIES)
export const BanKindName = z.enum(BAN_KINDS)
export const BanScopeName = z.enum(BAN_SCOPES)
export const StatusName = z.enum(STATUSES)

/** Said again for the document, whose generator takes the first of several literals for all of them. */
export const ScoreValue = z
  .literal(SCORES)
  .meta({ type: 'integer', enum: [...SCORES], description: 'From 1, very bad, to 5, very good.' })

/** MS1: the limit is a rule of the conversation, not of the shape. */
export const MessageText = z.string().describe('1 to 2,000 characters (code points), not all of them blank.')

/** An entry that is quoted: of the visitor's half by its number, of the team's like `t3`. */
export const NoteQuote = z.union(
  [z.int().min(1), z.templateLiteral(['t', z.int()])],
  'is the number of an entry, or like t3 for one of the team',
)

const stamp = {
  n: z.int().describe('Its number: dense from 1 in its half of the log, of the visitor or of the team.'),
  at: z.int().describe('Epoch milliseconds.'),
  author: z
    .string()
    .describe(
      '`visitor:` and a device, `agent:` and a member, `key:` and a program, `assistant:` and its id, or `system`.',
    ),
  clientId: z
    .string()
    .optional()
    .describe('The id under which it was sent; of what the team wrote, told to the team alone.'),
}
const team = {
  ...stamp,
  after: z.int().describe("The entry of the visitor's half that it comes after. Only entries of the team have it."),
}

const messageRef = z.int().describe('The number of the message that is changed.')

export const EntrySchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...stamp,
      type: z.literal('message.created'),
      body: z.strictObject({
        text: z.string().describe('What it says by now; empty once it was deleted.'),
        quote: z.int().optional().describe('The number of the entry that it quotes.'),
        editedAt: z.int().optional().describe('When it was last edited.'),
        deletedAt: z.int().optional().describe('When it was deleted.'),
      }),
    }),
    z.strictObject({
      ...stamp,
      type: z.literal('message.edited'),
      body: z.strictObject({ ref: messageRef, text: z.string().describe('What the message says now.') }),
    }),
    z.strictObject({ ...stamp, type: z.literal('message.deleted'), body: z.strictObject({ ref: messageRef }) }),
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
        quote: NoteQuote.optional(),
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
      body: z.strictObject({ from: z.union([ScoreValue, z.null()]), to: z.union([ScoreValue, z.null()]) }),
    }),
  ])
  .meta({ id: 'Entry', description: 'An entry with `after` is of the team log; visitors never receive one.' })
