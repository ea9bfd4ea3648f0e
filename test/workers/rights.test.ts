import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../core/conversation/entries.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { TELL_AGAIN_MS } from '../../durable-objects/conversation/registry.ts'
import { mintVisitorToken } from '../../worker/auth/visitorToken.ts'
import { tellUnheard } from '../../worker/rights.ts'
import { asleep } from '../support/asleep.ts'
import { knock } from '../support/corpora/knock.ts'
import { EVERY_MEMBER, filled, nameOf, operations } from '../support/corpora/operations.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { isHeard } from '../support/heard.ts'
import { cookieFor, installation, member, type Signed } from '../support/installation.ts'
import { agent, colleague, inboxStub, Line, openLine, type Seat, stranger, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

type Agent = Awaited<ReturnType<typeof agent>>

let owner: Agent
beforeAll(async () => {
  owner = await agent()
})

const patch = (who: Agent, id: string, body: object) => who.ask(`/api/v1/members/${id}`, { method: 'PATCH', body })
const disable = (id: string, by = owner) => patch(by, id, { disabled: true })
const object = (id: string) => env.CONVERSATION.getByName(id)

/** How an attempt to open a socket ends: welcomed, or a close code. */
async function welcomed(path: string, cookie: string): Promise<'welcome' | number> {
  const line = await openLine<{ type: string }>(path, { cookie })
  const outcome = await Promise.race([
    line.get((frame) => frame.type === 'welcome').then(() => 'welcome' as const),
    line.gone(),
  ])
  if (outcome === 'welcome') line.close()
  return outcome
}
const inboxPath = (workspace: string) => `/api/v1/inbox/socket?workspace=${workspace}`
const socketPath = (id: string) => `/api/v1/conversations/${id}/socket`

async function assign(id: string, to: string | null): Promise<void> {
  const answer = await owner.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: to } })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

const assigneeOf = async (id: string): Promise<string | null> =>
  (await owner.ask(`/api/v1/conversations/${id}`)).body.assignee

async function given(to: Agent | null, text = 'hello'): Promise<Seat & { id: string }> {
  const vic = await (await visitor()).arrives(text)
  if (to) await assign(vic.id, to.member)
  await isHeard(owner.workspace, vic.id, { assignee: to?.member ?? null })
  return vic
}

/** Another browser of the same person. */
async function otherBrowser(who: Signed): Promise<Agent> {
  const token = `s_${crypto.randomUUID()}`
  const now = Date.now()
  await env.DB.prepare(
    `INSERT INTO sessions (id, token, user_id, expires_at, created_at, updated_at)
     VALUES (?1, ?1, (SELECT user_id FROM members WHERE id = ?2), ?3, ?4, ?4)`,
  )
    .bind(token, who.member, now + 86_400_000, now)
    .run()
  return agent({ ...who, cookie: await cookieFor(token) })
}

async function anotherOwner(): Promise<Agent> {
  const other = await colleague('Olga', 'admin')
  await env.DB.prepare("UPDATE members SET role = 'owner' WHERE id = ?").bind(other.member).run()
  return other
}

