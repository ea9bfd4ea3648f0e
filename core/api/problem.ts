import { z } from 'zod'

/** RFC 9457. `code` is stable and for programs, `detail` is a sentence for people, `requestId` is for support. */
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    /** Which parts of the request are wrong. */
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    /** Epoch milliseconds from which the same request can succeed. */
    retryAt: z.int().optional(),
    /** The revision the conversation has now; with `version_conflict` and refused changes. */
    rev: z.int().optional(),
    /** The conversation that goes on in place of this one; with `conversation_ended`, once there is one. */
    continuedIn: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
