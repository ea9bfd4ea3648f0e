import { describe, expect, test } from 'vitest'
import { entriesFor, forVisitor, stateFor } from '../../core/conversation/audience.ts'
import { canSee } from '../../core/conversation/canSee.ts'
import { markSeen } from '../../core/conversation/cursors.ts'
import { canonical } from '../../core/conversation/digest.ts'
import { compareEntries, type Entry, type PublicEntry, type TeamEntry } from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY, newerPolicy } from '../../core/conversation/policy.ts'
import { rowOf } from '../../core/conversation/row.ts'
import { apply, emptyState } from '../../core/conversation/state.ts'
import type { MemberId, WorkspaceId } from '../../core/ids.ts'
import { ANA, BEN, clientId, NOW, ORIGIN, standing, untouched } from '../support/corpora/records.ts'

const visitorSaid: PublicEntry = {
  n: 2,
  at: NOW,
  author: 'visitor:d_vic',
  clientId: clientId(1),
  type: 'message.created',
  body: { text: 'Hello' },
}
const anaSaid: PublicEntry = {
  n: 3,
  at: NOW + 1,
  author: 'agent:m_ana',
  clientId: clientId(2),
  type: 'message.created',
  body: { text: 'Hi' },
}
const note: TeamEntry = {
  n: 1,
  after: 2,
  at: NOW,
  author: 'agent:m_ana',
  clientId: clientId(3),
  type: 'note.created',
  body: { text: 'CANARY' },
}
const given: TeamEntry = {
  n: 2,
  after: 2,
  at: NOW,
  author: 'agent:m_ana',
  type: 'conversation.assigned',
  body: { from: null, to: BEN },
}
const started: PublicEntry = {
  n: 1,
  at: NOW - 5,
  author: 'visitor:d_vic',
  type: 'conversation.status_changed',
  body: { from: null, to: 'waiting_human' },
}
const joined: PublicEntry = { n: 4, at: NOW + 2, author: 'agent:m_ana', type: 'agent.joined', body: { name: 'Ana' } }
const closed: PublicEntry = {
  n: 5,
  at: NOW + 3,
  author: 'agent:m_ana',
  type: 'conversation.status_changed',
  body: { from: 'active_human', to: 'closed' },
}
const all: Entry[] = [started, visitorSaid, note, given, anaSaid, joined, closed]

describe('[DL3] what visitors are sent', () => {
  test('[DL3] public entries alone, without the client ids of others', () => {
    const list = entriesFor('visitor', all)
    expect(list.map((entry) => [entry.n, entry.clientId])).toEqual([
      [1, undefined],
      [2, 'tab:1'],
      [3, undefined],
      [4, undefined],
      [5, undefined],
    ])
    expect(JSON.stringify(list)).not.toMatch(/CANARY|after|assigned|m_ben|tab:[23]/)
  })

  test('[DL3] an entry cut down has no trace of the key', () => {
    expect(Object.keys(forVisitor(anaSaid))).toEqual(['n', 'at', 'author', 'type', 'body'])
    expect(anaSaid.clientId).toBe('tab:2')
    for (const author of ['agent:m_ana', 'assistant:a', 'key:k', 'system'] as const)
      expect(forVisitor({ ...anaSaid, author })).not.toHaveProperty('clientId')
  })

  test('[DL3] no team state: no revision, assignee or count', () => {
    const state = all.reduce(apply, emptyState(ORIGIN.id, 'team'))
    expect(stateFor('visitor', state)).toEqual({ public: state.public, team: null })
    expect(stateFor('team', state)).toEqual(state)
    // A record has more in it than a state; none of it may pass.
    const record = standing({ status: 'active_human', assignee: ANA, servedBy: ANA })
    for (const audience of ['visitor', 'team'] as const)
      expect(Object.keys(stateFor(audience, record))).toEqual(['public', 'team'])
  })

  test('[DL3] agents get everything, as a list of their own', () => {
    expect(entriesFor('team', all)).toEqual(all)
    expect(entriesFor('team', all)).not.toBe(all)
  })
})

