import { z } from 'zod'

export const NewIndexRebuild = z
  .strictObject({
    after: z.string().max(64).nullable().optional().describe('`next` of the page before; left out to begin.'),
  })
  .meta({ id: 'NewIndexRebuild' })

export const IndexRebuild = z
  .strictObject({
    checked: z.int(),
    missing: z.array(z.string()).describe('Had no row.'),
    stale: z.array(z.string()).describe('Had a row that said something else.'),
    orphaned: z.array(z.string()).describe('Had a row, and are no conversations (any more).'),
    unreachable: z.array(z.string()).describe('Did not answer: ask for this page again.'),
    next: z.string().nullable().describe('Where to go on; null when all were held against their rows.'),
  })
  .meta({
    id: 'IndexRebuild',
    description:
      'Ids of the conversations whose row in the list was put right; all of them are so now, but for `unreachable`.',
  })
