/**
 * The assistant as an author (AI3, AI6): called by the Worker alone,
 * heard by everybody, and never after a person stepped in.
 */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { Conversation as ConversationSchema } from '../../core/api/conversations.ts'
import type { Command } from '../../core/conversation/command.ts'
import { policyFor } from '../../core/conversation/policy.ts'
import type { ClientId, WorkspaceId } from '../../core/ids.ts'
import type { DispatchAnswer } from '../../core/protocol/conversationCalls.ts'
import { encodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import { changePolicies, readPolicies } from '../../worker/db/policies.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { installation } from '../support/installation.ts'
import { agent, indexed, type Seat, visitor } from '../support/play.ts'
import { NOVA, OPEN_POLICY, scripted } from '../support/scripted.ts'

const CANARY = 'canary-19c4-only-for-the-team'
const ASSISTED = { ...OPEN_POLICY, assistant: NOVA }

type Agent = Awaited<ReturnType<typeof agent>>
let ana: Agent
beforeAll(async () => {
  ana = await agent()
  const { owner, channel } = await installation()
  const membership = { workspace: owner.workspace, member: owner.member, name: owner.name, role: 'owner' } as const
  await changePolicies(openWorkspace(env.DB, membership), channel, { set: { assistant: NOVA } }, Date.now())
})

let said = 0

/** What the Worker will do for the assistant: read the public log, think, and say something as of what it read. */
async function nova(id: string, who: Partial<{ id: string; workspace: string }> = {}) {
  const { owner, channel } = await installation()
  const policy = policyFor(await readPolicies(env.DB, owner.workspace), channel)
  const workspace = (who.workspace ?? owner.workspace) as WorkspaceId
  const identity: Identity = { kind: 'assistant', workspace, id: who.id ?? NOVA, name: 'Nova', policy }
  const stub = () => env.CONVERSATION.getByName(id)
  const dispatch = async (command: Command): Promise<DispatchAnswer> => {
    said += 1
    return stub().dispatch({ identity, envelope: { id: `nova${said}:1` as ClientId, command } })
  }
  return {
    identity,
    stub,
    page: () => stub().page(identity, {}),
    async reads() {
      const page = await stub().page(identity, {})
      if (!page.ok || page.epoch === undefined) throw new Error('the assistant was not let in')
      const { epoch } = page
      return {
        page,
        says: (text: string) => dispatch({ type: 'send_message', text, epoch }),
        handsOff: () => dispatch({ type: 'hand_off', epoch }),
      }
    },
  }
}

const codeOf = (answer: DispatchAnswer) => (answer.ok ? 'ok' : answer.refusal.code)
const statuses = (seat: Seat) =>
  seat.entries.flatMap((e) => (e.type === 'conversation.status_changed' ? [e.body.to] : []))

describe('[AI1] a channel with an assistant', () => {
  it('[AI1] [MS2] is answered by it: visitor and agents see who speaks, and the list who spoke last', async () => {
    const vic = await (await visitor()).arrives('Do you ship to Norway?')
    const desk = await ana.opens(vic.id)
    const assistant = await nova(vic.id)
    const answer = await (await assistant.reads()).says('We do.')
    expect(answer).toMatchObject({ ok: true, repeated: false, row: null })
    await Promise.all([vic.sees('We do.'), desk.sees('We do.')])
    const author = `assistant:${NOVA}`
    expect(vic.entries.slice(-2)).toMatchObject([
      { author, type: 'agent.joined', body: { name: 'Nova' } },
      { author, type: 'message.created', body: { text: 'We do.' } },
    ])
    expect(vic.line.raw.join()).not.toMatch(/nova\d+:1|epoch/)
    const { body } = await ana.ask(`/api/v1/conversations/${vic.id}`)
    expect(ConversationSchema.parse(body)).toMatchObject({
      ...{ status: 'active_ai', assignee: null, visitorMessages: 1 },
      lastMessage: { author, text: 'We do.' },
    })
  })

  it('[IB2] what it handles is nobody’s and unresolved, in the index as in the counts', async () => {
    const vic = await (await visitor()).arrives('Anybody?')
    await indexed(ana.workspace)
    for (const view of ['unassigned', 'unresolved', 'all', 'unread']) {
      const { body } = await ana.ask(`/api/v1/conversations?view=${view}`)
      expect(body.list.map(({ id }: { id: string }) => id)).toContain(vic.id)
    }
    const mine = await ana.ask('/api/v1/conversations?view=mine')
    expect(mine.body.list.map(({ id }: { id: string }) => id)).not.toContain(vic.id)
  })

  it('[CV2] [CV6] is given to it and taken from it over HTTP as over the socket', async () => {
    const vic = await (await visitor()).arrives('Hello')
    const desk = await ana.opens(vic.id)
    const path = `/api/v1/conversations/${vic.id}`
    await desk.does({ type: 'accept' })
    const back = await ana.ask(path, { method: 'PATCH', body: { status: 'active_ai' } })
    expect(back.status).toBe(200)
    expect((await ana.ask(path)).body).toMatchObject({ status: 'active_ai', assignee: null })
    await desk.says('I have it again.')
    await desk.does({ type: 'set_status', to: 'active_ai' })
    await vic.line.get((f) => f.type === 'entries' && statuses(vic).length === 5)
    expect(statuses(vic)).toEqual(['active_ai', 'active_human', 'active_ai', 'active_human', 'active_ai'])
  })

  it('shows no control of it yet: which one answers is not among the policies of the API', async () => {
    const { channel } = await installation()
    for (const path of ['/api/v1/policies', `/api/v1/channels/${channel}/policy`]) {
      expect(JSON.stringify((await ana.ask(path)).body)).not.toContain('assistant')
      expect((await ana.ask(path, { method: 'PATCH', body: { assistant: 'a_other' } })).status).toBe(422)
    }
  })
})

describe('[AI3] who steps in while it thinks', () => {
  const steps: Array<[string, (desk: Seat, id: string) => Promise<unknown>]> = [
    ['answers', (desk) => desk.says('I am Ana.')],
    ['accepts', (desk) => desk.does({ type: 'accept' })],
    ['closes', (desk) => desk.does({ type: 'close' })],
    ['lets it wait', (desk) => desk.does({ type: 'set_status', to: 'waiting_human' })],
    [
      'takes it',
      (_, id) => ana.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: ana.member } }),
    ],
    [
      'answers and gives it back',
      async (desk) => {
        await desk.says('I am Ana.')
        await desk.does({ type: 'set_status', to: 'active_ai' })
      },
    ],
  ]

  it.each(steps)('[AI3] a person who %s is not talked over', async (_, stepsIn) => {
    const vic = await (await visitor()).arrives('Hello')
    const desk = await ana.opens(vic.id)
    const assistant = await nova(vic.id)
    const thinking = await assistant.reads()
    await stepsIn(desk, vic.id)
    const before = await assistant.page()
    expect(codeOf(await thinking.says('Beep.'))).toBe('superseded')
    expect(codeOf(await thinking.handsOff())).toBe('superseded')
    // Nothing came of it, in any log.
    expect(await assistant.page()).toEqual(before)
    expect(vic.texts).not.toContain('Beep.')
  })

  it('[AI3] at the same moment: whoever comes first, the assistant never speaks after the person', async () => {
    for (let round = 0; round < 10; round += 1) {
      const vic = await (await visitor()).arrives('Hello')
      const desk = await ana.opens(vic.id)
      const thinking = await (await nova(vic.id)).reads()
      const [answer] = await Promise.all([thinking.says('Beep.'), desk.says('I am Ana.')])
      await vic.sees('I am Ana.')
      const texts = ['Hello', ...(answer.ok ? ['Beep.'] : []), 'I am Ana.']
      expect(vic.texts).toEqual(texts)
      expect(['ok', 'superseded']).toContain(codeOf(answer))
    }
  })

  it('[AI3] what the visitor adds meanwhile supersedes nothing, and the epoch outlives a sleep', async () => {
    const vic = await (await visitor()).arrives('Hello')
    const assistant = await nova(vic.id)
    const thinking = await assistant.reads()
    await vic.says('Are you there?')
    await asleep(assistant.stub())
    expect(codeOf(await thinking.says('I am.'))).toBe('ok')
  })

  it('[AI2] it hands off: the visitor sees that a person is waited for, and it is silent from then on', async () => {
    const vic = await (await visitor()).arrives('A person, please')
    const assistant = await nova(vic.id)
    const thinking = await assistant.reads()
    const answer = await thinking.handsOff()
    const author = `assistant:${NOVA}`
    expect(answer).toMatchObject({
      entries: [{ author, type: 'conversation.status_changed', body: { from: 'active_ai', to: 'waiting_human' } }],
    })
    await vic.line.get((f) => f.type === 'entries' && statuses(vic).includes('waiting_human'))
    expect(codeOf(await (await assistant.reads()).says('Still here.'))).toBe('superseded')
    expect((await ana.ask(`/api/v1/conversations/${vic.id}`)).body.status).toBe('waiting_human')
  })

  it('[DL2] what it sends again is recognised, whoever has stepped in since', async () => {
    const { dispatch, page } = await scripted(ASSISTED)
    await dispatch('visitor', 'v:1', { type: 'start', text: 'Hello' })
    const read = await page('nova')
    const answer: Command = { type: 'send_message', text: 'Hi', epoch: read.ok ? read.epoch : undefined }
    expect(await dispatch('nova', 'n:1', answer)).toMatchObject({ ok: true, repeated: false })
    await dispatch('ana', 'a:1', { type: 'accept' })
    expect(await dispatch('nova', 'n:1', answer, { retry: true })).toMatchObject({ ok: true, repeated: true })
  })
})