describe('[PR1][PR2] roles × routes × sockets', () => {
  const ADMINS = new Set([
    'PATCH /api/v1/members/{id}',
    'POST /api/v1/members/{id}/password-resets',
    'GET /api/v1/invitations',
    'POST /api/v1/invitations',
    'DELETE /api/v1/invitations/{id}',
    'POST /api/v1/channels',
    'PATCH /api/v1/channels/{id}',
    'GET /api/v1/policies',
    'PATCH /api/v1/policies',
    'GET /api/v1/channels/{id}/policy',
    'PATCH /api/v1/channels/{id}/policy',
    'GET /api/v1/audit-log',
    'POST /api/v1/index-rebuilds',
    'GET /api/v1/groups',
    'POST /api/v1/groups',
    'PATCH /api/v1/groups/{id}',
    'DELETE /api/v1/groups/{id}',
    // By a right that agents do not hold unless a group gives it.
    'DELETE /api/v1/conversations/{id}',
    'POST /api/v1/conversations/{id}/restoration',
    'GET /api/v1/reports/satisfaction.csv',
    'GET /api/v1/bans',
    'POST /api/v1/bans',
    'DELETE /api/v1/bans/{id}',
    'PUT /api/v1/contacts/{id}/ban',
    'DELETE /api/v1/contacts/{id}/ban',
    'GET /api/v1/keys',
    'POST /api/v1/keys',
    'DELETE /api/v1/keys/{id}',
    'POST /api/v1/senders',
    'POST /api/v1/senders/{id}/codes',
    'POST /api/v1/senders/{id}/verification',
    'DELETE /api/v1/senders/{id}',
    'GET /api/v1/smtp',
    'PUT /api/v1/smtp',
    'DELETE /api/v1/smtp',
    'POST /api/v1/smtp/tests',
  ])
  const OWNERS = new Set(['POST /api/v1/workspaces'])
  /** By a right that everyone has at first; who loses it is refused (ratings.test.ts). */
  const AT_FIRST = ['GET /api/v1/reports/satisfaction']
  /** Of the person, not of a workspace: whoever has a session may. */
  const OWN = new Set(['GET /api/v1/session', 'DELETE /api/v1/sessions'])

  /** Routes that look at the cookie alone. */
  const OWN_OR_NONE = new Set([...OWN, ...OWNERS])

  type Who = 'owner' | 'admin' | 'agent' | 'disabled' | 'stranger' | 'visitor' | 'nobody'
  const ROLES: Who[] = ['owner', 'admin', 'agent', 'disabled', 'stranger', 'visitor', 'nobody']

  function may(who: Who, name: string): boolean {
    if (who === 'visitor' || who === 'nobody') return false
    if (OWN.has(name)) return true
    if (who === 'disabled' || who === 'stranger') return false
    if (OWNERS.has(name)) return who === 'owner'
    return who !== 'agent' || !ADMINS.has(name)
  }

  /** Each asks with a session of their own: one operation ends them all. */
  async function cast(who: Who): Promise<Agent | null> {
    if (who === 'owner') return anotherOwner()
    if (who === 'admin' || who === 'agent') return colleague('Cast', who)
    if (who === 'stranger') return stranger()
    if (who !== 'disabled') return null
    const left = await colleague('Left', 'admin')
    await disable(left.member)
    return left
  }

  it('[Q16][PR2] say of every operation who may ask for it: none is open because nobody thought of it', () => {
    const listed = [...ADMINS, ...OWNERS, ...OWN, ...AT_FIRST, ...EVERY_MEMBER].sort()
    const asked = operations().filter(({ by }) => by === 'agent')
    expect(asked.map(nameOf).sort()).toEqual(listed)
  })

  it.each(ROLES)('[Q16][PR2] %s', async (who) => {
    const vic = await (await visitor()).arrives('hello')
    const target = await member('Target')
    const names = { channel: (await installation()).channel, member: target.member, conversation: vic.id }
    const token = await mintVisitorToken(env, owner.workspace, 'd_matrix' as never, Date.now())
    for (const operation of operations(names).filter((o) => o.by === 'agent')) {
      const person = await cast(who)
      const id = operation.path.includes('/conversations/')
        ? vic.id
        : operation.path.includes('/members/')
          ? target.member
          : 'x'
      const answer = await knock(filled(operation.path, id), {
        method: operation.method,
        ...(operation.body ? { body: operation.body } : {}),
        headers: {
          'foyer-workspace': owner.workspace,
          ...(person ? { cookie: person.cookie } : {}),
          ...(who === 'visitor' ? { authorization: `Bearer ${token}` } : {}),
        },
      })
      const name = nameOf(operation)
      // Whose message it is decides; that has a suite of its own.
      if (/messages\/\{n\}$/.test(name) && answer.body.code === 'not_allowed') expect(may(who, name)).toBe(true)
      else if (may(who, name)) {
        // What stands in the place of ids may name nothing; that is another answer than "you may not".
        expect([name, answer.status]).toEqual([
          name,
          expect.toSatisfy((s: number) => s < 300 || s === 404 || s === 409),
        ])
        if (answer.status === 404) expect(name).toMatch(/invitations|channels|contacts|bans|groups|keys|senders|smtp/)
      } // A visitor's token is no key.
      else if (person === null)
        expectProblem(answer, 401, who === 'visitor' && !OWN_OR_NONE.has(name) ? 'invalid_key' : 'unauthorized')
      else expect([name, answer.status]).toEqual([name, expect.toSatisfy((s: number) => [403, 404, 422].includes(s))])
    }
    const person = await cast(who)
    const member_ = ['owner', 'admin', 'agent'].includes(who)
    const cookie = person?.cookie ?? ''
    expect(await welcomed(inboxPath(owner.workspace), cookie)).toBe(member_ ? 'welcome' : person ? 4403 : 4401)
    expect(await welcomed(socketPath(vic.id), cookie)).toBe(member_ ? 'welcome' : person ? 4404 : 4401)
  })

  it('[MS8] on a socket it is the same: an administrator deletes any message, an agent does not', async () => {
    const vic = await (await visitor()).arrives('hello')
    for (const [role, outcome] of [
      ['agent', 'not_allowed'],
      ['admin', undefined],
    ] as const) {
      const seat = await (await colleague('Cast', role)).opens(vic.id)
      const { answer } = await seat.does({ type: 'delete_message', ref: 2 })
      expect(answer.type === 'refused' ? answer.code : undefined).toBe(outcome)
    }
  })
})

