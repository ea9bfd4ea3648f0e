import { describe, expect, it } from 'vitest'
import { CAPABILITIES, CHANNEL_KINDS } from '../../core/channelKinds.ts'
import { append } from '../../core/conversation/append.ts'
import { entriesFor } from '../../core/conversation/audience.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY, NO_POLICIES, policyFor } from '../../core/conversation/policy.ts'
import { countedRating } from '../../core/conversation/rating.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { rowOf } from '../../core/conversation/row.ts'
import { SCORES, scoreWords, toneOf } from '../../core/conversation/score.ts'
import { apply, emptyState } from '../../core/conversation/state.ts'
import {
  AGENT_ADA,
  AGENT_ANA,
  AGENT_BEN,
  ANA,
  clientId,
  NOVA,
  NOW,
  standing,
  told,
  VIC,
} from '../support/corpora/records.ts'
import { fc } from '../support/properties.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
const ASK = { type: 'request_rating' } as const
const KEY: Actor = { kind: 'key', id: 'k_1', name: 'Robot', scopes: ['ratings:write'] }
const ANSWERED = { status: 'active_human', assignee: ANA, servedBy: ANA } as const

/** A conversation that is driven, with everything that was written. */
function played(record: ConversationRecord = standing(ANSWERED)) {
  const entries: Entry[] = []
  let n = 10
  return {
    entries,
    get record() {
      return record
    },
    set(change: Partial<ConversationRecord>) {
      record = { ...record, ...change }
    },
    does(actor: Actor, command: Command, now: number): string {
      const decision = decide(record, actor, command, now)
      if (!decision.ok) {
        const { code, retryAt } = decision.refusal
        return retryAt === undefined ? `!${code}` : `!${code} until ${retryAt - NOW}`
      }
      n += 1
      const taken = append(record, decision, actor, { id: clientId(n) }, now)
      record = { ...taken.record, flood: { quick: 0, lasting: 0 } }
      entries.push(...taken.entries)
      return told(decision)
    },
  }
}

const rate = (score: (typeof SCORES)[number], comment?: string): Command => ({
  type: 'submit_rating',
  score,
  ...(comment !== undefined && { comment }),
})

