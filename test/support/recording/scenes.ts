/**
 * The rest of a recording: whatever else Worker and objects ask of each other, for every kind of caller. The assistant
 * has no Worker yet, and some calls are made only while D1 is away or by objects of before: those are asked directly.
 */
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { TOMBSTONE_MS, UNDO_MS } from '../../../core/conversation/deletion.ts'
import { policyFor } from '../../../core/conversation/policy.ts'
import type { ChannelId, ClientId, ContactId, DeviceId } from '../../../core/ids.ts'
import type { DispatchCall } from '../../../core/protocol/conversationCalls.ts'
import type { InboxFrame } from '../../../core/protocol/inboxFrames.ts'
import { SCOPES } from '../../../core/scopes.ts'
import { changePolicies, readPolicies } from '../../../worker/db/policies.ts'
import { openWorkspace } from '../../../worker/db/workspace.ts'
import { asleep } from '../asleep.ts'
import { installation } from '../installation.ts'
import { type agent, ask, inboxStub, type Line, type visitor } from '../play.ts'
import { rings } from '../rings.ts'
import { type Call, until } from './recorder.ts'

type Agent = Awaited<ReturnType<typeof agent>>
type Browser = Awaited<ReturnType<typeof visitor>>

export interface Cast {
  ana: Agent
  ben: Agent
  browser: Browser
  /** The conversation of the sockets. */
  id: string
  /** What has been asked so far. */
  calls: readonly Call[]
}

const at = (id: string, rest = '') => `/api/v1/conversations/${id}${rest}`

async function want(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
}

/** Whether Foyer itself commanded this, and it is done. */
function bySystem({ name, args: [call], answer }: Call, command: string): boolean {
  const { identity, envelope } = name === 'dispatch' ? (call as DispatchCall) : {}
  return identity?.kind === 'system' && envelope?.command.type === command && answer !== null
}

/** Agents over HTTP. */
export async function agents({ ana, ben, id }: Cast): Promise<void> {
  await want(ana.ask(at(id)))
  await want(ana.ask(at(id, '/entries?before=9&limit=5')))
  await want(ana.ask(at(id, '/entries?after=2.1&limit=5')))
  await want(ana.ask(at(id, '/messages'), { body: { text: 'by HTTP', clientId: 'http:1' } }))
  await want(ana.ask(at(id, '/notes'), { body: { text: 'canary-note-by-HTTP', clientId: 'http:2' } }))
  await want(ana.ask(at(id), { method: 'PATCH', body: { assignee: ben.member } }))
  await want(ana.ask(at(id), { method: 'PATCH', body: { assignee: null } }))
  await want(ana.ask(at(id), { method: 'PATCH', body: { priority: 'urgent' } }))
  await want(ana.ask(at(id), { method: 'PATCH', body: { status: 'closed' } }))
  await ana.ask(at(id), { method: 'PATCH', body: { status: 'waiting_human', expectedRev: 1 } })
  await want(ana.ask(at(id, '/collaborators'), { body: { member: ben.member } }))
  await want(ana.ask(at(id, `/collaborators/${ben.member}`), { method: 'DELETE' }))
  await want(ben.ask(at(id, '/rating-requests'), { method: 'POST' }))
  await want(ana.ask(at(id, '/ratings')))
  await want(ana.ask(at(id, '/score'), { method: 'PUT', body: { score: 2 } }))
  await want(ana.ask('/api/v1/conversations'))
  await want(ana.ask(at(id, '/transcript.txt')))
}

/** A program with a key, naming its requests. */
export async function programs({ ana, id }: Cast): Promise<string> {
  const { body } = await ana.ask('/api/v1/keys', { body: { name: 'Robot', scopes: SCOPES } })
  const robot = (path: string, given: object, name?: string) =>
    ask(path, {
      ...given,
      headers: { authorization: `Bearer ${body.secret}`, ...(name && { 'idempotency-key': name }) },
    })
  const said = { body: { text: 'by a program' } }
  await want(robot(at(id, '/messages'), said, 'one'))
  await want(robot(at(id, '/messages'), said, 'one'))
  await want(robot(at(id, '/notes'), { body: { text: 'canary-note-by-program' } }, 'two'))
  await want(robot(at(id), { method: 'PATCH', body: { priority: 'low' } }))
  await want(robot(at(id), {}))
  const list = (await robot(at(id, '/entries'), {})).body.list as Array<{ n: number; body: { text?: string } }>
  const mine = list.find((entry) => entry.body.text === 'by a program')?.n ?? 0
  await want(robot(at(id, `/messages/${mine}`), { method: 'PATCH', body: { text: 'by our program' } }))
  await want(robot(at(id, '/rating-requests'), { method: 'POST' }))
  const { channel } = await installation()
  const started = await robot('/api/v1/conversations', { body: { channel, text: 'by post', contact: {} } }, 'begun')
  await want(robot('/api/v1/conversations', { body: { channel, text: 'by post', contact: {} } }, 'begun'))
  return started.body.id
}

