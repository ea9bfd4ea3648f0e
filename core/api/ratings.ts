/** Ratings: asking for one, what came of it, and the team's own score (RT). */
import { z } from 'zod'
import { ScoreValue } from './entries.ts'

const Answer = z.strictObject({ score: ScoreValue, comment: z.string().nullable(), at: z.int() })

const ask = {
  prompt: z.int().describe('The public number of the prompt.'),
  by: z.string().describe('Who asked: an agent, or a key.'),
  at: z.int(),
  assignee: z.string().nullable().describe('Whose the conversation was then.'),
  answer: Answer.nullable().describe('What the visitor answered; null where they have not.'),
}

export const ConversationRatings = z
  .strictObject({
    list: z.array(z.strictObject(ask)),
    visitor: z.union([ScoreValue, z.null()]).describe('What the visitor gave last, whoever asked.'),
    agent: z
      .strictObject({ score: ScoreValue, by: z.string(), at: z.int() })
      .nullable()
      .describe('What an agent or a key gave.'),
  })
  .meta({
    id: 'ConversationRatings',
    description: 'Every ask in one conversation, oldest first, and the two sources of its score, kept apart.',
  })
export type ConversationRatings = z.infer<typeof ConversationRatings>

export const NewScore = z
  .strictObject({
    score: z.union([ScoreValue, z.null()], 'is a whole number from 1 to 5, or null').describe('Null takes it back.'),
  })
  .meta({ id: 'NewScore' })