describe('[AI6] it sees the public log and nothing else', () => {
  it('[AI6] [DL3] no note reaches it: pages, answers, refusals, reading', async () => {
    const vic = await (await visitor()).arrives('Hello')
    const desk = await ana.opens(vic.id)
    await desk.notes(`${CANARY} one`)
    await desk.does({ type: 'set_priority', to: 'urgent' })
    const assistant = await nova(vic.id)
    const thinking = await assistant.reads()
    await desk.notes(`${CANARY} two`)
    const received: unknown[] = [thinking.page, await thinking.says('Hi'), await assistant.page()]
    for (const ask of [{ after: { public: 0, team: 0 } }, { before: { public: 99, team: 99 } }, { limit: 200 }])
      received.push(await assistant.stub().page(assistant.identity, ask))
    await desk.says('I have it.')
    received.push(await thinking.says('Hi again'), await thinking.handsOff())
    const read = await assistant.stub().read(assistant.identity)
    expect(read.ok).toBe(false)
    received.push(read, await assistant.stub().unread(assistant.identity))
    const text = JSON.stringify(received)
    expect(text).toContain('Hi')
    expect(text).not.toContain(CANARY)
    expect(text).not.toMatch(/"after":\d|"team"|assigned|"assignee"|note\.|"rev"|urgent/)
  })

  it('[AI6] it is told the same with notes and without', async () => {
    const play = async (withNotes: boolean) => {
      const { dispatch, page, device } = await scripted(ASSISTED)
      let n = 0
      const notes = async () => {
        n += 1
        if (withNotes) await dispatch('ana', `n:${n}`, { type: 'add_note', text: CANARY })
      }
      await dispatch('visitor', 'v:1', { type: 'start', text: 'Hello' })
      await notes()
      await dispatch('nova', 'n:1', { type: 'send_message', text: 'Hi', epoch: 1 })
      await notes()
      await dispatch('visitor', 'v:2', { type: 'send_message', text: 'Thanks' })
      return JSON.stringify(await page('nova'))
        .replaceAll(/"at":\d+/g, '"at":0')
        .replaceAll(device, 'device')
    }
    expect(await play(true)).toBe(await play(false))
  })
})