describe('asking', () => {
  it('[RT1][RT2] who asked is told to the team, and the visitor is asked by nobody in particular', () => {
    const play = played()
    expect(play.does(AGENT_ANA, ASK, NOW)).toBe('asked, prompted faces')
    const [team, open] = play.entries
    expect(team).toMatchObject({ type: 'rating.requested', author: `agent:${ANA}`, clientId: 'tab:11' })
    expect(open).toEqual({
      ...{ type: 'rating.prompted', author: 'system', n: play.record.public.head, at: NOW },
      body: { skin: 'faces', until: NOW + WEEK_MS },
    })
    expect(JSON.stringify(entriesFor('visitor', play.entries))).not.toMatch(/ana/i)
  })

  it.each([
    ['a millisecond before the week is over', WEEK_MS - 1, `!rating_asked_recently until ${WEEK_MS}`],
    ['when it is over', WEEK_MS, 'asked, prompted faces'],
    ['at once', 0, `!rating_asked_recently until ${WEEK_MS}`],
    // A clock that was put back makes nobody wait longer than from when they asked.
    ['by a clock that was put back', -DAY_MS, `!rating_asked_recently until ${WEEK_MS}`],
  ])('[RT3][Q8] the same agent again %s', (_, after, outcome) => {
    const play = played()
    play.does(AGENT_ANA, ASK, NOW)
    expect(play.does(AGENT_ANA, ASK, NOW + after)).toBe(outcome)
  })

  it('[RT3] another agent may ask, and a key counts as an agent of its own; the newest prompt is the open one', () => {
    const play = played()
    for (const [at, who] of [AGENT_ANA, AGENT_BEN, KEY].entries()) {
      expect(play.does(who, ASK, NOW + at)).toBe('asked, prompted faces')
      expect(play.does(who, ASK, NOW + at)).toBe(`!rating_asked_recently until ${WEEK_MS + at}`)
    }
    const { asks } = play.record.team
    expect(asks?.map(({ by }) => by)).toEqual([`agent:${ANA}`, 'agent:m_ben', 'key:k_1'])
    expect(play.does(VIC, rate(4), NOW + 9)).toBe('rated 4')
    expect(play.record.team.asks?.map(({ answer }) => answer?.score)).toEqual([undefined, undefined, 4])
    expect(play.record.public.prompt?.n).toBe(play.record.team.asks?.at(-1)?.prompt)
  })

  it('[RT3] by the time that an administrator decided', () => {
    const play = played()
    play.set({ policy: { ...DEFAULT_POLICY, ratingEveryMs: DAY_MS } })
    play.does(AGENT_ANA, ASK, NOW)
    expect(play.does(AGENT_ANA, ASK, NOW + DAY_MS - 1)).toBe(`!rating_asked_recently until ${DAY_MS}`)
    expect(play.does(AGENT_ANA, ASK, NOW + DAY_MS)).toBe('asked, prompted faces')
  })

  it.each(CHANNEL_KINDS)('[RT4] in a conversation from %s', (channelKind) => {
    const play = played()
    play.set({ channelKind })
    const offered = CAPABILITIES[channelKind].rating === 'offered'
    for (const who of [AGENT_ANA, KEY])
      expect(play.does(who, ASK, NOW)).toBe(offered ? 'asked, prompted faces' : '!rating_unavailable')
    expect(offered).toBe(channelKind === 'web')
    const outcome = decide(play.record, AGENT_BEN, ASK, NOW)
    if (!outcome.ok) expect(outcome.refusal.message).toContain(CAPABILITIES[channelKind].name)
  })

  it('[RT5] of a closed conversation; neither asking nor answering reopens it', () => {
    const play = played(standing({ ...ANSWERED, status: 'closed' }))
    expect(play.does(AGENT_ANA, ASK, NOW)).toBe('asked, prompted faces')
    expect(play.does(VIC, rate(1), NOW)).toBe('rated 1')
    expect(play.record.public.status).toBe('closed')
  })

  it.each<[Actor, string]>([
    [VIC, '!not_allowed'],
    [NOVA, '!not_allowed'],
    [{ kind: 'system' }, '!not_allowed'],
    [{ kind: 'key', id: 'k_2', name: 'Reader', scopes: ['ratings:read'] }, '!scope_missing'],
  ])('[RT1] is not for %j', (who, outcome) => {
    const play = played()
    play.set({ policy: { ...DEFAULT_POLICY, assistant: 'a_nova' } })
    expect(play.does(who, ASK, NOW)).toBe(outcome)
  })

  it('[BN3] nobody asks who is blocked, and who is blocked answers nothing', () => {
    const play = played()
    play.does(AGENT_ANA, ASK, NOW)
    play.set({ bans: [{ version: 1, kind: 'block', until: null }] })
    expect(play.does(AGENT_BEN, ASK, NOW)).toBe('!contact_blocked')
    expect(play.does(VIC, rate(1), NOW)).toBe('!blocked')
  })

  it('[CV8] who may not write to the visitor may not ask either', () => {
    const play = played()
    play.set({ policy: { ...DEFAULT_POLICY, mayWrite: 'assignee_and_collaborators' } })
    expect(play.does(AGENT_BEN, ASK, NOW)).toBe('!not_allowed')
    expect(play.does(AGENT_ADA, ASK, NOW)).toBe('asked, prompted faces')
    expect(play.does(AGENT_ANA, ASK, NOW)).toBe('asked, prompted faces')
  })
})

