/** What the visitor's widget asks over HTTP. */
import { z } from 'zod'
import { ClientIdSchema } from '../protocol/frames.ts'

export const NewWidgetSession = z
  .strictObject({
    channel: z.string().max(64),
    /** A token from before; answered with the same visitor while it is valid. */
    token: z.string().max(2000).optional(),
  })
  .meta({ id: 'NewWidgetSession' })

export const WidgetSession = z
  .strictObject({
    token: z.string(),
    /** The visitor's own author, as it stands on their entries. */
    you: z.string(),
    workspace: z.string(),
    renewed: z.boolean(),
  })
  .meta({ id: 'WidgetSession' })
export type WidgetSession = z.infer<typeof WidgetSession>

const fact = z.string().max(2000).nullable()

export const NewWidgetConversation = z
  .strictObject({
    channel: z.string().max(64),
    clientId: ClientIdSchema,
    text: z.string(),
    source: z.strictObject({ page: fact, title: fact, referrer: fact }),
  })
  .meta({ id: 'NewWidgetConversation' })
export type NewWidgetConversation = z.infer<typeof NewWidgetConversation>

export const StartedConversation = z.strictObject({ id: z.string() }).meta({ id: 'StartedConversation' })
export type StartedConversation = z.infer<typeof StartedConversation>