describe('[CV11] apply', () => {
  test('[CV11] folds both logs for agents', () => {
    expect(all.reduce(apply, emptyState(ORIGIN.id, 'team'))).toEqual({
      public: {
        id: ORIGIN.id,
        status: 'closed',
        startedAt: NOW - 5,
        head: 5,
        lastAt: NOW + 3,
        people: { 'agent:m_ana': 'Ana' },
        servedBy: 'agent:m_ana',
      },
      team: {
        head: 2,
        lastAt: NOW,
        rev: 7,
        assignee: BEN,
        visitorMessages: 1,
        lastMessage: { n: 3, author: 'agent:m_ana', text: 'Hi', at: NOW + 1 },
        priority: 'medium',
        collaborators: [],
        formerAssignees: [],
        deletion: null,
      },
    })
  })

  test('[DL3] a visitor state takes no notice of a team entry', () => {
    const before = [started, visitorSaid].reduce(apply, emptyState(ORIGIN.id, 'public'))
    expect(apply(before, note)).toBe(before)
  })

  test('[CV11] only the very first entry sets the start', () => {
    const state = [started, closed].reduce(apply, emptyState(ORIGIN.id, 'public'))
    expect(state.public.startedAt).toBe(NOW - 5)
  })

  test('[CV11] changes nothing of the state it is given', () => {
    const before = [started, visitorSaid].reduce(apply, emptyState(ORIGIN.id, 'team'))
    const copy = structuredClone(before)
    for (const entry of all) apply(before, entry)
    expect(before).toEqual(copy)
  })

  test('[IB9] agents, system and notes never count as visitor messages', () => {
    const state = [anaSaid, note, { ...anaSaid, author: 'system' as const }, visitorSaid].reduce(
      apply,
      emptyState(ORIGIN.id, 'team'),
    )
    expect(state.team?.visitorMessages).toBe(1)
  })
})

test('[DL4] the timeline: public by number, team entries after the public entry they follow', () => {
  const shuffled = [closed, given, anaSaid, note, visitorSaid, joined, started]
  expect(shuffled.sort(compareEntries)).toEqual(all)
})

describe('[DL6] cursors', () => {
  const kept = { visitor: 4, agents: 2 }
  test.each([
    ['visitor', 6, 10, { visitor: 6, agents: 2 }],
    ['agent', 6, 10, { visitor: 4, agents: 6 }],
    ['visitor', 3, 10, kept],
    ['visitor', 4, 10, kept],
    ['visitor', 99, 10, { visitor: 10, agents: 2 }],
    ['agent', Number.MAX_SAFE_INTEGER, 10, { visitor: 4, agents: 10 }],
    ['agent', 0, 10, kept],
  ] as const)('[DL6] %s saw %i of %i', (kind, seen, head, expected) => {
    expect(markSeen(kept, kind, seen, head)).toEqual(expected)
  })

  test('[DL6] what moves nothing is the same object', () => {
    expect(markSeen(kept, 'visitor', 1, 10)).toBe(kept)
  })
})

describe('[IB1] the row', () => {
  test('[IB1] says what the lists show', () => {
    const record = standing({ status: 'active_human', assignee: BEN, servedBy: ANA })
    expect(rowOf(record)).toEqual({
      id: ORIGIN.id,
      workspace: ORIGIN.workspace,
      rev: record.team.rev,
      channel: ORIGIN.channel,
      contact: ORIGIN.contact,
      device: ORIGIN.device,
      status: 'active_human',
      assignee: BEN,
      priority: 'medium',
      collaborators: [],
      formerAssignees: [],
      deletedAt: null,
      startedAt: NOW - 60_000,
      lastMessageAt: NOW - 60_000,
      lastMessage: { author: 'visitor:d_vic', text: 'Hello', at: NOW - 60_000 },
      visitorMessages: 1,
      head: record.public.head,
      source: ORIGIN.source,
    })
  })

  test('[IB1] before any message it sorts by its start', () => {
    expect(rowOf(untouched())).toMatchObject({ lastMessage: null, lastMessageAt: 0, visitorMessages: 0 })
  })
})

