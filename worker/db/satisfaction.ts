/** The report on satisfaction (RT9), counted by D1 from every ask and its answer. */
import type { SatisfactionCounts, SatisfactionReport } from '../../core/api/reports.ts'
import { SCORES } from '../../core/conversation/score.ts'
import { type Day, lastDays } from '../../core/reports/days.ts'
import { readWorkspace, type Workspace } from './workspace.ts'

const COMMENTS_MAX = 100

const COUNTS = `count(*) AS asked, count(r.score) AS answered, count(CASE WHEN r.score > 3 THEN 1 END) AS good,
  count(CASE WHEN r.score = 3 THEN 1 END) AS neutral, count(CASE WHEN r.score < 3 THEN 1 END) AS bad,
  avg(r.score) AS average`

/** What was asked within a span, but for what is being deleted (CV12). */
const ASKED = `FROM ratings r JOIN conversations c ON c.id = r.conversation_id AND c.deleted_at IS NULL
  WHERE r.workspace_id = ?1 AND r.asked_at >= ?2 AND r.asked_at < ?3 AND (?4 IS NULL OR r.channel_id = ?4)`

/** By day: `?5` holds each with its beginning, oldest first. A day begins at the last beginning before it. */
const BY_DAY = `SELECT (SELECT value ->> 'date' FROM json_each(?5) WHERE value ->> 'from' <= r.asked_at
    ORDER BY value ->> 'from' DESC LIMIT 1) AS "group", ${COUNTS} ${ASKED} GROUP BY 1`
const by = (column: string) => `SELECT ${column} AS "group", ${COUNTS} ${ASKED} GROUP BY 1 ORDER BY asked DESC, 1`

const COMMENTS = `SELECT r.conversation_id AS conversation, c.contact_id AS contact, r.score, r.comment,
    r.rated_at AS at, r.asked_by AS "by",
    (SELECT name FROM contacts p WHERE p.id = c.contact_id AND p.workspace_id = ?1) AS contactName
  ${ASKED} AND r.comment IS NOT NULL ORDER BY r.rated_at DESC, r.conversation_id LIMIT ${COMMENTS_MAX}`

type Counted = SatisfactionCounts & { group: string | null }
type Comment = Omit<SatisfactionReport['comments'][number], 'score'> & { score: number }

const NOTHING: SatisfactionCounts = { asked: 0, answered: 0, good: 0, neutral: 0, bad: 0, average: null }

/** @param channel null for all of them */
export async function satisfaction(
  workspace: Workspace,
  days: number,
  channel: string | null,
  now: number,
): Promise<SatisfactionReport> {
  const { d1, id } = workspace
  const { timeZone } = await readWorkspace(workspace)
  const spans = lastDays(now, days, timeZone)
  const span = [id, spans[0]?.from ?? now, spans.at(-1)?.to ?? now, channel]
  const count = (sql: string, ...more: string[]) => d1.prepare(sql).bind(...span, ...more)
  const [daily, total, askers, assignees, channels, comments] = await d1.batch([
    count(BY_DAY, JSON.stringify(spans.map(({ date, from }) => ({ date, from })))),
    count(`SELECT NULL AS "group", ${COUNTS} ${ASKED}`),
    count(by('r.asked_by')),
    count(by('r.assignee_id')),
    count(by('r.channel_id')),
    count(COMMENTS),
  ])
  return {
    timeZone,
    total: grouped(total)[0]?.counts ?? NOTHING,
    days: withEmpty(spans, grouped(daily)),
    askers: grouped(askers).map(({ group, counts }) => ({ by: group ?? '', ...counts })),
    assignees: grouped(assignees).map(({ group, counts }) => ({ member: group, ...counts })),
    channels: grouped(channels).map(({ group, counts }) => ({ channel: group ?? '', ...counts })),
    comments: rowsOf<Comment>(comments).flatMap((row) => {
      const score = SCORES.find((known) => known === row.score)
      return score ? [{ ...row, score }] : []
    }),
  }
}

// The rows of a statement that stands above.
function rowsOf<Row>(result: D1Result | undefined): Row[] {
  return (result?.results ?? []) as Row[]
}

function grouped(result: D1Result | undefined): Array<{ group: string | null; counts: SatisfactionCounts }> {
  return rowsOf<Counted>(result).map(({ group, ...counts }) => ({ group, counts }))
}

function withEmpty(spans: readonly Day[], counted: ReturnType<typeof grouped>): SatisfactionReport['days'] {
  const known = new Map(counted.map(({ group, counts }) => [group, counts]))
  return spans.map(({ date }) => ({ date, ...(known.get(date) ?? NOTHING) }))
}
