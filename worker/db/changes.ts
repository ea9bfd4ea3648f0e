/**
 * Changes of rights, policies and bans that live objects have to be told. Each is written in the batch of what it is
 * about, and deleted when it was heard: nothing is told only once.
 */

/** Straight after the statement that changes the rights; one that changed nothing is noted nowhere. */
export const NOTE_CHANGE = `INSERT INTO changes (id, workspace_id, member_id, disabled, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() = 1`

/** For every membership of a person: their sessions ended. */
export const NOTE_SIGNED_OUT = `INSERT INTO changes (id, workspace_id, member_id, disabled, created_at)
  SELECT lower(hex(randomblob(16))), workspace_id, id, NULL, ?2 FROM members WHERE user_id = ?1`

/** The workspace's policies changed; what they are now is read when it is told. */
export const NOTE_POLICIES = `INSERT INTO changes (id, workspace_id, what, member_id, created_at)
  VALUES (?1, ?2, 'policies', '', ?3)`

/** Straight after the statements that ban somebody, or lift it; which they are is read when it is told. */
export const NOTE_BANS = `INSERT INTO changes (id, workspace_id, what, member_id, created_at)
  SELECT ?1, ?2, 'bans', '', ?3 WHERE changes() > 0`

export type Change = {
  workspace: string
  /** Epoch milliseconds of the newest of them. */
  until: number
} & (
  | {
      what: 'rights'
      member: string
      /** Whether they are disabled now; null where that is as it was. */
      disabled: boolean | null
    }
  | { what: 'policies' }
  | { what: 'bans' }
)

type Row = { workspace: string; what: Change['what']; member: string; disabled: number | null; until: number }

// Whether somebody is disabled their own row says: the clocks of those who changed it may not agree on what came last.
const OPEN = `SELECT workspace_id AS workspace, what, member_id AS member, max(created_at) AS until,
    CASE WHEN max(disabled) IS NOT NULL
      THEN (SELECT disabled_at IS NOT NULL FROM members WHERE id = changes.member_id) END AS disabled
  FROM changes`

/** What was not heard yet: of one person, of a workspace, or of everybody and older than a moment. */
export async function unheard(
  d1: D1Database,
  of: { userId: string } | { workspace: string } | { before: number },
): Promise<Change[]> {
  const statement =
    'userId' in of
      ? d1
          .prepare(`${OPEN} WHERE member_id IN (SELECT id FROM members WHERE user_id = ?1) GROUP BY 1, 2, 3`)
          .bind(of.userId)
      : 'workspace' in of
        ? d1.prepare(`${OPEN} WHERE workspace_id = ?1 GROUP BY 1, 2, 3`).bind(of.workspace)
        : d1.prepare(`${OPEN} WHERE created_at < ?1 GROUP BY 1, 2, 3 LIMIT 200`).bind(of.before)
  const { results } = await statement.all<Row>()
  return results.map(({ workspace, until, what, member, disabled }) =>
    what === 'rights'
      ? { workspace, until, what, member, disabled: disabled === null ? null : disabled === 1 }
      : { workspace, until, what },
  )
}

/** Forgets what was told; what was noted meanwhile about the same stays. */
export async function heard(d1: D1Database, ...changes: readonly Change[]): Promise<void> {
  const forget = d1.prepare(
    'DELETE FROM changes WHERE workspace_id = ?1 AND what = ?2 AND member_id = ?3 AND created_at <= ?4',
  )
  if (changes.length === 0) return
  await d1.batch(
    changes.map((change) =>
      forget.bind(change.workspace, change.what, change.what === 'rights' ? change.member : '', change.until),
    ),
  )
}
