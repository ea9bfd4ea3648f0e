/**
 * The only D1 statements outside `worker/db`: the workspace's index of conversations, written by its one inbox object.
 * Each statement carries the workspace; a test compares every table and column with `worker/db/schema.ts`.
 */
import type { Receipt } from '../../core/conversation/deletion.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { DirtyMarker } from './markers.ts'
import type { DirtyRow } from './rows.ts'

/** The columns of the index, in the order in which a row is handed over. */
const COLUMNS = [
  ...['id', 'workspace_id', 'rev', 'channel_id', 'contact_id', 'device_id', 'status', 'assignee_id', 'started_at'],
  ...['last_message_at', 'last_message_author', 'last_message_text', 'visitor_messages', 'head', 'source'],
  ...['collaborators', 'priority', 'deleted_at', 'former_assignees', 'rating_score', 'rating_source'],
] as const

/**
 * Rows are handed over as one list and written by one statement to a table, however many they are: D1 is asked for the
 * whole of a batch in the time that it takes for one row.
 * An older row never overwrites a newer one, whatever the order of arrival.
 */
export const UPSERT_CONVERSATIONS = `INSERT INTO conversations (${COLUMNS.join(', ')})
  SELECT ${COLUMNS.map((_, i) => `value ->> ${i}`).join(', ')} FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO UPDATE SET
    rev = excluded.rev, contact_id = excluded.contact_id, status = excluded.status, assignee_id = excluded.assignee_id,
    last_message_at = excluded.last_message_at, last_message_author = excluded.last_message_author,
    last_message_text = excluded.last_message_text, visitor_messages = excluded.visitor_messages, head = excluded.head,
    collaborators = excluded.collaborators, priority = excluded.priority,
    deleted_at = excluded.deleted_at, former_assignees = excluded.former_assignees,
    rating_score = excluded.rating_score, rating_source = excluded.rating_source
  WHERE excluded.rev > conversations.rev AND conversations.workspace_id = excluded.workspace_id`

/** A contact's row is made with its first message, never before (no row for who only looked). */
export const INSERT_CONTACTS = `INSERT INTO contacts (id, workspace_id, first_source, created_at)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING`

export const INSERT_DEVICES = `INSERT INTO devices (id, workspace_id, contact_id, created_at)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING`

/** Higher than any revision, so that no row which is still on its way replaces a tombstone. */
const TOMBSTONE_REV = Number.MAX_SAFE_INTEGER

/**
 * CV12: where a row stood, or would still have come, stands that there is none;
 * of what was said and by whom nothing is left.
 */
export const BURY_CONVERSATION = `INSERT INTO conversations (
    id, workspace_id, rev, channel_id, contact_id, device_id, status, assignee_id, started_at,
    last_message_at, last_message_author, last_message_text, visitor_messages, head, source, collaborators,
    priority, deleted_at, former_assignees
  ) VALUES (?1, ?2, ${TOMBSTONE_REV}, '', '', '', 'closed', NULL, 0, 0, NULL, NULL, 0, 0, '{}', '[]', 'medium', ?3, '[]')
  ON CONFLICT (id) DO UPDATE SET
    rev = excluded.rev, channel_id = '', contact_id = '', device_id = '', status = 'closed', assignee_id = NULL,
    started_at = 0, last_message_at = 0, last_message_author = NULL, last_message_text = NULL, visitor_messages = 0,
    head = 0, source = '{}', collaborators = '[]', priority = 'medium', deleted_at = excluded.deleted_at,
    former_assignees = '[]', rating_score = NULL, rating_source = NULL
  WHERE conversations.workspace_id = excluded.workspace_id`

/**
 * What was asked and answered, of the very row that stands in the index: one that is older, or was buried, brings
 * nothing. What has not changed is not written.
 */
