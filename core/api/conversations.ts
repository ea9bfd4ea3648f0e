import { z } from 'zod'
import { STATUSES_BY_HAND } from '../conversation/entries.ts'
import { VIEWS } from '../conversation/filter.ts'
import { ClientIdSchema, PAGE_SIZE } from '../protocol/frames.ts'
import { Email, PersonName } from './accounts.ts'
import { BanKindName, BanScopeName, EntrySchema, PriorityName, ScoreValue, StatusName } from './entries.ts'

export const ContactSummary = z
  .strictObject({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    /** When they first wrote. Null while the database, which knows, is out of reach. */
    createdAt: z.int().nullable(),
  })
  .meta({ id: 'ContactSummary' })
export type ContactSummary = z.infer<typeof ContactSummary>

/** BN2: `until` is null for a ban that holds until somebody lifts it. */
export const BanMark = z
  .strictObject({ scope: BanScopeName, kind: BanKindName, until: z.int().nullable() })
  .meta({ id: 'BanMark' })

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
  .meta({ id: 'Source' })

export const Conversation = z
  .strictObject({
    id: z.string(),
    workspace: z.string(),
    rev: z.int(),
    channel: z.string(),
    contact: ContactSummary,
    device: z.string(),
    status: StatusName,
    assignee: z.string().nullable(),
    priority: PriorityName,
    collaborators: z.array(z.string()),
    /** Who had it and does not have it now. */
    formerAssignees: z.array(z.string()),
    startedAt: z.int(),
    lastMessageAt: z.int(),
    lastMessage: z.strictObject({ author: z.string(), text: z.string(), at: z.int() }).nullable(),
    visitorMessages: z.int(),
    head: z.int(),
    source: Source,
    /** Bans of its contact and device that are in force; left out where there is none. */
    bans: z.array(BanMark).optional(),
    /** The score that counts: the visitor's before an agent's. Absent where there is none. */
    rating: z.strictObject({ score: ScoreValue, source: z.enum(['visitor', 'agent']) }).optional(),
    /** The conversation that went before, closed for good (CV4). Not told in lists; absent where there is none. */
    continues: z.string().optional(),
    /** The one in which it goes on. Not told in lists; absent where there is none. */
    continuedIn: z.string().optional(),
    /** How far the caller has read it: unread = visitorMessages − visitor, or marked so by hand. */
    reader: z.strictObject({ public: z.int(), visitor: z.int(), unread: z.boolean() }),
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof Conversation>

export const ConversationList = z
  .strictObject({ list: z.array(Conversation), next: z.string().nullable() })
  .meta({ id: 'ConversationList' })
export type ConversationList = z.infer<typeof ConversationList>

export const ConversationListQuery = z.strictObject({
  view: z.enum(VIEWS).default('all'),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

const positionText = z.string().regex(/^\d{1,15}(\.\d{1,15})?$/, 'is a position like 12.3')
export const EntriesQuery = z.strictObject({
  before: positionText.optional(),
  after: positionText.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE).default(50),
})
export const EntryList = z
  .strictObject({ list: z.array(EntrySchema), next: z.string().nullable() })
  .meta({ id: 'EntryList' })

export const NewMessage = z
  .strictObject({
    clientId: ClientIdSchema.optional(),
    text: z.string(),
    quote: z.int().min(1).optional(),
    /** Opens a closed conversation too, where the policy lets no message of an agent do so by itself. */
    reopen: z.boolean().optional(),
    retry: z.boolean().optional(),
  })
  .meta({ id: 'NewMessage' })
export const NewNote = z
  .strictObject({
    clientId: ClientIdSchema.optional(),
    text: z.string(),
    /** An entry of the visitor's half by its number, or one of the team's, like `t3`. */
    quote: z.union([z.int().min(1), z.templateLiteral(['t', z.int()])]).optional(),
    retry: z.boolean().optional(),
  })
  .meta({ id: 'NewNote' })

/** What somebody wrote elsewhere, brought here: the first message is theirs. */
export const NewConversation = z
  .strictObject({
    channel: z.string().max(64),
    text: z.string(),
    contact: z.strictObject({ name: PersonName.optional(), email: Email.optional() }),
  })
  .meta({ id: 'NewConversation' })

/** One change at a time, so that the answer is about that one. */
export const ConversationChange = z
  .strictObject({
    status: z.enum(STATUSES_BY_HAND).optional(),
    assignee: z.string().max(64).nullable().optional(),
    priority: PriorityName.optional(),
    /** Refuse with 409 unless the conversation is still at this revision. */
    expectedRev: z.int().min(0).optional(),
    clientId: ClientIdSchema.optional(),
    retry: z.boolean().optional(),
  })
  .refine(
    ({ status, assignee, priority }) =>
      [status, assignee, priority].filter((given) => given !== undefined).length === 1,
    'Give exactly one of status, assignee and priority.',
  )
  .meta({ id: 'ConversationChange' })

export const NewCollaborator = z.strictObject({ member: z.string().max(64) }).meta({ id: 'NewCollaborator' })
export const MessageEdit = z
  .strictObject({ text: z.string(), clientId: ClientIdSchema.optional(), retry: z.boolean().optional() })
  .meta({ id: 'MessageEdit' })

/** Epoch milliseconds until which a deletion can be undone (CV12). */
export const Deleted = z.strictObject({ undoUntil: z.int(), rev: z.int() }).meta({ id: 'Deleted' })

/** What was written, and the conversation after it. `repeated` where the same client id had been taken before. */
export const Accepted = z
  .strictObject({ entries: z.array(EntrySchema), rev: z.int(), repeated: z.boolean() })
  .meta({ id: 'Accepted' })
