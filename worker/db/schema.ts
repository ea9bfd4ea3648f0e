/**
 * D1: what a workspace has. `drizzle-kit generate` makes `migrations/` from this file and `accountSchema.ts`; steps are
 * only ever added, and each must suit the version before, which still runs while it is applied. Every table names
 * its workspace. What D1 knows of conversations is an index: the truth is in their objects.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { BAN_KINDS, BAN_SCOPES } from '../../core/bans/ban.ts'
import { CHANNEL_KINDS } from '../../core/channelKinds.ts'
import { PRIORITIES, STATUSES } from '../../core/conversation/entries.ts'
import type { Author } from '../../core/ids.ts'
import type { Right } from '../../core/rights.ts'
import type { Scope } from '../../core/scopes.ts'

export const workspaces = sqliteTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  timeZone: text('time_zone').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const members = sqliteTable(
  'members',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    userId: text('user_id').notNull(),
    /** The display name that visitors and colleagues see. */
    name: text('name').notNull(),
    role: text('role', { enum: ['owner', 'admin', 'agent'] }).notNull(),
    disabledAt: integer('disabled_at'),
    /** The switch: whether conversations may come to them. */
    available: integer('available', { mode: 'boolean' }).notNull().default(true),
    /** Conversations whose last message is older count as read: a new member does not begin with a thousand unread. */
    unreadFrom: integer('unread_from').notNull().default(0),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('members_by_workspace_and_user').on(table.workspaceId, table.userId),
    index('members_by_user').on(table.userId),
  ],
)

export const invitations = sqliteTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: ['admin', 'agent'] }).notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    invitedBy: text('invited_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    acceptedAt: integer('accepted_at'),
  },
  (table) => [index('invitations_by_workspace').on(table.workspaceId)],
)

export const channels = sqliteTable(
  'channels',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    kind: text('kind', { enum: CHANNEL_KINDS }).notNull(),
    name: text('name').notNull(),
    /** Websites that may show the widget: a JSON list of exact origins (VW5). */
    origins: text('origins', { mode: 'json' }).$type<string[]>().notNull(),
    colour: text('colour').notNull().default('#1d5fc4'),
    greeting: text('greeting').notNull().default(''),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('channels_by_workspace').on(table.workspaceId)],
)

export const contacts = sqliteTable(
  'contacts',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    name: text('name'),
    email: text('email'),
    /** Set when two contacts turned out to be one person: one hop, never a chain. */
    mergedInto: text('merged_into'),
    firstSource: text('first_source', { mode: 'json' }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('contacts_by_workspace').on(table.workspaceId)],
)

export const devices = sqliteTable('devices', {
  id: text('id').primaryKey(),
  workspaceId: text('workspace_id').notNull(),
  contactId: text('contact_id').notNull(),
  /** A device whose token is no longer taken. */
  revokedAt: integer('revoked_at'),
  createdAt: integer('created_at').notNull(),
})

/** The index of conversations, written by the workspace's inbox object alone. Contact fields are joined, not copied. */
export const conversations = sqliteTable(
  'conversations',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    rev: integer('rev').notNull(),
    channelId: text('channel_id').notNull(),
    contactId: text('contact_id').notNull(),
    deviceId: text('device_id').notNull(),
    status: text('status', {
      enum: STATUSES,
    }).notNull(),
    assigneeId: text('assignee_id'),
    priority: text('priority', { enum: PRIORITIES }).notNull().default('medium'),
    startedAt: integer('started_at').notNull(),
    lastMessageAt: integer('last_message_at').notNull(),
    lastMessageAuthor: text('last_message_author'),
    lastMessageText: text('last_message_text'),
    visitorMessages: integer('visitor_messages').notNull(),
    head: integer('head').notNull(),
    source: text('source', { mode: 'json' }).notNull(),
    /** Being deleted since, or deleted: in no list. */
    deletedAt: integer('deleted_at'),
    collaborators: text('collaborators', { mode: 'json' }).$type<string[]>().notNull().default([]),
    formerAssignees: text('former_assignees', { mode: 'json' }).$type<string[]>().notNull().default([]),
    /** The score that counts (RT8), and whose it is. */
    ratingScore: integer('rating_score'),
    ratingSource: text('rating_source', { enum: ['visitor', 'agent'] }),
  },
  (table) => [
    index('conversations_by_activity').on(table.workspaceId, table.lastMessageAt, table.id),
    index('conversations_by_device').on(table.deviceId),
  ],
)

/** Every ask for a rating and what came of it (RT9); written with its conversation's row. */
export const ratings = sqliteTable(
  'ratings',
  {
    workspaceId: text('workspace_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    /** The public number of the prompt. */
    prompt: integer('prompt').notNull(),
    channelId: text('channel_id').notNull(),
    /** The author who asked: a member or a key. */
    askedBy: text('asked_by').notNull(),
    /** Whose the conversation was then. */
    assigneeId: text('assignee_id'),
    askedAt: integer('asked_at').notNull(),
    score: integer('score'),
    comment: text('comment'),
    ratedAt: integer('rated_at'),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.prompt] }),
    index('ratings_by_time').on(table.workspaceId, table.askedAt),
  ],
)