export const UPSERT_RATINGS = `INSERT INTO ratings (
    workspace_id, conversation_id, prompt, channel_id, asked_by, assignee_id, asked_at, score, comment, rated_at
  )
  SELECT told.value ->> 1, told.value ->> 0, ask.value ->> 'prompt', told.value ->> 3, ask.value ->> 'by',
    ask.value ->> 'assignee', ask.value ->> 'at', ask.value ->> '$.answer.score', ask.value ->> '$.answer.comment',
    ask.value ->> '$.answer.at'
  FROM json_each(?1) AS told, json_each(told.value, '$[4]') AS ask
  WHERE EXISTS (
    SELECT 1 FROM conversations
    WHERE id = told.value ->> 0 AND workspace_id = told.value ->> 1 AND rev = told.value ->> 2
  )
  ON CONFLICT (conversation_id, prompt) DO UPDATE SET
    score = excluded.score, comment = excluded.comment, rated_at = excluded.rated_at
  WHERE ratings.rated_at IS NOT excluded.rated_at OR ratings.score IS NOT excluded.score
    OR ratings.comment IS NOT excluded.comment`

export const DELETE_RATINGS = 'DELETE FROM ratings WHERE conversation_id = ?1 AND workspace_id = ?2'

export const DELETE_MARKERS = `DELETE FROM read_markers WHERE conversation_id = ?1 AND workspace_id = ?2`

/**
 * The receipt (PR3): one for each deletion, however often it is written. What a program begins anew under the same
 * name, long after the purge, is another conversation of the same id.
 */
export const INSERT_RECEIPT = `INSERT INTO audit_log (id, workspace_id, at, actor, action, subject, detail)
  VALUES (?1, ?2, ?3, ?4, 'conversation.deleted', ?5, ?6) ON CONFLICT (id) DO NOTHING`

export const FORGET_TOMBSTONE = `DELETE FROM conversations WHERE id = ?1 AND workspace_id = ?2 AND rev = ${TOMBSTONE_REV}`

export function purgeStatements(
  db: D1Database,
  id: string,
  { workspace, by, at, entries }: Receipt,
): D1PreparedStatement[] {
  return [
    db.prepare(BURY_CONVERSATION).bind(id, workspace, at),
    db.prepare(DELETE_MARKERS).bind(id, workspace),
    db.prepare(DELETE_RATINGS).bind(id, workspace),
    db.prepare(INSERT_RECEIPT).bind(`purge_${id}_${at}`, workspace, at, by, id, JSON.stringify({ entries })),
  ]
}

export function forgetStatements(db: D1Database, workspace: string, id: string): D1PreparedStatement[] {
  return [db.prepare(FORGET_TOMBSTONE).bind(id, workspace)]
}

/**
 * Markers only move on; a mark that was set or taken by hand is the newest word. One that was on its way while its
 * conversation was buried (CV12) is not wanted any more.
 */
const UPSERT_MARKERS = `INSERT INTO read_markers (
    workspace_id, member_id, conversation_id, seen_public, seen_visitor, unread
  )
  SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?2)
  WHERE NOT EXISTS (SELECT 1 FROM conversations WHERE id = value ->> 1 AND rev = ${TOMBSTONE_REV})
  ON CONFLICT (member_id, conversation_id) DO UPDATE SET
    seen_public = max(seen_public, excluded.seen_public), seen_visitor = max(seen_visitor, excluded.seen_visitor),
    unread = excluded.unread
  WHERE read_markers.workspace_id = excluded.workspace_id`

/** Who handles every conversation of the workspace, if anybody does. */
export const SELECT_HANDLING = `SELECT id, status, assignee_id AS assignee FROM conversations WHERE workspace_id = ?1`

export function markersStatement(db: D1Database, workspace: string, list: readonly DirtyMarker[]): D1PreparedStatement {
  const values = list.map(({ member, id, public: seen, visitor, unread }) => [
    member,
    id,
    seen,
    visitor,
    Number(unread),
  ])
  return db.prepare(UPSERT_MARKERS).bind(workspace, JSON.stringify(values))
}

/** So many of a conversation's newest ratings are compared: a conversation itself forgets older ones. */
const RATINGS_COMPARED = 50

