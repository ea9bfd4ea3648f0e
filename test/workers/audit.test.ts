import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../core/api/audit.ts'
import { AUDIT_KINDS } from '../../core/audit.ts'
import { changeRights } from '../../worker/db/members.ts'
import { AUDIT_SWEEP } from '../../worker/db/sweep.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import worker from '../../worker/index.ts'
import {
  accept,
  inWorkspace,
  type Person,
  person,
  reset,
  resetLink,
  secretOf,
  send,
  wanted,
} from '../support/corpora/people.ts'
import { expectProblem } from '../support/corpora/problems.ts'

const LOG = '/api/v1/audit-log'

let ana: Person
let ben: Person

const log = async (query = '', who = ana): Promise<AuditEntry[]> => (await who.asks(`${LOG}${query}`)).body.list
const change = (method: string, path: string, body?: object, who = ana) =>
  who.asks(path, { method, ...(body ? { body } : {}) })
const newest = async () => (await log('?limit=1'))[0]

beforeAll(async () => {
  ana = person(await send('/api/v1/installation', { body: wanted() }))
  const invited = await change('POST', '/api/v1/invitations', { email: 'ben@example.com', role: 'agent' })
  ben = person(await accept(secretOf(invited.body.link), 'Ben'))
})

describe('[PR3] the audit log', () => {
  it('[PR3] begins with the workspace, and tells who was invited and came', async () => {
    expect(
      (await log()).map(({ action, actorName, subjectName, detail }) => [action, actorName, subjectName, detail]),
    ).toEqual([
      ['member.joined', 'Ben', 'Ben', { email: 'ben@example.com', role: 'agent' }],
      ['invitation.created', 'Ana', 'ben@example.com', { name: 'ben@example.com', role: 'agent' }],
      ['workspace.created', 'Ana', "Ana's shop", { name: "Ana's shop" }],
    ])
  })

  it('[PR3] tells every change of members, invitations and channels, once and by whom', async () => {
    const invited = await change('POST', '/api/v1/invitations', { email: 'no@example.com', role: 'admin' })
    const channel = (await change('GET', '/api/v1/channels')).body.list[0].id
    const steps: Array<[() => Promise<unknown>, Partial<AuditEntry> | null]> = [
      [
        () => change('PATCH', `/api/v1/members/${ben.member}`, { role: 'admin' }),
        { action: 'member.role_changed', subject: ben.member, detail: { from: 'agent', to: 'admin' } },
      ],
      [() => change('PATCH', `/api/v1/members/${ben.member}`, { role: 'admin' }), null],
      [
        () => change('PATCH', `/api/v1/members/${ben.member}`, { disabled: true }),
        { action: 'member.disabled', subject: ben.member },
      ],
      [() => change('PATCH', `/api/v1/members/${ben.member}`, { disabled: true }), null],
      [
        () => change('PATCH', `/api/v1/members/${ben.member}`, { disabled: false }),
        { action: 'member.enabled', subject: ben.member },
      ],
      [() => change('PATCH', `/api/v1/members/${ana.member}`, { disabled: true }), null],
      [
        () => change('PATCH', '/api/v1/me', { name: 'Ana B.' }),
        { action: 'member.renamed', detail: { from: 'Ana', to: 'Ana B.' } },
      ],
      [() => change('PATCH', '/api/v1/me', { name: 'Ana B.', available: false }), null],
      [
        () => change('PATCH', '/api/v1/policies', { reopen: 'never', closeAfterMs: 86_400_000 }),
        {
          action: 'workspace.policy_changed',
          detail: { changed: ['reopen', 'closeAfterMs'], to: { reopen: 'never', closeAfterMs: 86_400_000 } },
        },
      ],
      [() => change('PATCH', '/api/v1/policies', { reopen: 'never' }), null],
      [
        () => change('PATCH', `/api/v1/channels/${channel}/policy`, { mayWrite: 'anyone' }),
        {
          action: 'channel.policy_changed',
          subject: channel,
          detail: { changed: ['mayWrite'], to: { mayWrite: 'anyone' } },
        },
      ],
      [
        () => change('PATCH', `/api/v1/channels/${channel}/policy`, { inherit: ['mayWrite'] }),
        { action: 'channel.policy_changed', subject: channel, detail: { changed: ['mayWrite'], to: {} } },
      ],
      [
        () => change('DELETE', `/api/v1/invitations/${invited.body.invitation.id}`),
        { action: 'invitation.revoked', subjectName: 'no@example.com' },
      ],
      [() => change('DELETE', `/api/v1/invitations/${invited.body.invitation.id}`), null],
      [
        () => change('POST', '/api/v1/channels', { name: 'Blog', origins: ['blog.example'] }),
        { action: 'channel.created', subjectName: 'Blog' },
      ],
      [
        () => change('PATCH', `/api/v1/channels/${channel}`, { colour: '#112233', name: 'Website' }),
        { action: 'channel.changed', subject: channel, detail: { name: 'Website', changed: ['colour'] } },
      ],
      [() => change('PATCH', `/api/v1/channels/${channel}`, { colour: '#112233' }), null],
      [() => change('PATCH', '/api/v1/channels/ch_none', { colour: '#112233' }), null],
    ]
    for (const [act, told] of steps) {
      const before = await log()
      await act()
      const after = await log()
      expect(after.slice(after.length - before.length)).toEqual(
        before.map((entry) => expect.objectContaining({ id: entry.id })),
      )
      const fresh = after.slice(0, after.length - before.length)
      expect(fresh).toEqual(told ? [expect.objectContaining({ actor: `agent:${ana.member}`, ...told })] : [])
    }
  })

  it('[PR3] tells of passwords and sessions what happened, never a secret', async () => {
    const link = await resetLink(ana, ben.member)
    expect(await newest()).toMatchObject({ action: 'member.reset_issued', subject: ben.member })
    await reset(link, 'a wholly new password')
    expect(await newest()).toMatchObject({ action: 'member.password_set', actor: `agent:${ben.member}` })
    ben = person(
      await send('/api/v1/session', { body: { email: 'ben@example.com', password: 'a wholly new password' } }),
    )
    await change('DELETE', '/api/v1/sessions', undefined, ben)
    expect(await newest()).toMatchObject({ action: 'member.signed_out', actor: `agent:${ben.member}` })
    const text = JSON.stringify(await log())
    expect(text).not.toContain(link)
    expect(text).not.toContain('a wholly new password')
  })

  it('[PR3] tells who took a report out of Foyer, of which days and channel, and not who looked at it', async () => {
    const [{ id, name }] = (await change('GET', '/api/v1/channels')).body.list
    const report = '/api/v1/reports/satisfaction'
    const credentials = { email: 'ben@example.com', password: 'a wholly new password' }
    ben = person(await send('/api/v1/session', { body: credentials }))
    const before = await log()
    expect((await ana.asks(`${report}?days=2`)).status).toBe(200)
    expect((await ana.asks(`${report}.csv?days=367`)).status).toBe(422)
    await change('PATCH', `/api/v1/members/${ben.member}`, { role: 'agent' })
    expectProblem(await ben.asks(`${report}.csv`), 403, 'forbidden')
    await change('PATCH', `/api/v1/members/${ben.member}`, { role: 'admin' })
    expect(await log('?kind=report')).toEqual([])
    expect(await log()).toHaveLength(before.length + 2)
    const days = (await ana.asks(`${report}?days=2`)).body.days.map(({ date }: { date: string }) => date)
    await ana.asks(`${report}.csv?days=2&channel=${id}`)
    await ben.asks(`${report}.csv?days=1`)
    const exported = { action: 'report.exported', subject: 'satisfaction', subjectName: 'Satisfaction' }
    const span = { name: 'Satisfaction', from: days[1], to: days[1] }
    expect(await log('?kind=report')).toMatchObject([
      { ...exported, actor: `agent:${ben.member}`, detail: span },
      { ...exported, actor: `agent:${ana.member}`, detail: { ...span, from: days[0], channel: name } },
    ])
    expect((await newest())?.detail).not.toHaveProperty('channel')
  })

  it('[PR3] an entry and its change are one: where the one cannot be written, nor is the other', async () => {
    const me = { workspace: ana.workspace, member: ana.member, name: 'Ana', role: 'owner' } as never
    const before = await log()
    const broken = new Proxy(env.DB, {
      get: (db, key) =>
        key === 'prepare'
          ? (sql: string) => db.prepare(sql.replace('INSERT INTO audit_log (id,', 'INSERT INTO audit_log (nothing,'))
          : Reflect.get(db, key).bind(db),
    })
    const target = { id: ben.member, role: 'admin', disabledAt: null } as const
    const attempt = changeRights(openWorkspace(broken, me), target, { role: 'agent', disabledAt: null }, Date.now())
    await expect(attempt).rejects.toThrow()
    const { list } = (await change('GET', '/api/v1/members')).body
    expect(list.find((m: { id: string }) => m.id === ben.member).role).toBe('admin')
    expect(await log()).toEqual(before)
    expect(await env.DB.prepare('SELECT count(*) AS n FROM changes').first('n')).toBe(0)
  })

  it('[PR3] comes in pages without a gap or a double, also where many stand at one moment', async () => {
    await env.DB.batch(
      Array.from({ length: 7 }, (_, i) =>
        env.DB.prepare(
          "INSERT INTO audit_log (id, workspace_id, at, actor, action, subject, detail) VALUES (?, ?, 5, 'system', 'member.joined', NULL, '{}')",
        ).bind(`au_same${i}`, ana.workspace),
      ),
    )
    const whole = await log('?limit=100')
    const walked: AuditEntry[] = []
    let cursor = ''
    for (;;) {
      const page = (await ana.asks(`${LOG}?limit=3${cursor}`)).body
      walked.push(...page.list)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(walked).toEqual(whole)
    expect(whole.map(({ at }) => at)).toEqual(whole.map(({ at }) => at).sort((a, b) => b - a))
    expectProblem(await ana.asks(`${LOG}?cursor=1;drop`), 422, 'invalid_request')
  })

  it('[PR3] can be narrowed to a member and to a kind', async () => {
    const whole = await log('?limit=100')
    const ofBen = (entry: AuditEntry) => entry.actor === `agent:${ben.member}` || entry.subject === ben.member
    expect(await log(`?limit=100&member=${ben.member}`)).toEqual(whole.filter(ofBen))
    for (const kind of AUDIT_KINDS)
      expect(await log(`?limit=100&kind=${kind}`)).toEqual(whole.filter(({ action }) => action.startsWith(`${kind}.`)))
    expect(await log(`?kind=channel&member=${ben.member}`)).toEqual([])
  })

  it('[PR3] is for administrators of that workspace alone', async () => {
    await change('POST', '/api/v1/workspaces', { name: 'Other', timeZone: 'UTC' })
    const { memberships } = (await ana.asks('/api/v1/session')).body
    const other = memberships.find((m: { workspace: { name: string } }) => m.workspace.name === 'Other')
    const there = await log('', inWorkspace(ana.cookie, other.workspace.id, other.member))
    expect(there.map(({ action }) => action)).toEqual(['workspace.created'])
    expect(JSON.stringify(await log())).not.toContain(other.workspace.id)
    ben = person(
      await send('/api/v1/session', { body: { email: 'ben@example.com', password: 'a wholly new password' } }),
    )
    await change('PATCH', `/api/v1/members/${ben.member}`, { role: 'agent' })
    expectProblem(await ben.asks(LOG), 403, 'forbidden')
  })
})

describe('[PR3] what is swept', () => {
  const DAY_MS = 86_400_000
  const now = Date.parse('2026-11-21T06:00:30Z')
  const ids = async (table: string, id: string) =>
    (await env.DB.prepare(`SELECT ${id} AS id FROM ${table} WHERE ${id} LIKE 'swept%' ORDER BY 1`).all()).results.map(
      (row) => row['id'],
    )

  it('[PR3] is what the audit log has told for 400 days, and limits that have refilled; everything else stays', async () => {
    const old = 400 * DAY_MS
    const audit = env.DB.prepare(
      `INSERT INTO audit_log (id, workspace_id, at, actor, action, subject, detail)
       SELECT ?1, id, ?2, 'system', 'workspace.created', id, '{}' FROM workspaces LIMIT 1`,
    )
    const limit = env.DB.prepare('INSERT INTO throttles (key, arrival) VALUES (?1, ?2)')
    await env.DB.batch([
      audit.bind('swept1', now - old - 1),
      audit.bind('swept2', now - old),
      limit.bind('swept1', now - 1),
      limit.bind('swept2', now),
    ])
    const cron = async (at: number) => worker.scheduled(createScheduledController({ scheduledTime: at, cron: '' }), env)
    await cron(now + 60_000)
    expect(await ids('audit_log', 'id')).toEqual(['swept1', 'swept2'])
    await cron(now)
    expect([await ids('audit_log', 'id'), await ids('throttles', 'key')]).toEqual([['swept2'], ['swept2']])
  })

  it('[PR3] is found without reading the whole log', async () => {
    const asked = await env.DB.prepare(`EXPLAIN QUERY PLAN ${AUDIT_SWEEP}`).bind(now, 10).all<{ detail: string }>()
    const plan = asked.results.map(({ detail }) => detail).join()
    expect(plan).toMatch(/SEARCH old USING .*audit_log_by_time \(workspace_id=\? AND at<\?\)/)
  })
})