describe('answering', () => {
  it.each<[string, Command[], string[]]>([
    ['before anybody asked', [rate(3)], ['!rating_not_asked']],
    ['once', [ASK, rate(3)], ['asked, prompted faces', 'rated 3']],
    ['the same again', [ASK, rate(3), rate(3)], ['asked, prompted faces', 'rated 3', '!rating_unchanged']],
    ['another score', [ASK, rate(3), rate(5)], ['asked, prompted faces', 'rated 3', 'rated 5']],
    [
      'a comment, and none again',
      [ASK, rate(3, 'so so'), rate(3)],
      ['asked, prompted faces', 'rated 3 with a comment', 'rated 3'],
    ],
    [
      'a comment of blanks is none',
      [ASK, rate(3), rate(3, ' \n')],
      ['asked, prompted faces', 'rated 3', '!rating_unchanged'],
    ],
    ['2,000 characters', [ASK, rate(3, '😀'.repeat(2000))], ['asked, prompted faces', 'rated 3 with a comment']],
    ['2,001 characters', [ASK, rate(3, '😀'.repeat(2001))], ['asked, prompted faces', '!comment_too_long']],
  ])('[RT5] %s', (_, commands, outcomes) => {
    const play = played()
    expect(commands.map((c) => play.does(c.type === 'submit_rating' ? VIC : AGENT_ANA, c, NOW))).toEqual(outcomes)
  })

  it.each([
    ['the answer may be changed to the last millisecond', WEEK_MS, 'rated 5'],
    ['and not after it', WEEK_MS + 1, '!rating_final'],
  ])('[RT5][Q8] %s', (_, after, outcome) => {
    const play = played()
    play.does(AGENT_ANA, ASK, NOW)
    play.does(VIC, rate(3), NOW)
    expect(play.does(VIC, rate(5), NOW + after)).toBe(outcome)
  })

  it('[RT5] the first answer is never too late, and what was decided when it was asked holds', () => {
    const play = played()
    play.set({ policy: { ...DEFAULT_POLICY, ratingChangeMs: 0, ratingSkin: 'stars' } })
    expect(play.does(AGENT_ANA, ASK, NOW)).toBe('asked, prompted stars')
    play.set({ policy: DEFAULT_POLICY })
    expect(play.does(VIC, rate(3), NOW + 30 * DAY_MS)).toBe('rated 3')
    expect(play.does(VIC, rate(4), NOW + 30 * DAY_MS)).toBe('!rating_final')
  })

  it.each<Actor>([AGENT_ANA, KEY, NOVA, { kind: 'system' }])('[RT5] is for the visitor alone, not for %j', (who) => {
    const play = played()
    play.set({ policy: { ...DEFAULT_POLICY, assistant: 'a_nova' } })
    play.does(AGENT_ANA, ASK, NOW)
    expect(play.does(who, rate(5), NOW)).toMatch(/^!(not_allowed|scope_missing)$/)
  })
})

describe('the score of the team', () => {
  it('[RT8] the sources are kept apart, and the visitor goes before the agent', () => {
    const play = played()
    const score = (to: (typeof SCORES)[number] | null): Command => ({ type: 'score_conversation', score: to })
    expect(countedRating(play.record)).toBeNull()
    expect(play.does(AGENT_ANA, score(null), NOW)).toBe('!score_unchanged')
    expect(play.does(AGENT_ANA, score(2), NOW)).toBe('scored none>2')
    expect(countedRating(play.record)).toEqual({ score: 2, source: 'agent' })
    play.does(AGENT_ANA, ASK, NOW)
    play.does(VIC, rate(5), NOW)
    expect(play.does(KEY, score(1), NOW)).toBe('scored 2>1')
    expect(countedRating(play.record)).toEqual({ score: 5, source: 'visitor' })
    expect(play.record.team.score).toEqual({ score: 1, by: 'key:k_1', at: NOW })
    expect(play.does(AGENT_BEN, score(null), NOW)).toBe('scored 1>none')
    expect(rowOf(play.record)).toMatchObject({ rating: { score: 5, source: 'visitor' } })
    expect(play.record.team.score).toBeUndefined()
    expect(play.does(VIC, score(5), NOW)).toBe('!not_allowed')
  })

  it('[RT6][RT10] each is good, neutral or bad, and has words', () => {
    expect(SCORES.map((score) => `${scoreWords(score)}: ${toneOf(score)}`)).toEqual([
      ...['1 of 5, very bad: bad', '2 of 5, bad: bad', '3 of 5, neutral: neutral'],
      ...['4 of 5, good: good', '5 of 5, very good: good'],
    ])
  })
})