/** The visitor beside the socket: who they are, what they have, what they have not read, and how it was. */
export async function visitors({ browser, id }: Cast): Promise<void> {
  const headers = { authorization: `Bearer ${browser.token}` }
  await want(browser.tells({ email: 'vic@example.com', name: 'Vic' }))
  await want(browser.lists())
  const { badge } = (await ask('/widget/v1/badge-tokens', { body: { conversation: id }, headers })).body
  await want(ask('/widget/v1/badge', { raw: badge, headers: { 'content-type': 'text/plain' } }))
  await want(ask(`/widget/v1/conversations/${id}/transcript.txt`, { headers }))
}

/** Two transcripts: one that arrives, one that fails and is asked for once more. */
export async function transcripts({ ana, id }: Cast): Promise<void> {
  const from = 'help@shop.example'
  await env.DB.prepare(
    `INSERT INTO senders (id, workspace_id, address, verified_at, created_at, code_hash, code_expires_at, tries_left)
     VALUES ('sd_1', ?, ?, 1, 1, '', 0, 0)`,
  )
    .bind(ana.workspace, from)
    .run()
  const stub = () => env.CONVERSATION.getByName(id)
  const claim = async (request: number) => {
    const answer = await stub().effect({ do: 'claim', request })
    return 'job' in answer ? answer.job.claim : 0
  }
  const body = (to: string) => ({ body: { to, from, name: 'Tide' } })
  await want(ana.ask(at(id, '/transcripts'), body('vic@example.com')))
  await stub().effect({ do: 'tell', request: 1, claim: await claim(1), outcome: { outcome: 'accepted' } })
  await want(ana.ask(at(id, '/transcripts'), body('nobody@example.com')))
  const second = { do: 'tell', request: 2, claim: await claim(2) } as const
  await stub().effect({ ...second, outcome: { outcome: 'unknown', reason: 'No answer.' } })
  await stub().effect({ ...second, outcome: { outcome: 'refused', reason: 'It was full.', permanent: false } })
  await want(ana.ask(at(id, '/transcripts/2/retries'), { method: 'POST' }))
  await want(ana.ask(at(id, '/transcripts')))
}

/** Decisions of administrators, as open conversations and dashboards hear of them. */
export async function policies({ ana }: Cast): Promise<void> {
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { ratingSkin: 'faces', awayAfterMs: 600_000 } }))
  await want(ana.ask('/api/v1/me', { method: 'PATCH', body: { available: false } }))
  await want(ana.ask('/api/v1/me', { method: 'PATCH', body: { available: true } }))
}

/** Bans of a contact, a device and a network, and their ends. */
export async function bans({ ana, browser, id }: Cast): Promise<void> {
  const contact = browser.you.replace('visitor:d', 'c') as ContactId
  const device = browser.you.replace('visitor:', '') as DeviceId
  await until(async () => (await inboxStub(ana.workspace).addressesOf(id)).length > 0, 'the visitor is here')
  const path = `/api/v1/contacts/${contact}/ban`
  await want(ana.ask(path, { method: 'PUT', body: { kind: 'block', reason: 'rude', conversation: id } }))
  await want(ana.ask('/api/v1/bans', { body: { scope: 'device', target: device, kind: 'ban', conversation: id } }))
  // Far from the visitor, who would have to go.
  await want(ana.ask('/api/v1/bans', { body: { scope: 'network', target: '203.0.113.0/24' } }))
  await inboxStub(ana.workspace).bansOf({ contact, device })
  await inboxStub(ana.workspace).bansOf(null)
  await want(ana.ask(`${path}?conversation=${id}`, { method: 'DELETE' }))
}

/** The assistant of the channel answers, and gives up. */
export async function assistant({ ana }: Cast, id: string): Promise<void> {
  const { channel } = await installation()
  const membership = { workspace: ana.workspace, member: ana.member, name: ana.name, role: 'owner' } as const
  await changePolicies(openWorkspace(env.DB, membership), channel, { set: { assistant: 'a_nova' } }, Date.now())
  const known = await readPolicies(env.DB, ana.workspace)
  await inboxStub(ana.workspace).policiesChanged(known)
  const identity = {
    kind: 'assistant',
    workspace: ana.workspace,
    id: 'a_nova',
    name: 'Nova',
    policy: policyFor(known, channel as ChannelId),
  } as const
  const stub = () => env.CONVERSATION.getByName(id)
  const patch = { method: 'PATCH', body: { status: 'active_ai' } }
  await want(ana.ask(at(id), patch))
  const page = await stub().page(identity, {})
  const epoch = page.ok ? (page.epoch ?? 0) : 0
  const says = { type: 'send_message', text: 'We do.', epoch } as const
  await stub().dispatch({ identity, envelope: { id: 'nova1:1' as ClientId, command: says } })
  await stub().dispatch({ identity, envelope: { id: 'nova1:2' as ClientId, command: { type: 'hand_off', epoch } } })
  await changePolicies(openWorkspace(env.DB, membership), channel, { set: { assistant: null } }, Date.now())
  await inboxStub(ana.workspace).policiesChanged(await readPolicies(env.DB, ana.workspace))
}