describe('[PR2] who is disabled', () => {
  it('[PR2] is cut off at once everywhere, and cannot come back', async () => {
    const ben = await colleague('Ben', 'admin')
    const one = await given(ben)
    const two = await given(null)
    const watching = await owner.watches()
    const colleagues = await owner.opens(two.id)
    const lines: Array<Line<never> | Line> = [
      (await ben.opens(one.id)).line,
      (await ben.opens(two.id)).line,
      (await ben.opens(two.id)).line,
      (await ben.watches()) as unknown as Line<never>,
    ]
    const before = lines.map((line) => line.raw.length)
    const answer = await disable(ben.member)
    expect(answer.body).toMatchObject({ id: ben.member, disabledAt: expect.any(Number) })
    for (const line of lines) expect(await line.gone()).toBe(4408)
    expect(await welcomed(inboxPath(ben.workspace), ben.cookie)).toBe(4403)
    for (const { id } of [one, two]) expect(await welcomed(socketPath(id), ben.cookie)).toBe(4404)
    expectProblem(await ben.ask('/api/v1/conversations'), 403, 'forbidden')
    expectProblem(await ben.ask(`/api/v1/conversations/${one.id}`), 404, 'not_found')
    // Nothing reaches the closed sockets any more, and colleagues see that Ben has gone.
    await two.says('secret to Ben')
    await colleagues.sees('secret to Ben')
    expect(
      lines
        .slice(0, 3)
        .map((line, i) => line.raw.slice(before[i]).join())
        .join(),
    ).not.toContain('secret to Ben')
    const here = colleagues.line.frames.findLast((f) => f.type === 'present')
    expect(here).toMatchObject({ list: [{ name: owner.name }] })
    await watching.get((f) => f.type === 'changed' && f.what === 'members')
    const present = watching.frames.findLast((f) => f.type === 'members')
    expect(JSON.stringify(present)).not.toContain(ben.member)
  })

  it('[PR3] holds no open conversation any more; closed ones stay, for the record', async () => {
    const ben = await colleague('Ben')
    const [open, closed, others] = [await given(ben), await given(ben), await given(owner)]
    await closed.does({ type: 'close' })
    await isHeard(owner.workspace, closed.id, { assignee: ben.member, status: 'closed' })
    await disable(ben.member)
    expect(await Promise.all([open, closed, others].map(({ id }) => assigneeOf(id)))).toEqual([
      null,
      ben.member,
      owner.member,
    ])
    const { list } = (await owner.ask(`/api/v1/conversations/${open.id}/entries`)).body
    expect(list.filter((e: Entry) => e.author === 'system')).toMatchObject([
      { type: 'conversation.assigned', body: { from: ben.member, to: null } },
    ])
    // The visitor learns nothing of it, and goes on.
    expect(open.line.raw.join('\n')).not.toMatch(/"system"|assigned/)
    await open.says('still here')
    expectProblem(
      await owner.ask(`/api/v1/conversations/${open.id}`, { method: 'PATCH', body: { assignee: ben.member } }),
      422,
      'unknown_member',
    )
    // Told once more, nothing happens twice.
    await inboxStub(owner.workspace).rightsChanged(ben.member, true)
    const again = (await owner.ask(`/api/v1/conversations/${open.id}/entries`)).body.list
    expect(again.filter((e: Entry) => e.author === 'system')).toHaveLength(1)
  })

  it('[CV4] a closed one that comes back does not come back to somebody who has gone', async () => {
    const ben = await colleague('Ben')
    const vic = await given(ben)
    await vic.does({ type: 'close' })
    await isHeard(owner.workspace, vic.id, { assignee: ben.member, status: 'closed' })
    await disable(ben.member)
    await vic.says('one more thing')
    await eventually(async () => expect(await assigneeOf(vic.id)).toBeNull())
  })

  it('[PR3] what was given to somebody else a moment before stays with them', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const vic = await given(ben)
    // Gathered for half a second: the inbox object still thinks that it is Ben's.
    await owner.ask(`/api/v1/conversations/${vic.id}`, { method: 'PATCH', body: { status: 'waiting_human' } })
    await assign(vic.id, cleo.member)
    await disable(ben.member)
    expect(await assigneeOf(vic.id)).toBe(cleo.member)
  })

  it('[PR3] what came to them a moment before, before anybody was told, is given back too', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    await owner.ask(`/api/v1/conversations/${vic.id}/messages`, { body: { clientId: 'a:1', text: 'mine' } })
    await assign(vic.id, ben.member)
    await disable(ben.member)
    await eventually(async () => expect(await assigneeOf(vic.id)).toBeNull())
  })

  it('[PR2] also when the inbox could not be told at first: the change waits in D1 and is told every minute', async () => {
    const ben = await colleague('Ben')
    const vic = await given(ben)
    const [seat, watching] = [await ben.opens(vic.id), await ben.watches()]
    const unreachable = {
      getByName: () => ({
        rightsChanged: () => Promise.reject(new Error('out of reach')),
        announce: () => Promise.reject(new Error('out of reach')),
      }),
    }
    const silent = vi.spyOn(console, 'error').mockReturnValue()
    const answer = await knock(`/api/v1/members/${ben.member}`, {
      method: 'PATCH',
      body: { disabled: true },
      headers: { cookie: owner.cookie, 'foyer-workspace': owner.workspace },
      bindings: { INBOX: unreachable as never },
    })
    silent.mockRestore()
    // Done is done: that nobody could be told yet is no failure of the request.
    expect(answer.status).toBe(200)
    const changes = () =>
      env.DB.prepare('SELECT count(*) AS n FROM changes WHERE member_id = ?').bind(ben.member).first<{ n: number }>()
    expect(await changes()).toEqual({ n: 1 })
    expect([seat.line.closed, watching.closed]).toEqual([null, null])
    // Not yet: whoever made the change may be telling it this moment.
    await tellUnheard(env, Date.now() + 5_000)
    expect(await changes()).toEqual({ n: 1 })
    await tellUnheard(env, Date.now() + 60_000)
    expect([await seat.line.gone(), await watching.gone()]).toEqual([4408, 4408])
    expect(await changes()).toEqual({ n: 0 })
    expect(await assigneeOf(vic.id)).toBeNull()
  })

  it('[PR2] also who came in while the inbox was out of reach, and has said nothing since', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    const failing = (is: boolean) =>
      runInDurableObject(object(vic.id), (conversation) => {
        const opened = () => Promise.reject(new Error('out of reach'))
        Object.assign(conversation, { env: is ? { ...env, INBOX: { getByName: () => ({ opened }) } } : env })
      })
    const later: Array<() => void> = []
    const wait = globalThis.setTimeout
    const timers = vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((run: () => void, ms?: number) =>
        ms === TELL_AGAIN_MS ? later.push(run) : wait(run, ms)) as typeof setTimeout)
    await failing(true)
    const seat = await ben.opens(vic.id)
    await eventually(() => expect(later).toHaveLength(1))
    await failing(false)
    await disable(ben.member)
    expect(seat.line.closed).toBeNull()
    await runInDurableObject(object(vic.id), () => later.pop()?.())
    expect(await seat.line.gone()).toBe(4408)
    timers.mockRestore()
  })

  it('[PR2] a conversation that could not be reached is asked again by the alarm', async () => {
    const ben = await colleague('Ben')
    const [vic, other] = [await given(null), await given(ben)]
    const seat = await ben.opens(vic.id)
    await inboxStub(owner.workspace).overlay()
    await runInDurableObject(inboxStub(owner.workspace), (inbox) => {
      const CONVERSATION = {
        getByName: (id: string) =>
          id === vic.id ? { revoke: () => Promise.reject(new Error('out of reach')) } : env.CONVERSATION.getByName(id),
      }
      Object.assign(inbox, { env: { ...env, CONVERSATION } })
    })
    await disable(ben.member)
    expect(seat.line.closed).toBeNull()
    await asleep(inboxStub(owner.workspace))
    await eventually(async () => expect(await rings(inboxStub(owner.workspace))).toBe(true))
    expect(await seat.line.gone()).toBe(4408)
    expect(await assigneeOf(other.id)).toBeNull()
  })

  it('[PR3] nor is giving back forgotten because something else changed meanwhile', async () => {
    const ben = await colleague('Ben')
    const vic = await given(ben)
    await runInDurableObject(inboxStub(owner.workspace), (inbox) => {
      const CONVERSATION = {
        getByName: () => ({
          revoke: () => Promise.reject(new Error('out of reach')),
          dispatch: () => Promise.reject(new Error('out of reach')),
        }),
      }
      Object.assign(inbox, { env: { ...env, CONVERSATION } })
    })
    await disable(ben.member)
    // Signs out: of that, too, the inbox object is told.
    expect((await ben.ask('/api/v1/session', { method: 'DELETE' })).status).toBe(204)
    expect(await assigneeOf(vic.id)).toBe(ben.member)
    await asleep(inboxStub(owner.workspace))
    await eventually(async () => {
      await rings(inboxStub(owner.workspace))
      expect(await assigneeOf(vic.id)).toBeNull()
    })
  })

  it('[PR2] who is let in again is a member again', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    await disable(ben.member)
    expect(await welcomed(inboxPath(ben.workspace), ben.cookie)).toBe(4403)
    expect((await patch(owner, ben.member, { disabled: false })).body).toMatchObject({ disabledAt: null })
    expect(await welcomed(inboxPath(ben.workspace), ben.cookie)).toBe('welcome')
    await assign(vic.id, ben.member)
    await isHeard(owner.workspace, vic.id, { assignee: ben.member })
    expect(await assigneeOf(vic.id)).toBe(ben.member)
  })
})

