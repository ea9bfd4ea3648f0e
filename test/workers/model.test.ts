import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command as CoreCommand } from '../../core/conversation/command.ts'
import { compareEntries, type Entry, isTeam } from '../../core/conversation/entries.ts'
import { does, SHRUNK, type Step } from '../support/corpora/plays.ts'
import { exactly, fc } from '../support/properties.ts'
import { ReferenceConversation } from '../support/reference.ts'
import type { Command, Person, Rules } from '../support/referenceWords.ts'
import { SCALE, scaled, times } from '../support/scale.ts'
import { type Inside, MEMBERS, NOVA, OPEN_POLICY, ROBOT, scripted, type Who } from '../support/scripted.ts'

const RUNS = times(200)
const SEED = SCALE === 1 ? 20261120 : Date.now() % 2 ** 31

const [HOUR_MS, WEEK_MS] = [3_600_000, 8 * 86_400_000]

const text = fc.constantFrom(
  'hello',
  'مرحبا',
  '👩‍👩‍👧 ok',
  ' \n ',
  'x'.repeat(2000),
  'y'.repeat(2001),
  '',
  'two\nlines',
)
const member = fc.constantFrom<string | null>(MEMBERS.ana, MEMBERS.ben, null)
const someone = fc.constantFrom<string>(MEMBERS.ana, MEMBERS.ben)
const small = fc.integer({ min: 1, max: 12 })
const request = fc.integer({ min: 1, max: 3 })
const score = fc.constantFrom(1, 3, 5)
const MAIL = { to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' }
const BAN = { version: 1, by: 'agent:m_ana', scope: 'contact', kind: 'ban', until: null }
const of = <T extends Command['type']>(...types: T[]) => fc.constantFrom(...types.map((type) => ({ type }) as Command))

const said = text.map((t): Command => ({ type: 'send_message', text: t }))
const quoting = fc.tuple(text, small).map(([t, quote]): Command => ({ type: 'send_message', text: t, quote }))
const noted = fc
  .tuple(
    text,
    fc.option(
      fc.oneof(
        small,
        small.map((n) => `t${n}`),
      ),
      { nil: undefined },
    ),
  )
  .map(([t, quote]): Command => ({ type: 'add_note', text: t, ...(quote !== undefined && { quote }) }))
const edited = fc.tuple(small, text).map(([ref, t]): Command => ({ type: 'edit_message', ref, text: t }))
const erased = small.map((ref): Command => ({ type: 'delete_message', ref }))
const handedOff = fc.constant<Command>({ type: 'hand_off', epoch: 0 })
const assigned = member.map((to): Command => ({ type: 'assign', to }))
const followed = fc
  .tuple(
    fc.constantFrom('add_collaborator' as const, 'add_collaborator' as const, 'remove_collaborator' as const),
    someone,
  )
  .map(([type, who]): Command => ({ type, member: who }))
const rated = fc
  .tuple(score, fc.constantFrom(undefined, 'fine'))
  .map(([n, comment]): Command => ({ type: 'submit_rating', score: n, ...(comment !== undefined && { comment }) }))
const settled = fc
  .tuple(request, fc.constantFrom({ outcome: 'sent' }, { outcome: 'failed', mayRetry: true }, { outcome: 'failed' }))
  .map(([n, outcome]): Command => ({ type: 'settle_transcript', request: n, to: MAIL.to, settled: outcome }))
const released = someone.map((from): Command => ({ type: 'release', from }))
const banned = fc.boolean().map((lifted): Command => ({ type: 'tell_ban', ban: { ...BAN, lifted } }))

/** Every command there is: a new one does not compile until it is played. */
const PLAYED: Record<CoreCommand['type'], fc.Arbitrary<Command>> = {
  start: text.map((t): Command => ({ type: 'start', text: t })),
  send_message: fc.oneof(
    said,
    said,
    quoting,
    text.map((t): Command => ({ type: 'send_message', text: t, reopen: true })),
  ),
  add_note: noted,
  edit_message: edited,
  delete_message: erased,
  ...{ accept: of('accept'), close: of('close'), reopen: of('reopen') },
  ...{ delete: of('delete'), restore: of('restore', 'restore'), request_rating: of('request_rating') },
  ...{ assign: assigned, release: released, add_collaborator: followed, remove_collaborator: followed },
  set_priority: fc.constantFrom('low', 'medium', 'urgent').map((to): Command => ({ type: 'set_priority', to })),
  set_status: fc
    .constantFrom('closed', 'waiting_human', 'active_human', 'active_ai')
    .map((to): Command => ({ type: 'set_status', to })),
  hand_off: handedOff,
  continue_in: fc.constantFrom('a', 'b').map((n): Command => ({ type: 'continue_in', conversation: n })),
  submit_rating: rated,
  score_conversation: fc.constantFrom(null, 2, 4).map((n): Command => ({ type: 'score_conversation', score: n })),
  send_transcript: fc.constant<Command>({ type: 'send_transcript', ...MAIL }),
  retry_transcript: request.map((n): Command => ({ type: 'retry_transcript', request: n })),
  settle_transcript: settled,
  tell_ban: banned,
}
/** Whoever asks, also for what is not theirs. */
const anything = { weight: 1, arbitrary: fc.oneof(...Object.values(PLAYED)) }
const mostly = (weight: number, ...own: Array<fc.Arbitrary<Command>>) =>
  fc.oneof({ weight, arbitrary: fc.oneof(...own) }, anything)
const ofTeam = [said, said, said, quoting, noted, edited, erased, assigned, followed, PLAYED.send_transcript]
const how = {
  again: fc.option(fc.nat({ max: 40 }), { freq: 5 }),
  sleep: fc.boolean(),
  crash: fc.constantFrom(null, null, null, null, null, 'before' as const, 'after' as const),
  jump: fc.constantFrom(0, 0, 0, 0, 1_000, HOUR_MS, -HOUR_MS, WEEK_MS, -WEEK_MS),
  retry: fc.boolean(),
  late: fc.constantFrom(false, false, false, true),
}
const stepOf = (weight: number, who: fc.Arbitrary<Who>, what: fc.Arbitrary<Command>) => ({
  weight,
  arbitrary: fc.record({ ...how, who, command: what }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  stepOf(4, fc.constant('visitor'), mostly(3, said, said, quoting, of('close'), rated)),
  stepOf(5, fc.constantFrom('ana', 'ben'), mostly(1, ...ofTeam, of('accept', 'close', 'reopen', 'request_rating'))),
  stepOf(2, fc.constant('nova'), mostly(3, said, said, handedOff)),
  stepOf(2, fc.constant('robot'), mostly(2, ...ofTeam)),
  stepOf(1, fc.constant('foyer'), mostly(3, assigned, released, of('close'), settled, settled, banned)),
)

/** Mostly as it begins, else whatever administrators may decide. */
const rules: fc.Arbitrary<Rules> = fc.record({
  reopen: fc.constantFrom('any_message', 'any_message', 'visitor_message', 'never'),
  mayWrite: fc.constantFrom('anyone', 'anyone', 'assignee_and_collaborators'),
  mayAssign: fc.constantFrom('anyone', 'anyone', 'assignee_and_admins'),
  history: fc.constantFrom('keep', 'keep', 'hide'),
  assistant: fc.constantFrom(true, true, false),
})

async function follows(steps: Step[], sameCommand: boolean, decided: Rules): Promise<void> {
  const real = await scripted({ ...OPEN_POLICY, ...decided, assistant: decided.assistant ? NOVA : null })
  const reference = new ReferenceConversation(decided)
  const people: Record<Who, Person> = {
    visitor: { author: `visitor:${real.device}`, kind: 'visitor' },
    nova: { author: `assistant:${NOVA}`, kind: 'assistant', name: 'Nova' },
    robot: { author: `key:${ROBOT.id}`, kind: 'key', name: ROBOT.name },
    foyer: { author: 'system', kind: 'system' },
    ana: { author: `agent:${MEMBERS.ana}`, kind: 'agent', member: MEMBERS.ana, name: 'Ana', admin: true },
    ben: { author: `agent:${MEMBERS.ben}`, kind: 'agent', member: MEMBERS.ben, name: 'Ben' },
  }
  const sent: Array<{ who: Who; id: string; command: Command }> = []
  const take = async (s: Step, { dispatch, crash, crashAfter, alarmAt }: Inside) => {
    // Undoing a deletion has its time; a suite of its own looks at that.
    if (!reference.deleting) vi.setSystemTime(Date.now() + s.jump)
    const earlier = s.again === null ? [] : sent.filter((e) => e.who === s.who)
    const old = earlier.length > 0 && s.again !== null ? earlier[s.again % earlier.length] : undefined
    const id = old?.id ?? `${s.who}:${sent.length + 1}`
    const asked = old && sameCommand ? old.command : named(s, reference.epoch)
    if (!old) sent.push({ who: s.who, id, command: asked })
    const takes = () => reference.take(people[s.who], id, asked, Date.now())
    if (s.crash === 'before') crash(s.who, id, asked as CoreCommand, { retry: s.retry })
    if (s.crash === 'after') {
      const wasTaken = takes() === 'ok'
      await crashAfter(s.who, id, asked as CoreCommand, { retry: s.retry })
      // I8: whoever has to be told of it is told by the alarm.
      if (wasTaken) expect(await alarmAt()).not.toBeNull()
    }
    const expected = takes()
    const outcome = await dispatch(s.who, id, asked as CoreCommand, { retry: s.retry })
    expect(outcome.ok ? (outcome.repeated ? 'repeated' : 'ok') : outcome.refusal.code).toBe(expected)
  }
  const first = does('visitor', { type: 'start', text: 'first' }, { sleep: true })
  await real.within(async (inside) => {
    for (const s of [first, ...steps]) {
      await take(s, inside)
      if (s.sleep) inside.sleep()
    }
    inside.sleep()
    if (reference.deleting) {
      expect((await inside.read('ana')).ok).toBe(false)
      await take(does('ana', { type: 'restore' }), inside)
    }
    await agree(inside, reference)
    // AI6: the assistant is told what visitors are told, and nothing else.
    const heard = await inside.page('nova')
    expect(heard).toMatchObject(decided.assistant ? { ok: true, epoch: reference.epoch } : { ok: false })
    if (heard.ok) expect(heard.list).toEqual(await inside.log('visitor'))
  })
}

/** What the assistant says, with the epoch that it saw. */
function named({ who, command, late }: Step, epoch: number): Command {
  if (who !== 'nova' || (command.type !== 'send_message' && command.type !== 'hand_off')) return command
  return { ...command, epoch: late ? epoch - 1 : epoch }
}

async function agree({ log, row }: Inside, { visible, team, ...reference }: ReferenceConversation): Promise<void> {
  const all = await log('ana')
  const [open, own] = [all.filter((entry) => !isTeam(entry)), all.filter(isTeam)]
  expect(open.map(plain)).toEqual(visible)
  expect(own.map(plain)).toEqual(team)
  // I2: both logs are dense, and the order of the page is the order of the timeline.
  expect(open.map((entry) => entry.n)).toEqual(visible.map((_, i) => i + 1))
  expect(own.map((entry) => entry.n)).toEqual(team.map((_, i) => i + 1))
  expect([...all].sort(compareEntries)).toEqual(all)
  // I3: the visitor has all of the one and nothing of the other, nor the client ids of others.
  const ofVisitor = ({ author }: { author: string }) => author.startsWith('visitor:')
  const cut = visible.map((line) => ({ ...line, clientId: ofVisitor(line) ? line.clientId : null }))
  expect((await log('visitor')).map(plain)).toEqual(cut)
  const { rev, head, visitorMessages, status, assignee, priority, collaborators } = await row()
  expect({ status, assignee, priority, collaborators }).toEqual({
    ...{ status: reference.status, assignee: reference.assignee, priority: reference.priority },
    collaborators: [...reference.collaborators],
  })
  const messages = visible.filter((line) => line.type === 'message.created' && ofVisitor(line))
  expect([rev, head, visitorMessages]).toEqual([visible.length + team.length, visible.length, messages.length])
}

function plain(entry: Entry) {
  const { author, type, body, clientId, at } = entry
  return { author, type, body, clientId: clientId ?? null, at, after: isTeam(entry) ? entry.after : null }
}

// Far ahead, so that no alarm goes off by itself, however far the clock jumps back.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2040, 0, 15) }))
afterEach(() => void vi.useRealTimers())
// Whoever died while telling the inbox reports that it got no answer, also after the last play.
beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))

describe('against a plain reference', () => {
  it('[Q12][DL1][DL2][DL3] any commands, repeats, evictions, crashes and jumps of the clock leave what the reference has', {
    timeout: scaled(120_000),
  }, async () => {
    const property = fc.asyncProperty(exactly(step, 30), fc.boolean(), rules, follows)
    await fc.assert(property, { numRuns: RUNS + SHRUNK.length, seed: SEED, examples: SHRUNK })
  })
})