/** Rights that change while somebody has a conversation open, and a member who goes: the system takes it from them. */
export async function rights({ ana, ben, calls }: Cast, id: string): Promise<void> {
  const opened = await ben.opens(id)
  await want(ana.ask(at(id), { method: 'PATCH', body: { assignee: ben.member } }))
  const group = await ana.ask('/api/v1/groups', { body: { name: 'Leads', rights: ['ban'], members: [ben.member] } })
  await opened.line.gone()
  const again = await ben.opens(id)
  await inboxStub(ana.workspace).viewing(id, ben.member, Date.now())
  await want(ana.ask(`/api/v1/members/${ben.member}`, { method: 'PATCH', body: { role: 'admin' } }))
  await again.line.gone()
  await want(ana.ask(`/api/v1/groups/${group.body.id}`, { method: 'DELETE' }))
  await want(ana.ask(`/api/v1/members/${ben.member}`, { method: 'PATCH', body: { disabled: true } }))
  await until(() => calls.some((call) => bySystem(call, 'release')), 'nobody has it')
}

/** Deleted, brought back, deleted, purged, forgotten: in days of its own. Answers what a dashboard received. */
export async function ending({ ana, calls }: Cast, id: string): Promise<InboxFrame[]> {
  const watching = await ana.watches()
  await want(ana.ask(at(id), { method: 'DELETE' }))
  await want(ana.ask(at(id, '/restoration'), { method: 'POST' }))
  await want(ana.ask(at(id), { method: 'DELETE' }))
  await watching.get((frame) => frame.type === 'removed')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  // Whoever is awake holds on to the clock of before.
  await asleep(env.CONVERSATION.getByName(id))
  for (const [name, ms] of [
    ['purge', UNDO_MS],
    ['forget', TOMBSTONE_MS],
  ] as const)
    await until(async () => {
      vi.setSystemTime(Date.now() + ms)
      await rings(env.CONVERSATION.getByName(id))
      return calls.some((call) => call.name === name && call.answer === true)
    }, name)
  vi.useRealTimers()
  return watching.frames
}

/** A conversation that is closed for good goes on in another. */
export async function continues({ ana, browser }: Cast): Promise<void> {
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { reopen: 'never' } }))
  const first = (await browser.start('a second matter')).body.id
  await want(ana.ask(at(first), { method: 'PATCH', body: { status: 'closed' } }))
  await want(browser.start('it goes on', undefined, first))
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { reopen: 'any_message' } }))
}

/** CV6: given to who is available. */
export async function assigning({ ana, browser, calls }: Cast): Promise<void> {
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { autoAssign: 'round_robin' } }))
  const { id } = (await browser.start('whose is this?')).body
  await until(() => calls.some((call) => call.on === id && bySystem(call, 'assign')), 'it is given to somebody')
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { autoAssign: 'off' } }))
}

/** CV7: who had it sees it no more, and their dashboard is told. Answers what it received. */
export async function hiding({ ana, ben }: Cast, id: string): Promise<InboxFrame[]> {
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { history: 'hide' } }))
  await want(ana.ask('/api/v1/groups/everyone', { method: 'PATCH', body: { rights: ['reassign'] } }))
  const line = await ben.watches()
  await want(ana.ask(at(id), { method: 'PATCH', body: { assignee: ben.member } }))
  await line.get((frame) => frame.type === 'rows' && frame.list.some((row) => row.assignee === ben.member))
  await want(ana.ask(at(id), { method: 'PATCH', body: { assignee: ana.member } }))
  await line.get((frame) => frame.type === 'removed')
  await want(ana.ask('/api/v1/groups/everyone', { method: 'PATCH', body: { rights: ['reassign', 'see_all'] } }))
  await want(ana.ask('/api/v1/policies', { method: 'PATCH', body: { history: 'keep' } }))
  await want(ana.ask('/api/v1/index-rebuilds', { body: {} }))
  return line.frames
}

export async function closed(...lines: Array<Pick<Line<unknown>, 'close' | 'gone'>>): Promise<void> {
  for (const line of lines) {
    line.close()
    await line.gone()
  }
}
