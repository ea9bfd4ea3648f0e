/** Transcripts by mail (TR1), and the documents themselves (TR9). */
import { z } from 'zod'
import { ClientIdSchema } from '../protocol/frames.ts'
import { Email, PersonName } from './accounts.ts'

export const NewTranscript = z
  .strictObject({
    to: Email,
    /** A verified address of the workspace, from Settings → Senders. */
    from: Email,
    /** Shown as the sender. */
    name: PersonName,
    clientId: ClientIdSchema.optional(),
    retry: z.boolean().optional(),
  })
  .meta({ id: 'NewTranscript' })
export type NewTranscript = z.infer<typeof NewTranscript>

export const TranscriptRequest = z
  .strictObject({
    /** Counts from 1 within the conversation. */
    request: z.int(),
    to: z.string(),
    from: z.string(),
    name: z.string(),
    /** Who asked. */
    by: z.string(),
    /** When; the transcript holds what had been said until then. */
    at: z.int(),
    /** `unknown`: it may have arrived, and is not sent again by itself. */
    state: z.enum(['pending', 'running', 'done', 'failed', 'unknown']),
    /** Why it failed, is unknown, or was not sent at the first try. */
    reason: z.string().nullable(),
    mayRetry: z.boolean(),
  })
  .meta({ id: 'TranscriptRequest' })
export type TranscriptRequest = z.infer<typeof TranscriptRequest>
export const TranscriptList = z.strictObject({ list: z.array(TranscriptRequest) }).meta({ id: 'TranscriptList' })
export type TranscriptList = z.infer<typeof TranscriptList>

/** Without anything it is all that was said, to be looked at. */
export const DocumentQuery = z.strictObject({
  /** As it would be mailed: of a very long conversation the end, with a link to all of it. */
  as: z.enum(['mail']).optional(),
  download: z.enum(['1']).optional(),
})
