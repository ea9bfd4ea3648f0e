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
  /** The mean of the scores from 1 to 5; null where nobody answered. */
  average: z.number().nullable(),
}

export const SatisfactionQuery = z.strictObject({
  /** How many days, the last of them today. */
  days: z.coerce.number().int().min(1).max(366).default(30),
  channel: z.string().max(64).optional(),
})

export const SatisfactionReport = z
  .strictObject({
    /** IANA name: days are the workspace's own. */
    timeZone: z.string(),
    total: z.strictObject(counts),
    days: z.array(z.strictObject({ date: z.string(), ...counts })),
    /** By who asked: a member or a key. */
    askers: z.array(z.strictObject({ by: z.string(), ...counts })),
    /** By whose the conversation was when it was asked; null: nobody's. */
    assignees: z.array(z.strictObject({ member: z.string().nullable(), ...counts })),
    channels: z.array(z.strictObject({ channel: z.string(), ...counts })),
    /** The newest words of visitors, at most 100. */
    comments: z.array(
      z.strictObject({
        conversation: z.string(),
        contact: z.string(),
        contactName: z.string().nullable(),
        score: ScoreValue,
        comment: z.string(),
        at: z.int(),
        by: z.string(),
      }),
    ),
  })
  .meta({ id: 'SatisfactionReport' })
export type SatisfactionReport = z.infer<typeof SatisfactionReport>
export type SatisfactionCounts = SatisfactionReport['total']
