/** Entries of a conversation as the API gives them; the same as on the sockets. */
import { z } from 'zod'

export const StatusName = z.enum(['active_ai', 'waiting_human', 'active_human', 'awaiting_offline_info', 'closed'])

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
      body: z.strictObject({ text: z.string(), quote: z.int().optional() }),
    }),
    z.strictObject({
      ...stamp,
      type: z.literal('conversation.status_changed'),
      body: z.strictObject({ from: StatusName.nullable(), to: StatusName }),
    }),
    z.strictObject({ ...stamp, type: z.literal('agent.joined'), body: z.strictObject({ name: z.string() }) }),
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
  ])
  .meta({ id: 'Entry', description: 'An entry with `after` is of the team log; visitors never receive one.' })
