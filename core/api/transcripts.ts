/** Transcripts by mail (TR1), and the documents themselves (TR9). */
import { z } from 'zod'
import { ClientIdSchema } from '../protocol/frames.ts'
import { Email, PersonName } from './accounts.ts'

export const NewTranscript = z
  .strictObject({
    to: Email,
    from: Email.describe('A verified address of the workspace, from Settings → Senders.'),
    name: PersonName.describe('Shown as the sender.'),
    clientId: ClientIdSchema.optional(),
    retry: z.boolean().optional(),
  })
  .meta({ id: 'NewTranscript' })
export type NewTranscript = z.infer<typeof NewTranscript>

export const TranscriptRequest = z
  .strictObject({
    request: z.int().describe('Counts from 1 within the conversation.'),
    to: z.string(),
    from: z.string(),
    name: z.string(),
    by: z.string().describe('Who asked.'),
    at: z.int().describe('When; the transcript holds what had been said until then.'),
    state: z
      .enum(['pending', 'running', 'done', 'failed', 'unknown'])
      .describe('`unknown`: it may have arrived, and is not sent again by itself.'),
    reason: z.string().nullable().describe('Why it failed, is unknown, or was not sent at the first try.'),
    mayRetry: z.boolean(),
  })
  .meta({ id: 'TranscriptRequest' })
export type TranscriptRequest = z.infer<typeof TranscriptRequest>
export const TranscriptList = z.strictObject({ list: z.array(TranscriptRequest) }).meta({ id: 'TranscriptList' })
export type TranscriptList = z.infer<typeof TranscriptList>

/** Without anything it is all that was said, to be looked at. */
export const DocumentQuery = z.strictObject({
  as: z
    .enum(['mail'])
    .optional()
    .describe('As it would be mailed: of a very long conversation the end, with a link to all of it.'),
  download: z.enum(['1']).optional(),
})
