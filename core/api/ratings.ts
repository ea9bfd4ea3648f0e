/** Ratings: asking for one, what came of it, and the team's own score (RT). */
import { z } from 'zod'
import { ScoreValue } from './entries.ts'

const Answer = z.strictObject({ score: ScoreValue, comment: z.string().nullable(), at: z.int() })

const ask = {
  /** The public number of the prompt. */
  prompt: z.int(),
  /** Who asked: an agent, or a key. */
  by: z.string(),
  at: z.int(),
  /** Whose the conversation was then. */
  assignee: z.string().nullable(),
  /** What the visitor answered; null where they have not. */
  answer: Answer.nullable(),
}

/** Every ask in one conversation, oldest first, and the two sources of its score, kept apart. */
export const ConversationRatings = z
  .strictObject({
    list: z.array(z.strictObject(ask)),
    /** What the visitor gave last, whoever asked. */
    visitor: ScoreValue.nullable(),
    /** What an agent or a key gave. */
    agent: z.strictObject({ score: ScoreValue, by: z.string(), at: z.int() }).nullable(),
  })
  .meta({ id: 'ConversationRatings' })
export type ConversationRatings = z.infer<typeof ConversationRatings>

/** Null takes it back. */
export const NewScore = z.strictObject({ score: ScoreValue.nullable() }).meta({ id: 'NewScore' })