describe('[PR2] whose rights change', () => {
  it('[PR2] comes back with the new ones; what was open with the old ones is closed', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    const [seat, watching] = [await ben.opens(vic.id), await ben.watches()]
    const { answer } = await seat.does({ type: 'delete_message', ref: 2 })
    expect(answer).toMatchObject({ code: 'not_allowed' })
    expect((await patch(owner, ben.member, { role: 'admin' })).body).toMatchObject({ role: 'admin' })
    expect([await seat.line.gone(), await watching.gone()]).toEqual([4408, 4408])
    const again = await ben.opens(vic.id)
    expect((await again.does({ type: 'delete_message', ref: 2 })).answer.type).toBe('entries')
    await patch(owner, ben.member, { role: 'agent' })
    expect(await again.line.gone()).toBe(4408)
    expectProblem(await ben.ask('/api/v1/invitations'), 403, 'forbidden')
  })

  it('[PR2] each time: a socket that came back is closed again by the next change', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    for (const role of ['admin', 'agent', 'admin', 'agent']) {
      const seat = await ben.opens(vic.id)
      await patch(owner, ben.member, { role })
      expect(await seat.line.gone()).toBe(4408)
    }
  })

  it.each(['conversation', 'inbox'])(
    '[PR2] rights that were read before the change open no %s socket',
    async (kind) => {
      const ben = await colleague('Ben')
      const vic = await given(null)
      const stale = encodeIdentity({
        kind: 'agent',
        memberships: [{ workspace: ben.workspace, member: ben.member, name: 'Ben', role: 'agent' }],
        sessionExpiresAt: Date.now() + 86_400_000,
        asOf: Date.now(),
      })
      await disable(ben.member)
      const stub = kind === 'inbox' ? inboxStub(ben.workspace) : object(vic.id)
      const answer = await stub.fetch('http://object/', { headers: { upgrade: 'websocket', [IDENTITY_HEADER]: stale } })
      if (!answer.webSocket) return expect(answer.status).toBe(403)
      expect(await new Line<InboxFrame>(answer.webSocket, null).gone()).toBe(4408)
    },
  )

  it('[PR2] nobody else is disturbed', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const vic = await given(null)
    const seat = await cleo.opens(vic.id)
    await disable(ben.member)
    await vic.says('fence')
    await seat.sees('fence')
    expect(seat.line.closed).toBeNull()
  })
})

