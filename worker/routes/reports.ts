/** Reports: what happened in the workspace over time, to read and as a file. */
import { createRoute, z } from '@hono/zod-openapi'
import { SatisfactionQuery, SatisfactionReport } from '../../core/api/reports.ts'
import { satisfactionCsv } from '../../core/reports/satisfactionCsv.ts'
import { mayRead } from '../auth/authorize.ts'
import type { Caller } from '../auth/principal.ts'
import { listPrograms } from '../db/apiKeys.ts'
import { auditExport, type Happening } from '../db/audit.ts'
import { listChannels } from '../db/channels.ts'
import { listMembers } from '../db/members.ts'
import { satisfaction } from '../db/satisfaction.ts'
import type { Workspace } from '../db/workspace.ts'
import { deletedJustNow } from '../inboxList.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, bySessionOrKey, inWorkspace, problems, routes } from '../openapi.ts'

const reader = {
  middleware: signedIn,
  security: bySessionOrKey('ratings:read'),
  request: { headers: inWorkspace, query: SatisfactionQuery },
}

const bySatisfaction = createRoute({
  method: 'get',
  path: '/api/v1/reports/satisfaction',
  operationId: 'reportSatisfaction',
  summary: 'How visitors rated, by day, agent and channel',
  ...reader,
  responses: { 200: answer('The report', SatisfactionReport), ...problems },
})
const asCsv = createRoute({
  method: 'get',
  path: '/api/v1/reports/satisfaction.csv',
  operationId: 'exportSatisfaction',
  summary: 'The same as a file, for who may take data out of Foyer',
  ...reader,
  responses: {
    200: { description: 'UTF-8 with a byte order mark, RFC 4180', content: { 'text/csv': { schema: z.string() } } },
    ...problems,
  },
})

export const reportRoutes = routes()
  .openapi(bySatisfaction, async (c) => {
    const workspace = workspaceFor(c, 'reports.read')
    const { days, channel } = c.req.valid('query')
    const report = await reportOf(c.env, workspace, days, channel, Date.now())
    return c.json(forCaller(c.get('principal'), report), 200)
  })
  .openapi(asCsv, async (c) => {
    const workspace = workspaceFor(c, 'reports.export')
    const { days, channel } = c.req.valid('query')
    const [caller, now] = [c.get('principal'), Date.now()]
    const [report, names] = await Promise.all([
      reportOf(c.env, workspace, days, channel, now),
      namesFor(caller, workspace),
    ])
    // A program has the same numbers without a file; its scopes stand in the log.
    if (caller.kind === 'agent')
      await auditExport(workspace, exported(report, channel && (names.channels.get(channel) ?? channel)), now)
    // Without the mark spreadsheets take it for another encoding.
    return c.body(`\uFEFF${satisfactionCsv(report, names)}`, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="satisfaction-${report.days.at(-1)?.date}.csv"`,
    })
  })

/** CV12: what was said in a conversation that was deleted is hidden at once, before the index knows of it. */
async function reportOf(
  env: Env,
  workspace: Workspace,
  days: number,
  channel: string | undefined,
  now: number,
): Promise<SatisfactionReport> {
  // First the overlay, then D1: what left the overlay in between is in D1 already.
  const hidden = await deletedJustNow(env, workspace.id)
  const report = await satisfaction(workspace, days, channel ?? null, now)
  return { ...report, comments: report.comments.filter(({ conversation }) => !hidden.has(conversation)) }
}

/** @param channel its name, where the report is of one alone */
function exported({ days }: SatisfactionReport, channel: string | undefined): Happening {
  const span = { from: days[0]?.date, to: days.at(-1)?.date }
  return { action: 'report.exported', subject: 'satisfaction', detail: { name: 'Satisfaction', ...span, channel } }
}

/** A key that may not read contacts is not told their names here either. */
function forCaller(caller: Caller, report: SatisfactionReport): SatisfactionReport {
  if (mayRead(caller, 'contacts:read')) return report
  return { ...report, comments: report.comments.map((comment) => ({ ...comment, contactName: null })) }
}

async function namesFor(caller: Caller, workspace: Workspace) {
  const people = mayRead(caller, 'members:read')
  const [members, programs, channels] = await Promise.all([
    people ? listMembers(workspace) : [],
    people ? listPrograms(workspace) : [],
    mayRead(caller, 'channels:read') ? listChannels(workspace) : [],
  ])
  return { members: namesById(members), programs: namesById(programs), channels: namesById(channels) }
}

function namesById(list: ReadonlyArray<{ id: string; name: string }>): Map<string, string> {
  return new Map(list.map(({ id, name }) => [id, name]))
}