/** How far each member has read each conversation (IB9); written by the inbox object. */
export const readMarkers = sqliteTable(
  'read_markers',
  {
    workspaceId: text('workspace_id').notNull(),
    memberId: text('member_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    seenPublic: integer('seen_public').notNull(),
    seenVisitor: integer('seen_visitor').notNull(),
    unread: integer('unread', { mode: 'boolean' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.memberId, table.conversationId] })],
)

/** What administrators decided (⚙), of a workspace or of one of its channels; what is left open has its default. */
export const policies = sqliteTable(
  'policies',
  {
    workspaceId: text('workspace_id').notNull(),
    /** Empty for the workspace as a whole. */
    channelId: text('channel_id').notNull(),
    /** Rises with every change within the workspace. */
    version: integer('version').notNull(),
    settings: text('settings', { mode: 'json' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.channelId] })],
)

/** Who is shut out (BN1–BN5). A lifted one stays: by it live objects know that it is no longer. */
export const bans = sqliteTable(
  'bans',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    scope: text('scope', { enum: BAN_SCOPES }).notNull(),
    /** The id of a contact or a device, or a network as it is written. */
    target: text('target').notNull(),
    kind: text('kind', { enum: BAN_KINDS }).notNull(),
    /** For the team alone. Goes nowhere but to who may ban. */
    reason: text('reason').notNull(),
    /** The address of the contact when it was banned, in lower case (BN5). */
    email: text('email'),
    expiresAt: integer('expires_at'),
    liftedAt: integer('lifted_at'),
    createdAt: integer('created_at').notNull(),
    createdBy: text('created_by').$type<Author>().notNull(),
    /** Who changed it last, and the conversation that they did it from. */
    changedBy: text('changed_by').$type<Author>().notNull(),
    conversationId: text('conversation_id'),
    /** Rises with every change within the workspace. */
    version: integer('version').notNull(),
  },
  (table) => [uniqueIndex('bans_by_workspace_and_target').on(table.workspaceId, table.target)],
)

/** Changes of rights, policies and bans that live objects still have to be told; gone once they were. */
export const changes = sqliteTable('changes', {
  id: text('id').primaryKey(),
  workspaceId: text('workspace_id').notNull(),
  what: text('what', { enum: ['rights', 'policies', 'bans'] })
    .notNull()
    .default('rights'),
  /** Empty where it concerns nobody in particular. */
  memberId: text('member_id').notNull(),
  /** Whether the member is disabled now; null where that is as it was. */
  disabled: integer('disabled', { mode: 'boolean' }),
  createdAt: integer('created_at').notNull(),
})

/** What was changed by whom (PR3): written in the batch of the change itself, read by administrators, never changed. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    at: integer('at').notNull(),
    /** An author: a member, a key or the system. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    /** The id of what it was done to. */
    subject: text('subject'),
    detail: text('detail', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('audit_log_by_time').on(table.workspaceId, table.at, table.id)],
)

/** Groups of agents (PR1). The built-in one, `everyone`, has a row once its rights were changed. */
export const groups = sqliteTable(
  'groups',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    rights: text('rights', { mode: 'json' }).$type<Right[]>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const groupMembers = sqliteTable(
  'group_members',
  {
    workspaceId: text('workspace_id').notNull(),
    groupId: text('group_id').notNull(),
    memberId: text('member_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.memberId, table.groupId] }),
    index('group_members_by_workspace').on(table.workspaceId),
  ],
)

/** Keys of programs (AP1). Of the key itself only a hash is kept, and its first characters to know it by. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<Scope[]>().notNull(),
    keyHash: text('key_hash').notNull().unique(),
    hint: text('hint').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    /** About: it is written once a minute at most. */
    lastUsedAt: integer('last_used_at'),
    /** The row stays, for its name. */
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('api_keys_by_workspace').on(table.workspaceId)],
)

/** Addresses that a workspace writes from. Until one is verified it is of no use. */
export const senders = sqliteTable(
  'senders',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    address: text('address').notNull(),
    verifiedAt: integer('verified_at'),
    /** Of the code that was mailed last; keyed, because six digits are soon tried. Empty where none is open. */
    codeHash: text('code_hash').notNull(),
    codeExpiresAt: integer('code_expires_at').notNull(),
    triesLeft: integer('tries_left').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('senders_by_workspace_and_address').on(table.workspaceId, table.address)],
)

/** A workspace's own mail server. */
export const smtpServers = sqliteTable('smtp_servers', {
  workspaceId: text('workspace_id').primaryKey(),
  host: text('host').notNull(),
  port: integer('port').notNull(),
  security: text('security', { enum: ['tls', 'starttls'] }).notNull(),
  user: text('user').notNull(),
  /** Encrypted (`auth/sealed.ts`). */
  password: text('password').notNull(),
  changedAt: integer('changed_at').notNull(),
})