describe('[PR1] owners', () => {
  const onlyOwner = () =>
    env.DB.prepare("UPDATE members SET role = CASE id WHEN ? THEN 'owner' ELSE 'agent' END WHERE workspace_id = ?")
      .bind(owner.member, owner.workspace)
      .run()
  beforeAll(onlyOwner)

  it('[PR1] the last one can neither go nor become anything else', async () => {
    for (const body of [{ role: 'admin' }, { role: 'agent' }, { disabled: true }, { role: 'owner', disabled: true }])
      expectProblem(await patch(owner, owner.member, body), 409, 'last_owner')
    expect((await patch(owner, owner.member, { role: 'owner' })).status).toBe(200)
    // What was refused is told to nobody, not even later.
    const vic = await given(owner)
    const seat = await owner.opens(vic.id)
    await tellUnheard(env, Date.now() + 60_000)
    await rings(inboxStub(owner.workspace))
    await vic.says('fence')
    await seat.sees('fence')
    expect([await assigneeOf(vic.id), seat.line.closed]).toEqual([owner.member, null])
  })

  it('[PR1] administrators neither make one nor touch one', async () => {
    const [adam, ben] = [await colleague('Adam', 'admin'), await colleague('Ben')]
    for (const [target, body] of [
      [owner, { role: 'agent' }],
      [owner, { disabled: true }],
      [ben, { role: 'owner' }],
      [adam, { role: 'owner' }],
    ] as const)
      expectProblem(await patch(adam, target.member, body), 403, 'forbidden')
    expect((await patch(adam, ben.member, { role: 'admin' })).status).toBe(200)
    expectProblem(await patch(await stranger(), ben.member, { role: 'agent' }), 404, 'not_found')
  })

  it('[PR1] two who show each other out at the same moment: one stays', async () => {
    for (let i = 0; i < 6; i += 1) {
      const other = await colleague('Olga', 'admin')
      expect((await patch(owner, other.member, { role: 'owner' })).status).toBe(200)
      await Promise.all([patch(owner, other.member, { role: 'admin' }), patch(other, owner.member, { role: 'admin' })])
      const left = await env.DB.prepare(
        "SELECT count(*) AS n FROM members WHERE workspace_id = ? AND role = 'owner' AND disabled_at IS NULL",
      )
        .bind(owner.workspace)
        .first<{ n: number }>()
      await onlyOwner()
      expect(left?.n).toBeGreaterThanOrEqual(1)
    }
  })
})

