import { z } from 'zod'

export const NewIndexRebuild = z
  .strictObject({
    /** `next` of the page before; left out to begin. */
    after: z.string().max(64).nullable().optional(),
  })
  .meta({ id: 'NewIndexRebuild' })

/** Ids of the conversations whose row in the list was put right; all of them are so now, but for `unreachable`. */
export const IndexRebuild = z
  .strictObject({
    checked: z.int(),
    /** Had no row. */
    missing: z.array(z.string()),
    /** Had a row that said something else. */
    stale: z.array(z.string()),
    /** Had a row, and are no conversations (any more). */
    orphaned: z.array(z.string()),
    /** Did not answer: ask for this page again. */
    unreachable: z.array(z.string()),
    /** Where to go on; null when all were held against their rows. */
    next: z.string().nullable(),
  })
  .meta({ id: 'IndexRebuild' })
