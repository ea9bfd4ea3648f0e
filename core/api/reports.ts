/** The report on satisfaction (RT9): what visitors were asked and answered. */
import { z } from 'zod'
import { ScoreValue } from './entries.ts'

/** Of what was asked within the days, whenever it was answered. */
const counts = {
  asked: z.int(),
  answered: z.int(),
  good: z.int(),
  neutral: z.int(),
  bad: z.int(),
  average: z.number().nullable().describe('The mean of the scores from 1 to 5; null where nobody answered.'),
}

export const SatisfactionQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).default(30).describe('How many days, the last of them today.'),
  channel: z.string().max(64).optional(),
})

export const SatisfactionReport = z
  .strictObject({
    timeZone: z.string().describe("IANA name: days are the workspace's own."),
    total: z.strictObject(counts),
    days: z.array(z.strictObject({ date: z.string(), ...counts })),
    askers: z.array(z.strictObject({ by: z.string(), ...counts })).describe('By who asked: a member or a key.'),
    assignees: z
      .array(z.strictObject({ member: z.string().nullable(), ...counts }))
      .describe("By whose the conversation was when it was asked; null: nobody's."),
    channels: z.array(z.strictObject({ channel: z.string(), ...counts })),
    comments: z
      .array(
        z.strictObject({
          conversation: z.string(),
          contact: z.string(),
          contactName: z.string().nullable(),
          score: ScoreValue,
          comment: z.string(),
          at: z.int(),
          by: z.string(),
        }),
      )
      .describe('The newest words of visitors, at most 100.'),
  })
  .meta({ id: 'SatisfactionReport' })
export type SatisfactionReport = z.infer<typeof SatisfactionReport>
export type SatisfactionCounts = SatisfactionReport['total']
