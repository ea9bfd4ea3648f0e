import { z } from 'zod'

export const Problem = z
  .strictObject({
    type: z.string().describe('`urn:foyer:problem:` and the code.'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable, for programs.'),
    detail: z.string().describe('A sentence for people; it may change.'),
    requestId: z.string().describe('For support; also the header `foyer-request-id` of every answer.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Which parts of the request are wrong.'),
    retryAt: z.int().optional().describe('Epoch milliseconds from which the same request can succeed.'),
    rev: z
      .int()
      .optional()
      .describe('The revision the conversation has now; with `version_conflict` and refused changes.'),
    continuedIn: z
      .string()
      .optional()
      .describe('The conversation that goes on in place of this one; with `conversation_ended`, once there is one.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. With `retryAt` comes the header `Retry-After`, in whole seconds.' })
export type Problem = z.infer<typeof Problem>
