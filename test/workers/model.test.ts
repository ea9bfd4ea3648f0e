import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command as CoreCommand } from '../../core/conversation/command.ts'
import { compareEntries, type Entry, isTeam } from '../../core/conversation/entries.ts'
import { exactly, fc } from '../support/properties.ts'
import { type Command, type Person, ReferenceConversation, type Rules } from '../support/reference.ts'
import { SCALE, scaled } from '../support/scale.ts'
import { type Inside, MEMBERS, NOVA, OPEN_POLICY, scripted, type Who } from '../support/scripted.ts'

const RUNS = 200 * SCALE
const SEED = SCALE === 1 ? 20261120 : Date.now() % 2 ** 31

const [HOUR_MS, WEEK_MS] = [3_600_000, 8 * 86_400_000]

type Step = {
  who: Who
  command: Command
  again: number | null
  sleep: boolean
  crash: boolean
  jump: number
  retry: boolean
  late: boolean
}

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
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: text.map((t): Command => ({ type: 'send_message', text: t })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(text, fc.integer({ min: 1, max: 12 }))
      .map(([t, quote]): Command => ({ type: 'send_message', text: t, quote })),
  },
  { weight: 1, arbitrary: text.map((t): Command => ({ type: 'send_message', text: t, reopen: true })) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b').map((n): Command => ({ type: 'continue_in', conversation: n })) },
  { weight: 2, arbitrary: text.map((t): Command => ({ type: 'add_note', text: t })) },
  { weight: 1, arbitrary: text.map((t): Command => ({ type: 'start', text: t })) },
  { weight: 2, arbitrary: fc.constantFrom<Command>({ type: 'accept' }, { type: 'close' }, { type: 'reopen' }) },
  { weight: 1, arbitrary: fc.constantFrom<Command>({ type: 'delete' }, { type: 'restore' }, { type: 'restore' }) },
  { weight: 2, arbitrary: member.map((to): Command => ({ type: 'assign', to })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('low', 'medium', 'urgent').map((to): Command => ({ type: 'set_priority', to })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('closed', 'waiting_human', 'active_human', 'active_ai')
      .map((to): Command => ({ type: 'set_status', to })),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ type: 'hand_off', epoch: 0 }) },
)
const said = text.map((t): Command => ({ type: 'send_message', text: t }))
/** Mostly what each can do, else anything. */
const anything = { weight: 1, arbitrary: command }
const ofVisitor = fc.oneof(
  { weight: 2, arbitrary: said },
  { weight: 1, arbitrary: fc.constant<Command>({ type: 'close' }) },
  anything,
)
const ofNova = fc.oneof(
  { weight: 2, arbitrary: said },
  { weight: 1, arbitrary: fc.constant<Command>({ type: 'hand_off', epoch: 0 }) },
  anything,
)
const how = {
  // Sends an earlier client id of the same writer once more, with this command or with the one it had.
  again: fc.option(fc.nat({ max: 40 }), { freq: 5 }),
  /** The object is evicted after it. */
  sleep: fc.boolean(),
  /** Before it is durable, so that it has to be sent again. */
  crash: fc.nat({ max: 4 }).map((n) => n === 0),
  /** The clock, before it. */
  jump: fc.constantFrom(0, 0, 0, 0, 1_000, HOUR_MS, -HOUR_MS, WEEK_MS, -WEEK_MS),
  retry: fc.boolean(),
  // The assistant names who handled it before the last change.
  late: fc.constantFrom(false, false, false, true),
}
const stepOf = (who: fc.Arbitrary<Who>, what: fc.Arbitrary<Command>) => fc.record({ ...how, who, command: what })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: stepOf(fc.constant('visitor'), ofVisitor) },
  { weight: 2, arbitrary: stepOf(fc.constantFrom('ana', 'ben'), command) },
  { weight: 1, arbitrary: stepOf(fc.constant('nova'), ofNova) },
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
    visitor: { author: `visitor:${real.device}`, kind: 'visitor', member: '', name: '' },
    nova: { author: `assistant:${NOVA}`, kind: 'assistant', member: '', name: 'Nova' },
    ana: { author: `agent:${MEMBERS.ana}`, kind: 'agent', member: MEMBERS.ana, name: 'Ana', admin: true },
    ben: { author: `agent:${MEMBERS.ben}`, kind: 'agent', member: MEMBERS.ben, name: 'Ben' },
  }
  const sent: Array<{ who: Who; id: string; command: Command }> = []
  const take = async (s: Step, { dispatch, crash }: Inside) => {
    // Undoing a deletion has its time; a suite of its own looks at that.
    if (!reference.deleting) vi.setSystemTime(Date.now() + s.jump)
    const earlier = s.again === null ? [] : sent.filter((e) => e.who === s.who)
    const old = earlier.length > 0 && s.again !== null ? earlier[s.again % earlier.length] : undefined
    const id = old?.id ?? `${s.who}:${sent.length + 1}`
    const asked = old && sameCommand ? old.command : named(s, reference.epoch)
    if (!old) sent.push({ who: s.who, id, command: asked })
    const expected = reference.take(people[s.who], id, asked)
    if (s.crash) crash(s.who, id, asked as CoreCommand, { retry: s.retry })
    const outcome = await dispatch(s.who, id, asked as CoreCommand, { retry: s.retry })
    expect(outcome.ok ? (outcome.repeated ? 'repeated' : 'ok') : outcome.refusal.code).toBe(expected)
  }
  const first: Step = {
    who: 'visitor',
    command: { type: 'start', text: 'first' },
    again: null,
    sleep: true,
    crash: false,
    jump: 0,
    retry: false,
    late: false,
  }
  await real.within(async (inside) => {
    for (const s of [first, ...steps]) {
      await take(s, inside)
      if (s.sleep) inside.sleep()
    }
    inside.sleep()
    if (reference.deleting) {
      expect((await inside.read('ana')).ok).toBe(false)
      await take({ ...first, who: 'ana', command: { type: 'restore' } }, inside)
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

async function agree({ log, row }: Inside, reference: ReferenceConversation): Promise<void> {
  const all = await log('ana')
  const visible = all.filter((entry) => !isTeam(entry))
  const team = all.filter(isTeam)
  expect(visible.map(plain)).toEqual(reference.visible)
  expect(team.map(plain)).toEqual(reference.team)
  // I2: both logs are dense, and the order of the page is the order of the timeline.
  expect(visible.map((entry) => entry.n)).toEqual(visible.map((_, i) => i + 1))
  expect(team.map((entry) => entry.n)).toEqual(team.map((_, i) => i + 1))
  expect([...all].sort(compareEntries)).toEqual(all)
  expect((await log('visitor')).map((entry) => entry.n)).toEqual(visible.map((entry) => entry.n))
  const { status, assignee, priority } = await row()
  expect([status, assignee, priority]).toEqual([reference.status, reference.assignee, reference.priority])
}

function plain(entry: Entry) {
  const { author, type, body, clientId } = entry
  return { author, type, body, clientId: clientId ?? null, after: isTeam(entry) ? entry.after : null }
}

// Far ahead, so that no alarm goes off by itself, however far the clock jumps back.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2040, 0, 15) }))
afterEach(() => void vi.useRealTimers())

describe('against a plain reference', () => {
  it('[Q12][DL1][DL2][DL3] any commands, repeats, evictions, crashes and jumps of the clock leave what the reference has', {
    timeout: scaled(120_000),
  }, async () => {
    const property = fc.asyncProperty(exactly(step, 30), fc.boolean(), rules, follows)
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  })
})