describe('[PR2] who signs out', () => {
  it('[PR2] here: this browser’s sockets end, another browser of theirs comes back by itself', async () => {
    const ben = await colleague('Ben')
    const there = await otherBrowser(ben)
    const vic = await given(null)
    const [here, other] = [await ben.opens(vic.id), await there.watches()]
    expect((await ben.ask('/api/v1/session', { method: 'DELETE' })).status).toBe(204)
    expect([await here.line.gone(), await other.gone()]).toEqual([4408, 4408])
    expect(await welcomed(socketPath(vic.id), ben.cookie)).toBe(4401)
    expect(await welcomed(socketPath(vic.id), there.cookie)).toBe('welcome')
  })

  it('[PR2] everywhere: every socket in every browser, and no session is left', async () => {
    const ben = await colleague('Ben')
    const there = await otherBrowser(ben)
    const vic = await given(ben)
    const lines = [(await ben.opens(vic.id)).line, (await there.opens(vic.id)).line, await there.watches()]
    const answer = await ben.ask('/api/v1/sessions', { method: 'DELETE' })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/Max-Age=0/)])
    for (const line of lines) expect(await line.gone()).toBe(4408)
    for (const who of [ben, there]) {
      expect(await welcomed(inboxPath(who.workspace), who.cookie)).toBe(4401)
      expectProblem(await who.ask('/api/v1/session'), 401, 'unauthorized')
    }
    // Not disabled: the conversation stays theirs.
    expect(await assigneeOf(vic.id)).toBe(ben.member)
    expect(await welcomed(inboxPath(owner.workspace), owner.cookie)).toBe('welcome')
  })

  it('[PR2] whose password was set anew is signed out everywhere, too', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    const seat = await ben.opens(vic.id)
    const { body } = await owner.ask(`/api/v1/members/${ben.member}/password-resets`, { method: 'POST' })
    const token = body.link.split('token=')[1]
    expect((await knock('/api/v1/password-resets', { body: { token, password: 'a new password' } })).status).toBe(204)
    expect(await seat.line.gone()).toBe(4408)
    expect(await welcomed(socketPath(vic.id), ben.cookie)).toBe(4401)
  })
})