it('an ordinary conversation carries nothing of ratings', () => {
  const stored = JSON.stringify(standing(ANSWERED)) + JSON.stringify(policyFor(NO_POLICIES, ''))
  expect(stored).not.toMatch(/ask|prompt|rating|score/)
  expect(JSON.stringify(rowOf(standing(ANSWERED)))).not.toMatch(/ask|rating|score/i)
})

describe('[I6][Q5][Q13] any play of asks and answers', () => {
  const WHO: Record<string, Actor> = { ana: AGENT_ANA, ben: AGENT_BEN, key: KEY }
  const EDGES = [0, 1, WEEK_MS - 1, WEEK_MS, WEEK_MS + 1, DAY_MS, -DAY_MS, 3 * DAY_MS + 7]
  const step = fc.record({
    // Steps of the clock that meet the edges of the window, from whatever came before.
    after: fc.constantFrom(...EDGES),
    act: fc.oneof(
      fc.constantFrom('ana', 'ben', 'key'),
      fc.record({ score: fc.constantFrom(...SCORES), comment: fc.constantFrom(undefined, '', 'fine') }),
    ),
  })

  it('is as the rules say, written once more and plainly; and its entries fold to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const start = standing(ANSWERED)
        const play = played(start)
        const asked = new Map<string, number>()
        let prompt: { at: number; answer: string | null } | null = null
        let [now, newest] = [NOW, start.team.lastAt]
        for (const { after, act } of steps) {
          now += after
          // What is written is never older than what was written before.
          const at = Math.max(now, newest)
          if (typeof act === 'string') {
            const last = asked.get(act)
            const outcome = play.does(WHO[act] ?? NOVA, ASK, now)
            if (last !== undefined && now < last + WEEK_MS)
              expect(outcome).toBe(`!rating_asked_recently until ${last + WEEK_MS - NOW}`)
            else {
              expect(outcome).toBe('asked, prompted faces')
              asked.set(act, at)
              prompt = { at, answer: null }
              newest = at
            }
            continue
          }
          const outcome = play.does(VIC, { type: 'submit_rating', ...act }, now)
          const answer = `${act.score}${act.comment ?? ''}`
          if (!prompt) expect(outcome).toBe('!rating_not_asked')
          else if (prompt.answer !== null && now > prompt.at + WEEK_MS) expect(outcome).toBe('!rating_final')
          else if (prompt.answer === answer) expect(outcome).toBe('!rating_unchanged')
          else {
            expect(outcome).toMatch(/^rated/)
            prompt.answer = answer
            newest = at
          }
        }
        const { public: open, team } = play.entries.reduce(apply, { public: start.public, team: start.team })
        expect({ open, team }).toEqual({ open: play.record.public, team: play.record.team })
        const seen = entriesFor('visitor', play.entries).reduce(apply, {
          ...emptyState(start.id, 'public'),
          public: start.public,
        })
        expect(seen).toEqual({ public: play.record.public, team: null })
      }),
    )
  })

  it('[RT3] the last ask of everybody is remembered, however many there were', () => {
    const play = played()
    const member = (i: number): Actor => ({ kind: 'agent', member: `m_${i}` as typeof ANA, name: 'M', role: 'agent' })
    for (let i = 0; i < 70; i += 1) expect(play.does(member(i), ASK, NOW + i)).toBe('asked, prompted faces')
    for (let i = 0; i < 70; i += 1)
      expect(play.does(member(i), ASK, NOW + 100)).toBe(`!rating_asked_recently until ${WEEK_MS + i}`)
    for (let week = 1; week < 70; week += 1) play.does(member(0), ASK, NOW + week * WEEK_MS)
    expect(play.record.team.asks?.length).toBeLessThan(125)
    expect(play.does(member(69), ASK, NOW + WEEK_MS + 68)).toBe(`!rating_asked_recently until ${WEEK_MS + 69}`)
  })
})
