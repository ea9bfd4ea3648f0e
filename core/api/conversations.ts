import { z } from 'zod'
import { STATUSES_BY_HAND } from '../conversation/entries.ts'
import { VIEWS } from '../conversation/filter.ts'
import { CLIENT_ID } from '../ids.ts'
import { ClientIdSchema, PAGE_SIZE } from '../protocol/frames.ts'
import { Email, PersonName } from './accounts.ts'
import {
  BanKindName,
  BanScopeName,
  EntrySchema,
  MessageText,
  NoteQuote,
  PriorityName,
  ScoreValue,
  StatusName,
} from './entries.ts'

/** Told by whoever sends; beside the header `Idempotency-Key`, which names a request where there is one. */
const sent = {
  clientId: ClientIdSchema.optional().meta({
    pattern: CLIENT_ID.source,
    description: 'Names what is sent, `instance:1` with a rising number: sent again, it is answered by what it did.',
  }),
  retry: z
    .boolean()
    .optional()
    .describe('Say true where it may have been sent before: then it is looked for in the whole conversation.'),
}

export const ContactSummary = z
  .strictObject({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    createdAt: z
      .int()
      .nullable()
      .describe('When they first wrote. Null while the database, which knows, is out of reach.'),
  })
  .meta({ id: 'ContactSummary' })
export type ContactSummary = z.infer<typeof ContactSummary>

export const BanMark = z.strictObject({ scope: BanScopeName, kind: BanKindName, until: z.int().nullable() }).meta({
  id: 'BanMark',
  description: '`until`: epoch milliseconds; null for a ban that holds until somebody lifts it.',
})

const nullable = z.string().nullable()

export const Source = z
  .strictObject({
    page: nullable,
    title: nullable,
    referrer: nullable,
    utm: z
      .strictObject({ source: nullable, medium: nullable, campaign: nullable, term: nullable, content: nullable })
      .nullable(),
    browser: nullable,
    os: nullable,
    device: nullable,
    language: nullable,
    country: nullable,
  })
  .meta({ id: 'Source', description: 'Where the visitor was when it began, as far as that is known.' })

const nextCursor = nullable.describe('The `cursor` of the page that follows; null: this is the last.')

