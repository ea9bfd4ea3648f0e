/** What the visitor's widget asks over HTTP. */
import { z } from 'zod'
import { CLIENT_ID } from '../ids.ts'
import { ClientIdSchema } from '../protocol/frames.ts'
import { Email, PersonName } from './accounts.ts'
import { MessageText, StatusName } from './entries.ts'

export const NewWidgetSession = z
  .strictObject({
    channel: z.string().max(64),
    token: z
      .string()
      .max(2000)
      .optional()
      .describe('A token from before; answered with the same visitor while it is valid.'),
  })
  .meta({ id: 'NewWidgetSession' })

export const WidgetSession = z
  .strictObject({
    token: z.string(),
    you: z.string().describe("The visitor's own author, as it stands on their entries."),
    workspace: z.string(),
    renewed: z.boolean(),
    colour: z.string(),
    greeting: z.string(),
    email: z.string().nullable().describe("The visitor's email, if they gave it."),
  })
  .meta({ id: 'WidgetSession' })
export type WidgetSession = z.infer<typeof WidgetSession>

export const WidgetConversation = z
  .strictObject({
    id: z.string(),
    status: StatusName,
    startedAt: z.int(),
    lastMessageAt: z.int(),
    lastMessage: z.strictObject({ author: z.string(), text: z.string(), at: z.int() }).nullable(),
    unread: z.int().describe('Messages of the team that the visitor has not seen.'),
  })
  .meta({ id: 'WidgetConversation', description: 'One conversation of the visitor, as they may see it.' })
export type WidgetConversation = z.infer<typeof WidgetConversation>
export const WidgetConversationList = z
  .strictObject({ list: z.array(WidgetConversation) })
  .meta({ id: 'WidgetConversationList' })

export const WidgetContact = z
  .strictObject({ email: Email, name: PersonName.optional() })
  .meta({ id: 'WidgetContact', description: 'What a visitor tells of themself; shown to agents as unverified.' })

export const BadgeToken = z.strictObject({ badge: z.string() }).meta({
  id: 'BadgeToken',
  description: '`badge` opens nothing but one number; the loader may keep it on the host page.',
})
export const Badge = z.strictObject({ unread: z.int() }).meta({ id: 'Badge' })

const fact = z.string().max(2000).nullable()

export const NewWidgetConversation = z
  .strictObject({
    channel: z.string().max(64),
    clientId: ClientIdSchema.meta({ pattern: CLIENT_ID.source }),
    text: MessageText,
    source: z.strictObject({ page: fact, title: fact, referrer: fact }),
    continues: z
      .string()
      .max(64)
      .optional()
      .describe('A conversation of the same visitor that was closed for good: the new one continues it.'),
  })
  .meta({ id: 'NewWidgetConversation' })
export type NewWidgetConversation = z.infer<typeof NewWidgetConversation>

export const StartedConversation = z.strictObject({ id: z.string() }).meta({ id: 'StartedConversation' })
export type StartedConversation = z.infer<typeof StartedConversation>