/** A row of the index as D1 has it, and what was asked and answered in it as one text. */
export type StoredRow = Record<(typeof COLUMNS)[number] | 'ratings', string | number | null> & { id: string }

/** Every row of a workspace, also those of what is being deleted, and tombstones. */
export const INDEX_AFTER = `SELECT ${COLUMNS.join(', ')}, (
    SELECT json_group_array(json_array(prompt, score, rated_at, comment)) FROM (
      SELECT * FROM ratings WHERE conversation_id = conversations.id ORDER BY prompt DESC LIMIT ${RATINGS_COMPARED}
    )) AS ratings FROM conversations
  WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`

/** Of the very row that was looked at: one that has changed since is left alone. */
const DELETE_AS_SEEN = 'DELETE FROM conversations WHERE id = ?1 AND workspace_id = ?2 AND rev = ?3'

export function isTombstone(stored: StoredRow): boolean {
  return stored.rev === TOMBSTONE_REV
}

/** Equal for a row and what D1 has of it. */
export function indexed(row: ConversationRow | StoredRow): string {
  if ('workspace_id' in row) return JSON.stringify([...COLUMNS.map((column) => row[column]), row.ratings])
  const asks = (row.asks ?? []).slice(-RATINGS_COMPARED).reverse()
  const ratings = asks.map(({ prompt, answer }) => [
    ...[prompt, answer?.score ?? null, answer?.at ?? null, answer?.comment ?? null],
  ])
  return JSON.stringify([...valuesOf(row), JSON.stringify(ratings)])
}

/** Writes a row anew, whatever its revision in the index is; contact and device too, where they are missing. */
export function correctionsOf(
  db: D1Database,
  row: ConversationRow,
  seen: StoredRow | undefined,
): D1PreparedStatement[] {
  const cleared = seen ? [db.prepare(DELETE_AS_SEEN).bind(row.id, row.workspace, seen.rev)] : []
  return [...cleared, ...statementsFor(db, [{ row, introduce: true }])]
}

export function removalOf(db: D1Database, workspace: string, seen: StoredRow): D1PreparedStatement[] {
  return [
    db.prepare(DELETE_AS_SEEN).bind(seen.id, workspace, seen.rev),
    db.prepare(DELETE_MARKERS).bind(seen.id, workspace),
    db.prepare(DELETE_RATINGS).bind(seen.id, workspace),
  ]
}

function valuesOf(row: ConversationRow): Array<string | number | null> {
  return [
    ...[row.id, row.workspace, row.rev, row.channel, row.contact, row.device, row.status, row.assignee, row.startedAt],
    ...[row.lastMessageAt, row.lastMessage?.author ?? null, row.lastMessage?.text ?? null],
    ...[row.visitorMessages, row.head, JSON.stringify(row.source), JSON.stringify(row.collaborators)],
    ...[row.priority, row.deletedAt, JSON.stringify(row.formerAssignees)],
    ...[row.rating?.score ?? null, row.rating?.source ?? null],
  ]
}

/** What writes these rows, and the contacts and devices that come with them; four statements at most. */
export function statementsFor(db: D1Database, list: readonly DirtyRow[]): D1PreparedStatement[] {
  const write = (sql: string, values: readonly unknown[]) =>
    values.length > 0 ? [db.prepare(sql).bind(JSON.stringify(values))] : []
  const rows = list.map(({ row }) => row)
  const fresh = list.filter(({ introduce }) => introduce).map(({ row }) => row)
  return [
    ...write(
      INSERT_CONTACTS,
      fresh.map((row) => [row.contact, row.workspace, JSON.stringify(row.source), row.startedAt]),
    ),
    ...write(
      INSERT_DEVICES,
      fresh.map((row) => [row.device, row.workspace, row.contact, row.startedAt]),
    ),
    ...write(UPSERT_CONVERSATIONS, rows.map(valuesOf)),
    ...write(
      UPSERT_RATINGS,
      rows.flatMap(({ id, workspace, rev, channel, asks }) => (asks ? [[id, workspace, rev, channel, asks]] : [])),
    ),
  ]
}