export const Conversation = z
  .strictObject({
    id: z.string(),
    workspace: z.string(),
    rev: z.int().describe('Its revision: rises with everything that happens in it, notes too.'),
    channel: z.string(),
    contact: ContactSummary,
    device: z.string().describe('The browser that it came from; one of its own where it did not come from a website.'),
    status: StatusName,
    assignee: z.string().nullable().describe('The id of a member; null: nobody has it.'),
    priority: PriorityName,
    collaborators: z.array(z.string()).describe('Members who follow it.'),
    formerAssignees: z.array(z.string()).describe('Who had it and does not have it now.'),
    startedAt: z.int(),
    lastMessageAt: z.int(),
    lastMessage: z
      .strictObject({ author: z.string(), text: z.string(), at: z.int() })
      .nullable()
      .describe('The beginning of the newest message to or from the visitor.'),
    visitorMessages: z.int().describe('How many messages the visitor has written.'),
    head: z.int().describe("The number of the newest entry of the visitor's half."),
    source: Source,
    bans: z
      .array(BanMark)
      .optional()
      .describe('Bans of its contact and device that are in force; left out where there is none.'),
    rating: z
      .strictObject({ score: ScoreValue, source: z.enum(['visitor', 'agent']) })
      .optional()
      .describe("The score that counts: the visitor's before an agent's. Absent where there is none."),
    continues: z
      .string()
      .optional()
      .describe('The conversation that went before, closed for good. Not told in lists; absent where there is none.'),
    continuedIn: z
      .string()
      .optional()
      .describe('The one in which it goes on. Not told in lists; absent where there is none.'),
    reader: z
      .strictObject({ public: z.int(), visitor: z.int(), unread: z.boolean() })
      .describe('How far the caller has read it: unread = visitorMessages − visitor, or marked so by hand.'),
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof Conversation>

export const ConversationList = z
  .strictObject({ list: z.array(Conversation), next: nextCursor })
  .meta({ id: 'ConversationList' })
export type ConversationList = z.infer<typeof ConversationList>

export const ConversationListQuery = z.strictObject({
  view: z
    .enum(VIEWS)
    .default('all')
    .describe('`unread` and `mine` are about the member who asks: a key has read nothing, and has none.'),
  cursor: z.string().max(100).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

const positionText = z.string().regex(/^\d{1,15}(\.\d{1,15})?$/, 'is a position like 12.3')
export const EntriesQuery = z
  .strictObject({
    before: positionText
      .optional()
      .describe(
        "What came before a position, newest page first. `12.3`: entry 12 of the visitor's half, 3 of the team's.",
      ),
    after: positionText.optional().describe('What came after a position, oldest page first.'),
    limit: z.coerce.number().int().min(1).max(PAGE_SIZE).default(50),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    path: ['after'],
    message: 'cannot stand beside before',
  })
export const EntryList = z
  .strictObject({
    list: z.array(EntrySchema),
    next: nullable.describe(
      'The position from which the following page is asked for, `before` or `after`; null: nothing follows.',
    ),
  })
  .meta({ id: 'EntryList' })

export const NewMessage = z
  .strictObject({
    ...sent,
    text: MessageText,
    quote: z.int().min(1).optional().describe('The number of the entry that it quotes.'),
    reopen: z
      .boolean()
      .optional()
      .describe('Opens a closed conversation too, where the policy lets no message of an agent do so by itself.'),
  })
  .meta({ id: 'NewMessage' })
export const NewNote = z
  .strictObject({
    ...sent,
    text: MessageText,
    quote: NoteQuote.optional().describe(
      "An entry of the visitor's half by its number, or one of the team's, like `t3`.",
    ),
  })
  .meta({ id: 'NewNote' })

export const NewConversation = z
  .strictObject({
    channel: z.string().max(64).describe('The id of a channel of the workspace.'),
    text: MessageText,
    contact: z
      .strictObject({ name: PersonName.optional(), email: Email.optional() })
      .describe('Who wrote it; empty where that is not known.'),
  })
  .meta({
    id: 'NewConversation',
    description: 'What somebody wrote elsewhere, brought here: the first message is theirs.',
  })

export const ConversationChange = z
  .strictObject({
    status: z.enum(STATUSES_BY_HAND).optional(),
    assignee: z.string().max(64).nullable().optional().describe('The id of a member; null: nobody.'),
    priority: PriorityName.optional(),
    expectedRev: z
      .int()
      .min(0)
      .optional()
      .describe('Refuse with 409 unless the conversation is still at this revision.'),
    ...sent,
  })
  .refine(
    ({ status, assignee, priority }) =>
      [status, assignee, priority].filter((given) => given !== undefined).length === 1,
    'Give exactly one of status, assignee and priority.',
  )
  .meta({
    id: 'ConversationChange',
    description: 'Exactly one of status, assignee and priority, so that the answer is about that one.',
  })

export const NewCollaborator = z.strictObject({ member: z.string().max(64) }).meta({ id: 'NewCollaborator' })
export const MessageEdit = z.strictObject({ text: MessageText, ...sent }).meta({ id: 'MessageEdit' })

/** CV12 */
export const Deleted = z
  .strictObject({ undoUntil: z.int().describe('Epoch milliseconds until which it can be undone.'), rev: z.int() })
  .meta({ id: 'Deleted' })

export const Accepted = z
  .strictObject({
    entries: z.array(EntrySchema).describe('What came of it, as far as the caller may read it.'),
    rev: z.int().describe('The revision of the conversation after it.'),
    repeated: z.boolean().describe('It had been done before, under the same client id or Idempotency-Key.'),
  })
  .meta({ id: 'Accepted' })