describe('[PR2] a sign-out that could not be told at first', () => {
  it('[PR2] waits in D1, too, and disables nobody', async () => {
    const ben = await colleague('Ben')
    const vic = await given(ben)
    const seat = await ben.opens(vic.id)
    const unreachable = { getByName: () => ({ rightsChanged: () => Promise.reject(new Error('out of reach')) }) }
    const silent = vi.spyOn(console, 'error').mockReturnValue()
    const answer = await knock('/api/v1/sessions', {
      method: 'DELETE',
      headers: { cookie: ben.cookie },
      bindings: { INBOX: unreachable as never },
    })
    silent.mockRestore()
    expect([answer.status, seat.line.closed]).toEqual([204, null])
    await tellUnheard(env, Date.now() + 60_000)
    expect(await seat.line.gone()).toBe(4408)
    expect(await assigneeOf(vic.id)).toBe(ben.member)
    const { results } = await env.DB.prepare('SELECT * FROM changes').all()
    expect(results).toEqual([])
  })
})

describe('[PR2] changes that were heard late', () => {
  it('[PR2] only what holds by now counts: who was let in again keeps what is theirs', async () => {
    const ben = await colleague('Ben')
    const vic = await given(ben)
    const now = Date.now()
    const note = (id: string, disabled: number | null, at: number) =>
      env.DB.prepare(
        'INSERT INTO changes (id, workspace_id, member_id, disabled, created_at) VALUES (?, ?, ?, ?, ?)',
      ).bind(`${id}${ben.member}`, ben.workspace, ben.member, disabled, at)
    await env.DB.batch([note('c', null, now - 1_000), note('b', 0, now - 2_000), note('a', 1, now - 3_000)])
    await tellUnheard(env, now + 60_000)
    await rings(inboxStub(owner.workspace))
    expect(await assigneeOf(vic.id)).toBe(ben.member)
    const { results } = await env.DB.prepare('SELECT * FROM changes').all()
    expect(results).toEqual([])
  })

  it('[PR2] a dashboard whose session is over moves nothing and is told nothing more', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    const [over, other] = [await ben.watches(), await owner.watches()]
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 86_400_000 })
    over.send({ type: 'mark_unread', id: vic.id })
    over.send({ type: 'presence', state: 'away' })
    expect(await over.gone()).toBe(4408)
    vi.useRealTimers()
    expect(over.frames.filter((f) => f.type === 'markers')).toEqual([])
    other.close()
  })
})

describe('[CV6] availability', () => {
  it('[CV6] the switch outweighs being here, in every tab, and outlives a reconnect', async () => {
    const ben = await colleague('Ben')
    const watching = await owner.watches()
    const is = (availability: string) => (f: InboxFrame) =>
      f.type === 'members' && f.list.some((m) => m.member === ben.member && m.availability === availability)
    const [one, two] = [await ben.watches(), await ben.watches()]
    await watching.get(is('available'))
    one.send({ type: 'presence', state: 'away' })
    two.send({ type: 'presence', state: 'away' })
    await watching.get(is('away'))
    let from = watching.frames.length
    two.send({ type: 'presence', state: 'here' })
    await watching.get(is('available'), from)
    from = watching.frames.length
    const answer = await ben.ask('/api/v1/me', { method: 'PATCH', body: { available: false } })
    expect(answer.body).toMatchObject({ id: ben.member, available: false })
    await watching.get(is('away'), from)
    for (const tab of [one, two]) tab.close()
    await eventually(() =>
      expect(JSON.stringify(watching.frames.findLast((f) => f.type === 'members'))).not.toContain(ben.member),
    )
    from = watching.frames.length
    await ben.watches()
    await watching.get((f) => f.type === 'members' && f.list.some((m) => m.member === ben.member), from)
    expect(watching.frames.slice(from).some(is('available'))).toBe(false)
  })

  it('[PR2] a new display name is what visitors and colleagues see next', async () => {
    const ben = await colleague('Ben')
    const vic = await given(null)
    const seat = await ben.opens(vic.id)
    expect((await ben.ask('/api/v1/me', { method: 'PATCH', body: { name: ' Benedict ' } })).body).toMatchObject({
      name: 'Benedict',
    })
    expect(await seat.line.gone()).toBe(4408)
    await (await ben.opens(vic.id)).says('hello')
    await vic.sees('hello')
    expect(vic.entries.find((e) => e.type === 'agent.joined')?.body).toEqual({ name: 'Benedict' })
  })
})
