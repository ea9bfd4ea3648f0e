/** What is measured of either subject, the same way, as plain figures. What they should be stands in `goals.ts`. */
import { CLIENT, clientLoad, median, quantile, sleep } from './figures.ts'
import type { Host } from './host.ts'
import type { Room, Subject } from './subject.ts'
import { openAll, pace, saturate, Talk } from './talk.ts'

export interface Stage {
  subject: Subject
  host: Host
  /** Ends the host and starts it again on the same data. */
  restart(): Promise<void>
  /**
   * Lets the other subject go on and waits until it does the same: short waits are measured in the same moments, since
   * a machine is not as fast in one minute as in the next.
   */
  turn(): Promise<void>
  /** A short run: enough to see that it works, not to compare. */
  quick: boolean
}

export type Figures = Record<string, number>
export type Scenario = (stage: Stage) => Promise<Figures>

const WARM_UP_MS = 700
/** The runtime lets an object sleep after ten seconds without work. */
const ASLEEP_MS = 12_000

async function created({ subject, host }: Stage): Promise<Room> {
  const start = await subject.arrive(host.origin)
  return start()
}

async function talks(stage: Stage, count: number, watchers = 1): Promise<Talk[]> {
  return openAll(count, async () => Talk.open(await created(stage), watchers))
}

/** Browsers that have said nothing yet. */
function arrivals({ subject, host }: Stage, count: number) {
  return openAll(count, () => subject.arrive(host.origin))
}

/** What a machine does of its own accord lasts seconds: a measurement of pieces, in turns, meets it on both sides. */
const PIECES = 6
const PIECE_MS = 1_000
/** What was put off while messages came is not to be done while the other is measured. */
const SETTLED_MS = 700

/** Runs a piece of a measurement so many times, in turns with the other subject. Answers what each of them gave. */
async function inTurns<Given>(stage: Stage, piece: () => Promise<Given>): Promise<Given[]> {
  const given: Given[] = []
  for (let i = 0; i < (stage.quick ? 1 : PIECES); i += 1) {
    await stage.turn()
    given.push(await piece())
    await sleep(SETTLED_MS)
  }
  return given
}

/** 1 conversation with 32 messages under way, 50 with 2, 200 with 1. */
const shape =
  (conversations: number, outstanding: number): Scenario =>
  async (stage) => {
    const open = await talks(stage, conversations)
    await saturate(stage.host, open, outstanding, WARM_UP_MS)
    const pieces = await inTurns(stage, () => saturate(stage.host, open, outstanding, PIECE_MS))
    return {
      'messages/s': median(pieces.map(({ perSecond }) => perSecond)),
      'CPU µs/message': median(pieces.map(({ cpuUs }) => cpuUs)),
      [CLIENT]: Math.max(...pieces.map(({ clientCores }) => clientCores)),
    }
  }

const paced: Scenario = async (stage) => {
  const [talk] = await talks(stage, 1)
  if (!talk) throw new Error('nothing to measure')
  await pace(talk, 20, 50)
  const pieces = await inTurns(stage, async () => {
    const client = clientLoad()
    return { ...(await pace(talk, 60, 50)), ...client() }
  })
  const ackMs = pieces.flatMap((piece) => piece.ackMs)
  return {
    'send→ack p50 ms': median(ackMs),
    'send→ack p99 ms': quantile(ackMs, 0.99),
    'send→peer p99 ms': quantile(
      pieces.flatMap((piece) => piece.peerMs),
      0.99,
    ),
    [CLIENT]: Math.max(...pieces.map((piece) => piece[CLIENT])),
  }
}

/** What four more agents in a conversation add to a message. */
const receivers: Scenario = async (stage) => {
  const few = await talks(stage, 1, 1)
  const many = await talks(stage, 1, 5)
  await saturate(stage.host, few, 32, WARM_UP_MS, 1)
  await saturate(stage.host, many, 32, WARM_UP_MS, 5)
  const pieces = await inTurns(stage, async () => ({
    one: await saturate(stage.host, few, 32, PIECE_MS, 1),
    five: await saturate(stage.host, many, 32, PIECE_MS, 5),
  }))
  return {
    'CPU µs/message': median(pieces.map(({ five }) => five.cpuUs)),
    'CPU, times that of 1': median(pieces.map(({ one, five }) => five.cpuUs / one.cpuUs)),
    [CLIENT]: Math.max(...pieces.map(({ five }) => five.clientCores)),
  }
}

/** So many in a row; then what they left to do in the background is let happen, and it is the other's turn. */
const IN_A_ROW = 30

/** A conversation comes into being, its visitor's socket opens, and the first message over it is stored. */
const open: Scenario = async (stage) => {
  const { host, quick } = stage
  const took: number[] = []
  const loads: number[] = []
  const count = quick ? IN_A_ROW : 5 * IN_A_ROW
  const starts = await arrivals(stage, IN_A_ROW + count)
  let cpu = 0
  for (let done = 0; done < starts.length; done += IN_A_ROW) {
    await stage.turn()
    const isWarm = done > 0
    if (done === IN_A_ROW) cpu = host.cpuMs()
    const client = clientLoad()
    for (const start of starts.slice(done, done + IN_A_ROW)) {
      const began = performance.now()
      const talk = await Talk.open(await start(), 0)
      await talk.says()
      if (isWarm) took.push(performance.now() - began)
    }
    loads.push(client()[CLIENT])
    await sleep(SETTLED_MS)
  }
  return { 'p50 ms': median(took), 'CPU ms': (host.cpuMs() - cpu) / count, [CLIENT]: median(loads) }
}

const idle: Scenario = async (stage) => {
  const count = stage.quick ? 200 : 1_000
  // What the first few need once is not what each further one costs.
  await talks(stage, 20)
  // Of those who only look nothing is kept; what their requests leave until it is swept is not a conversation's.
  const starts = await arrivals(stage, count)
  await sleep(ASLEEP_MS)
  const empty = stage.host.memory()
  await openAll(count, async (i) => {
    const start = starts[i]
    return start && Talk.open(await start(), 1)
  })
  await sleep(ASLEEP_MS)
  const full = stage.host.memory()
  const cpu = stage.host.cpuMs()
  const seconds = 10
  await sleep(seconds * 1_000)
  return { 'KiB each': (full - empty) / count / 1024, 'CPU s per s': (stage.host.cpuMs() - cpu) / 1_000 / seconds }
}

const wake: Scenario = async (stage) => {
  const open = await talks(stage, stage.quick ? 20 : 60)
  for (const talk of open) await talk.says()
  await sleep(ASLEEP_MS)
  const took: number[] = []
  for (const talk of open) {
    await stage.turn()
    took.push(await talk.says())
  }
  return { 'send→ack p50 ms': median(took) }
}

/** After a restart of the whole runtime: the visitor's socket opens again, and a message is stored. */
const restart: Scenario = async (stage) => {
  const rooms: Room[] = []
  for (let i = 0; i < (stage.quick ? 10 : 40); i += 1) rooms.push(await created(stage))
  await stage.restart()
  const took: number[] = []
  for (const room of rooms) {
    await stage.turn()
    const began = performance.now()
    await (await Talk.open(room, 0)).says()
    took.push(performance.now() - began)
  }
  return { 'p50 ms': median(took) }
}

export const SCENARIOS = {
  '1 conversation × 32': shape(1, 32),
  '50 conversations × 2': shape(50, 2),
  '200 conversations × 1': shape(200, 1),
  '20 messages/s': paced,
  '5 receivers': receivers,
  open,
  '1,000 idle': idle,
  wake,
  restart,
} as const satisfies Record<string, Scenario>
