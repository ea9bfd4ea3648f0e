/**
 * Who may do what to a conversation: every command × every caller × the ways in, own and foreign, and the visitor's
 * routes × everybody. A command or a route that is new has no line here, and that fails.
 */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import type { ClientId } from '../../core/ids.ts'
import type { ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import { encodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import { RIGHTS, type Right, type Role } from '../../core/rights.ts'
import { SCOPES, type Scope } from '../../core/scopes.ts'
import { type Conversation, PLAYS, staged } from '../support/corpora/commands.ts'
import { knock } from '../support/corpora/knock.ts'
import { filled, nameOf, operations } from '../support/corpora/operations.ts'
import { installation } from '../support/installation.ts'
import { agent, colleague, Line, stranger, visitor } from '../support/play.ts'
import { MEMBERS, NOVA, type Who, WORKSPACE } from '../support/scripted.ts'

/** Whose a command is. Of agents: everybody's, whose right it is, or whose message it is; of keys: by their scope. */
interface Whose {
  visitor?: true
  agents?: 'all' | Right | 'author' | 'author and administrators'
  key?: Scope
  assistant?: true
  system?: true
}

/** A command that is new does not compile until somebody has said whose it is. */
const WHOSE: Record<Command['type'], Whose> = {
  start: { visitor: true },
  send_message: { visitor: true, agents: 'all', key: 'messages:write', assistant: true },
  add_note: { agents: 'all', key: 'notes:write' },
  // A program edits and deletes what it wrote itself (keys.test.ts); what an agent wrote is not its own.
  edit_message: { agents: 'author' },
  delete_message: { agents: 'author and administrators' },
  accept: { agents: 'reassign' },
  assign: { agents: 'reassign', key: 'conversations:write', system: true },
  release: { system: true },
  add_collaborator: { agents: 'all', key: 'conversations:write' },
  remove_collaborator: { agents: 'all', key: 'conversations:write' },
  set_priority: { agents: 'all', key: 'conversations:write' },
  set_status: { agents: 'all', key: 'conversations:write' },
  hand_off: { assistant: true },
  close: { visitor: true, agents: 'all', key: 'conversations:write', system: true },
  continue_in: { visitor: true },
  reopen: { agents: 'all', key: 'conversations:write' },
  send_transcript: { agents: 'all', key: 'transcripts:write' },
  retry_transcript: { agents: 'all', key: 'transcripts:write' },
  settle_transcript: { system: true },
  request_rating: { agents: 'all', key: 'ratings:write' },
  submit_rating: { visitor: true },
  score_conversation: { agents: 'all', key: 'ratings:write' },
  delete: { agents: 'delete_conversations', key: 'conversations:delete' },
  restore: { agents: 'delete_conversations', key: 'conversations:delete' },
  tell_ban: { system: true },
}

/** What a socket carries; everything else is no frame at all. */
const SOCKETS: Record<SocketCommand['type'], true> = {
  ...{ send_message: true, add_note: true, edit_message: true, delete_message: true, accept: true },
  ...{ set_status: true, set_priority: true, close: true, reopen: true },
  ...{ request_rating: true, submit_rating: true, score_conversation: true },
}

interface Caller {
  identity(of: Conversation, workspace: typeof WORKSPACE): Identity
  may(whose: Whose): boolean
  /** What who may not is told. */
  refused?(whose: Whose): string
}

const member = (id: string, role: Role, rights?: readonly Right[]): Caller => ({
  identity: (_, workspace) => ({
    kind: 'agent',
    memberships: [{ workspace, member: id as never, name: 'Somebody', role, ...(rights && { rights }) }],
    sessionExpiresAt: Date.now() + 86_400_000,
    asOf: Date.now(),
  }),
  may: ({ agents }) => {
    if (agents === undefined || agents === 'all') return agents === 'all'
    if (agents === 'author') return id === MEMBERS.ana
    if (agents === 'author and administrators') return id === MEMBERS.ana || role !== 'agent'
    return role !== 'agent' || (rights ?? ['reassign', 'see_all']).includes(agents)
  },
})

const key = (scopes: readonly Scope[]): Caller => ({
  identity: (_, workspace) => ({ kind: 'key', workspace, id: 'k_one', name: 'One', scopes }),
  may: (whose) => whose.key !== undefined && scopes.includes(whose.key),
  // Which scope is missing is said only where one would do: of other people's messages, too, no key says more.
  refused: (whose) => {
    const scope = whose.key ?? (whose.agents?.startsWith('author') ? 'messages:write' : undefined)
    return scope === undefined || scopes.includes(scope) ? 'not_allowed' : 'scope_missing'
  },
})

const CALLERS: Record<string, Caller> = {
  'an owner': member('m_owner', 'owner'),
  'an administrator': member('m_admin', 'admin', []),
  'who wrote the message': member(MEMBERS.ana, 'agent'),
  'an agent as they begin': member('m_agent', 'agent'),
  'an agent without any right': member('m_nothing', 'agent', []),
  ...Object.fromEntries(RIGHTS.map((right) => [`an agent who may only ${right}`, member('m_one', 'agent', [right])])),
  'a key with everything': key(SCOPES),
  'a key with nothing': key([]),
  ...Object.fromEntries(SCOPES.map((scope) => [`a key for ${scope}`, key([scope])])),
  'the assistant': {
    identity: (_, workspace) => ({ kind: 'assistant', workspace, id: NOVA, name: 'Nova' }),
    may: ({ assistant }) => assistant === true,
  },
  'the visitor': {
    identity: ({ device }, workspace) => ({ kind: 'visitor', workspace, device }),
    may: (whose) => whose.visitor === true,
  },
  Foyer: { identity: (_, workspace) => ({ kind: 'system', workspace }), may: ({ system }) => system === true },
}

/** For whom it does not exist, whatever they would be elsewhere. */
const FOREIGN: Record<string, (of: Conversation, workspace?: typeof WORKSPACE) => Identity> = {
  'another visitor': () => ({ kind: 'visitor', workspace: WORKSPACE, device: 'd_other' as never }),
  'the assistant of another channel': () => ({ kind: 'assistant', workspace: WORKSPACE, id: 'a_other', name: 'Other' }),
  'a member of nothing': () => ({ kind: 'agent', memberships: [], sessionExpiresAt: Date.now() + 60_000, asOf: 0 }),
  ...Object.fromEntries(
    Object.entries(CALLERS).map(([name, { identity }]) => [
      `${name}, of another workspace`,
      (of: Conversation) => identity(of, 'w_other' as typeof WORKSPACE),
    ]),
  ),
}

/** Whatever else stands in the way, it is not who asks. */
const MAY_NOT = ['not_found', 'not_allowed', 'scope_missing']

const opened = (conversation: Conversation, identity: Identity) =>
  conversation
    .stub()
    .fetch('http://object/', { headers: { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) } })

const toldBy = (answer: ServerFrame) => (answer.type === 'refused' || answer.type === 'error' ? answer.code : 'ok')

let count = 0
const fresh = () => `m${++count}:1`

/** Sends a command and answers what became of it. */
async function sent(socket: WebSocket, command: Command): Promise<string> {
  const line = new Line(socket, null)
  const id = fresh()
  line.send({ type: 'command', id, command })
  const answer = await line.get(
    (f) =>
      f.type === 'refused' || f.type === 'error' || (f.type === 'entries' && f.list.some((e) => e.clientId === id)),
  )
  line.close()
  return toldBy(answer)
}

describe.each(Object.entries(WHOSE))('[Q16][PR1] %s', (type, whose) => {
  const [play] = PLAYS[type as Command['type']]
  if (!play) throw new Error('each is played by somebody')
  const [, command, scene = {}] = play
  // One that was begun; who may begin one is asked below.
  const begin = type === 'start' ? { begin: [['visitor', command] as [Who, Command]] } : {}
  const stage = () => staged({ ...scene, ...begin, policy: { ...scene.policy, assistant: NOVA } }, command)
  const isOpen = type !== 'restore'
  const named = Object.entries(CALLERS)
  const [may, mayNot] = [named.filter(([, c]) => c.may(whose)), named.filter(([, c]) => !c.may(whose))]

  /** What is deleted exists for nobody but who may undo it; of the others only people and programs hear that much. */
  const refusal = ({ refused }: Caller, { kind }: Identity) => {
    if (isOpen) return refused?.(whose) ?? 'not_allowed'
    return kind === 'agent' || kind === 'key' ? 'not_allowed' : 'not_found'
  }

  it('over RPC: who may, and nobody else, least of all from elsewhere', async () => {
    const conversation = await stage()
    await runInDurableObject(conversation.stub(), async (object) => {
      const asks = async (identity: Identity, what = command) => {
        const answer = await object.dispatch({ identity, envelope: { id: fresh() as ClientId, command: what } })
        return answer.ok ? 'ok' : answer.refusal.code
      }
      const revOf = async () => {
        const read = await object.read(conversation.identity('foyer'))
        return read.ok && read.row.rev
      }
      const before = await revOf()
      for (const [name, foreign] of Object.entries(FOREIGN))
        expect([name, await asks(foreign(conversation))]).toEqual([name, 'not_found'])
      for (const [name, caller] of mayNot) {
        const identity = caller.identity(conversation, WORKSPACE)
        expect([name, await asks(identity)]).toEqual([name, refusal(caller, identity)])
      }
      expect(await revOf()).toBe(before)
      expect(may.length).toBeGreaterThan(0)
      for (const [name, { identity }] of may) {
        expect([name, MAY_NOT.includes(await asks(identity(conversation, WORKSPACE)))]).toEqual([name, false])
        // As it was for the next one.
        if (type === 'delete') await asks(conversation.identity('ana'), { type: 'restore' })
        if (type === 'restore') await asks(conversation.identity('ana'), { type: 'delete' })
      }
    })
  })

  // Nobody comes into one that is being deleted.
  if (isOpen)
    it('over sockets: the same, for those who have one', async () => {
      const conversation = await stage()
      const isCarried = Object.hasOwn(SOCKETS, type)
      const isOfRights = whose.agents !== undefined && RIGHTS.some((right) => right === whose.agents)
      const seated = [...mayNot, ...may].filter(([name, { identity }]) => {
        const { kind } = identity(conversation, WORKSPACE)
        // Where no right is asked for, who holds one alone is an agent like any other.
        return kind === 'visitor' || (kind === 'agent' && (isOfRights || !name.includes('may only')))
      })
      // What is no frame is none, whoever sends it.
      for (const [name, caller] of isCarried ? seated : seated.slice(0, 1)) {
        const { webSocket } = await opened(conversation, caller.identity(conversation, WORKSPACE))
        if (!webSocket) throw new Error(`no socket for ${name}`)
        const told = await sent(webSocket, command)
        if (!isCarried) expect([name, told]).toEqual([name, 'frame_invalid'])
        else if (caller.may(whose)) expect([name, MAY_NOT.includes(told)]).toEqual([name, false])
        else expect([name, told]).toEqual([name, 'not_allowed'])
      }
    })
})

it('[Q16][CV1] only its visitor begins a conversation, in their own workspace', async () => {
  const conversation = await staged({ begin: [] })
  const start = conversation.call('visitor', 'x:1', { type: 'start', text: 'hello' })
  const others = Object.entries(CALLERS).filter(([name]) => name !== 'the visitor')
  const all = [...others.map(([name, { identity }]) => [name, identity] as const), ...Object.entries(FOREIGN)]
  for (const [name, identity] of all) {
    const answer = await conversation.stub().dispatch({ ...start, identity: identity(conversation, WORKSPACE) })
    expect([name, answer.ok ? 'ok' : answer.refusal.code]).toEqual([name, expect.toBeOneOf(MAY_NOT)])
  }
  expect(await conversation.stub().dispatch(start)).toMatchObject({ ok: true })
})

it('[Q16][DL3] sockets are for its visitor and the agents of its workspace; nobody else comes in or reads', async () => {
  const conversation = await staged({ policy: { assistant: NOVA } })
  const all = Object.entries(CALLERS).map(([name, { identity }]) => [name, identity(conversation, WORKSPACE)] as const)
  for (const [name, identity] of all) {
    const { status, webSocket } = await opened(conversation, identity)
    expect([name, status]).toEqual([name, identity.kind === 'agent' || identity.kind === 'visitor' ? 101 : 404])
    webSocket?.accept()
    webSocket?.close()
    expect([name, (await conversation.stub().page(identity, {})).ok]).toEqual([name, true])
    // Whose it is and how it stands within the team is for neither the visitor nor the assistant.
    const isTeam = identity.kind !== 'visitor' && identity.kind !== 'assistant'
    expect([name, (await conversation.stub().read(identity)).ok]).toEqual([name, isTeam])
  }
  for (const [name, foreign] of Object.entries(FOREIGN)) {
    const identity = foreign(conversation)
    expect([name, (await opened(conversation, identity)).status]).toEqual([name, 404])
    expect([name, (await conversation.stub().page(identity, {})).ok]).toEqual([name, false])
    expect([name, (await conversation.stub().read(identity)).ok]).toEqual([name, false])
    expect([name, await conversation.stub().unread(identity)]).toEqual([name, 0])
  }
})

describe('[Q16] over HTTP', () => {
  it('[Q16] visitors’ routes hear a visitor’s token and nothing else: no session, whatever its role, and no key', async () => {
    const vic = await visitor()
    const { id } = await vic.arrives('hello')
    const owner = await agent()
    const { body: issued } = await owner.ask('/api/v1/keys', { body: { name: 'Robot', scopes: SCOPES } })
    const { channel } = await installation()
    const nobodys: Record<string, Record<string, string>> = {
      nobody: {},
      'an owner': { cookie: owner.cookie },
      'an administrator': { cookie: (await colleague('Adam', 'admin')).cookie },
      'an agent': { cookie: (await colleague('Ben')).cookie },
      'a stranger': { cookie: (await stranger()).cookie },
      'a program': { authorization: `Bearer ${issued.secret}` },
    }
    const routes = operations({ channel, conversation: id }).filter(({ by }) => by === 'visitor')
    expect(routes.length).toBeGreaterThan(4)
    for (const operation of routes) {
      const { method, path, body } = operation
      const asks = (headers: Record<string, string>) =>
        knock(filled(path, id), { method, headers, ...(body && { body }) })
      for (const [who, headers] of Object.entries(nobodys)) {
        const { status } = await asks(headers)
        expect([who, nameOf(operation), status]).toEqual([who, nameOf(operation), 401])
      }
      const own = await asks({ authorization: `Bearer ${vic.token}`, 'cf-connecting-ip': '203.0.113.9' })
      expect([nameOf(operation), own.status]).toEqual([nameOf(operation), expect.toSatisfy((s: number) => s < 300)])
      // Of somebody else’s conversation they are told what they would be told of none. (What a token for the badge is
      // worth is found out when it is shown: visitors.test.ts.)
      if (!path.includes('{id}')) continue
      const other = await asks({ authorization: `Bearer ${(await visitor()).token}` })
      expect([nameOf(operation), other.status]).toEqual([nameOf(operation), 404])
    }
  })

  it('[Q16] every route about a conversation: who is of another workspace finds none, whatever they name', async () => {
    const { id } = await (await visitor()).arrives('hello')
    const mallory = await stranger()
    const routes = operations({ member: mallory.member }).filter(
      ({ by, path }) => by === 'agent' && path.includes('/conversations/{id}'),
    )
    expect(routes.length).toBeGreaterThan(15)
    for (const operation of routes) {
      const { method, path, body } = operation
      const answer = await mallory.ask(filled(path, id), { method, ...(body && { body }) })
      expect([nameOf(operation), answer.status, answer.body.code]).toEqual([nameOf(operation), 404, 'not_found'])
    }
    const [first] = (await mallory.ask('/api/v1/conversations')).body.list
    expect(first).toBeUndefined()
  })
})