describe('[PR2] it is let in by its channel alone', () => {
  it('[PR2] to others there is no conversation: another assistant, another workspace, none in the channel', async () => {
    const vic = await (await visitor()).arrives('Hello')
    for (const other of [
      await nova(vic.id, { id: 'a_other' }),
      await nova(vic.id, { workspace: 'w_other' }),
      await nova(vic.id, { id: '' }),
    ]) {
      expect(await other.page()).toMatchObject({ ok: false, refusal: { code: 'not_found' } })
      const envelope = { id: 'x:1' as ClientId, command: { type: 'hand_off', epoch: 1 } as const }
      const answer = await other.stub().dispatch({ identity: other.identity, envelope })
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'not_found' }, row: null })
    }
    const { dispatch } = await scripted(OPEN_POLICY)
    await dispatch('visitor', 'v:1', { type: 'start', text: 'Hello' })
    expect(codeOf(await dispatch('nova', 'n:1', { type: 'send_message', text: 'Hi', epoch: 1 }))).toBe('not_found')
  })

  it('[PR2] one that is replaced is let in no more, and its successor at once, by what it brings', async () => {
    const { dispatch, stub, identity } = await scripted(ASSISTED)
    await dispatch('visitor', 'v:1', { type: 'start', text: 'Hello' })
    const old = identity('nova')
    if (old.kind !== 'assistant') throw new Error('Nova is an assistant')
    const vega: Identity = {
      ...old,
      id: 'a_vega',
      name: 'Vega',
      policy: { ...ASSISTED, version: 2, assistant: 'a_vega' },
    }
    expect(await stub().page(vega, {})).toMatchObject({ ok: true, epoch: 1 })
    expect(codeOf(await dispatch('nova', 'n:1', { type: 'send_message', text: 'Hi', epoch: 1 }))).toBe('not_found')
  })

  it('[PR2] it opens no socket', async () => {
    const vic = await (await visitor()).arrives('Hello')
    const { identity, stub } = await nova(vic.id)
    const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) }
    const answer = await stub().fetch(new Request('http://localhost/socket', { headers }))
    expect([answer.status, answer.webSocket]).toEqual([404, null])
  })

  it('[CV4] [AI4] after closing it is there again, also where a person served before', async () => {
    const vic = await (await visitor()).arrives('Hello')
    const desk = await ana.opens(vic.id)
    await desk.says('Solved.')
    await desk.does({ type: 'close' })
    await vic.says('One more thing')
    await eventually(() => expect(statuses(vic).at(-1)).toBe('active_ai'))
    expect(codeOf(await (await (await nova(vic.id)).reads()).says('Yes?'))).toBe('ok')
  })
})