test('a newer policy replaces an older one, never the other way round', () => {
  const newer = { ...DEFAULT_POLICY, version: 2 }
  expect(newerPolicy(DEFAULT_POLICY, newer)).toBe(newer)
  expect(newerPolicy(newer, DEFAULT_POLICY)).toBe(newer)
  expect(newerPolicy(newer, { ...newer })).toBe(newer)
  expect(newerPolicy(newer, undefined)).toBe(newer)
})

describe('[CV7] who may see a conversation', () => {
  const workspace = 'w_a' as WorkspaceId
  const row = { workspace, assignee: BEN, collaborators: [] as MemberId[], formerAssignees: [ANA] }
  const ana = { workspace, member: ANA, role: 'agent', rights: [] } as const

  test('[PR2] one workspace never sees another', () => {
    expect(canSee(ana, { ...row, formerAssignees: [] }, 'keep')).toBe(true)
    expect(canSee({ ...ana, role: 'owner' }, { ...row, workspace: 'w_b' as WorkspaceId }, 'keep')).toBe(false)
  })

  test.each([
    ['keeps it', ana, row, 'keep', true],
    ['hides it from who had it', ana, row, 'hide', false],
    ['not from who has it now', { ...ana, member: BEN }, row, 'hide', true],
    ['not from who never had it', { ...ana, member: 'm_cleo' as MemberId }, row, 'hide', true],
    ['not from who follows', ana, { ...row, collaborators: [ANA] }, 'hide', true],
    ['not from who has it again', ana, { ...row, assignee: ANA }, 'hide', true],
    ['not from who sees all', { ...ana, rights: ['see_all'] as const }, row, 'hide', true],
    ['not from administrators', { ...ana, role: 'admin' as const }, row, 'hide', true],
  ] as const)('[CV7] %s', (_, member, of, history, expected) => {
    expect(
      canSee(
        member,
        { ...of, collaborators: [...of.collaborators], formerAssignees: [...of.formerAssignees] },
        history,
      ),
    ).toBe(expected)
  })

  test('[CV7] who had it is remembered until they have it again', () => {
    const to = (from: MemberId | null, next: MemberId | null, n: number): Entry => ({
      ...{ n, after: 0, at: NOW, author: 'agent:m_ana', type: 'conversation.assigned' },
      body: { from, to: next },
    })
    const told = [to(null, ANA, 1), to(ANA, BEN, 2), to(BEN, null, 3), to(null, ANA, 4), to(ANA, BEN, 5)]
    const former = told.map((_, at) => {
      const state = told.slice(0, at + 1).reduce(apply, emptyState(ORIGIN.id, 'team'))
      return state.team?.formerAssignees
    })
    expect(former).toEqual([[], [ANA], [ANA, BEN], [BEN], [ANA]])
  })
})

describe('[DL2] the text that is digested', () => {
  test('[DL2] is equal for equal commands', () => {
    expect(canonical({ type: 'send_message', text: 'x', quote: 1 })).toBe(
      canonical({ quote: 1, text: 'x', type: 'send_message' }),
    )
    expect(canonical({ type: 'send_message', text: 'x', quote: undefined })).toBe(
      canonical({ type: 'send_message', text: 'x' }),
    )
  })

  test('[DL2] differs for different ones', () => {
    const texts = [
      canonical({ type: 'send_message', text: 'x' }),
      canonical({ type: 'send_message', text: 'x ' }),
      canonical({ type: 'send_message', text: 'x', quote: 1 }),
      canonical({ type: 'add_note', text: 'x' }),
      canonical({ type: 'start', text: 'x' }),
      canonical({ type: 'assign', to: null }),
      canonical({ type: 'assign', to: ANA }),
      canonical({ type: 'close' }),
      canonical({ type: 'send_message', text: 'x"],["quote",1' }),
    ]
    expect(new Set(texts).size).toBe(texts.length)
  })
})
