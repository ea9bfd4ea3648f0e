/**
 * What the inbox object's alarm does: bring rows and markers to D1, and see through what changed rights ask for. Each
 * part stands for itself: one that fails is tried again and holds up no other.
 */
import type { ConversationRow } from '../../core/conversation/row.ts'
import { SOONEST_MS } from '../../core/conversation/timers.ts'
import { report } from '../report.ts'
import { within } from '../within.ts'
import type { Assigning } from './assigning.ts'
import type { LiveBans } from './bans.ts'
import type { Conversations } from './conversations.ts'
import { markersStatement, SELECT_HANDLING, statementsFor } from './d1Index.ts'
import { flush } from './flush.ts'
import type { Markers } from './markers.ts'
import type { OpenConversations } from './openConversations.ts'
import type { LivePolicies } from './policies.ts'
import type { Rights } from './rights.ts'
import type { Handling, Rows } from './rows.ts'

/** Rows, markers or conversations at once. */
const BATCH_MAX = 100
const REMOTE_MS = 5_000

export interface UpkeepDeps {
  workspace: string
  db: D1Database
  rows: Rows
  markers: Markers
  rights: Rights
  policies: LivePolicies
  bans: LiveBans
  open: OpenConversations
  conversations: Conversations
  assigning: Assigning
}

/** Everything that is due. Answers false where some of it is to be tried again. */
export async function upkeep(deps: UpkeepDeps, now: number): Promise<boolean> {
  const done = [
    await flushRows(deps, now),
    await flushMarkers(deps, now),
    await cutOff(deps),
    await giveBack(deps),
    await tellPolicies(deps),
    await tellBans(deps),
    await fillKnown(deps),
    await deps.assigning.settle(),
  ]
  return done.every(Boolean)
}

/** When what there is to do is due. */
export function duesOf({ rows, markers, rights, policies, bans, open, assigning }: UpkeepDeps, now: number): number[] {
  const dues = [rows.nextDue(), markers.nextDue(), assigning.due].filter((due) => due !== null)
  const isUrgent = [
    rights.toGiveBack(),
    rights.outdated(),
    open.behind(policies.now().version, 1),
    bans.untold(1),
  ].some((list) => list.length > 0)
  return isUrgent || rows.hasUncounted() ? [...dues, now] : dues
}

/** Rows that are due, or would be before the alarm can go off again. Answers false while D1 is out of reach. */
async function flushRows({ db, rows }: UpkeepDeps, now: number): Promise<boolean> {
  return flush(
    {
      write: async (list) => void (await within(REMOTE_MS, db.batch(statementsFor(db, list)))),
      alive: () =>
        within(REMOTE_MS, db.prepare('SELECT 1').first()).then(
          () => true,
          () => false,
        ),
      taken: (list) => rows.clear(list),
      refused: (row: ConversationRow, error) => {
        report(`the index will not take conversation ${row.id}`, error)
        rows.park(row, now)
      },
    },
    rows.due(now + SOONEST_MS, BATCH_MAX),
  )
}

async function flushMarkers({ db, markers, workspace }: UpkeepDeps, now: number): Promise<boolean> {
  const due = markers.due(now, BATCH_MAX)
  if (due.length === 0) return true
  try {
    await within(REMOTE_MS, markersStatement(db, workspace, due).run())
  } catch (error) {
    report('read markers could not be written', error)
    return false
  }
  markers.clear(due)
  return true
}

/**
 * Closes sockets that were let in on rights which have changed.
 * Answers false if a conversation could not be reached.
 */
export async function cutOff({ rights, conversations }: UpkeepDeps): Promise<boolean> {
  return all(
    rights.outdated().map(async (outdated) => {
      await within(REMOTE_MS, conversations.revoke(outdated.conversation, outdated.member))
      rights.closed(outdated)
    }),
  )
}

/** PR3: gives back the open conversations of members who were disabled. */
export async function giveBack({ rights, rows, conversations }: UpkeepDeps): Promise<boolean> {
  return all(
    rights.toGiveBack().map(async (member) => {
      const held = rows.openOf(member)
      const given = await all(
        held.map((conversation) => within(REMOTE_MS, conversations.release(conversation, member))),
      )
      if (!given) throw new Error('a conversation could not be given back')
      rights.gaveBack(member)
    }),
  )
}

/** Brings changed policies to open conversations. Answers false if one of them could not be reached. */
export async function tellPolicies({ policies, open, conversations }: UpkeepDeps): Promise<boolean> {
  const newest = policies.now()
  const left = () => open.behind(newest.version, BATCH_MAX)
  for (let behind = left(); behind.length > 0; behind = left()) {
    const heard = behind.map(async (conversation) => {
      await within(REMOTE_MS, conversations.instruct(conversation, newest))
      open.told(conversation, newest.version)
    })
    if (!(await all(heard))) return false
  }
  return true
}

/** BN1: brings bans to the conversations that they concern. Answers false if one of them could not be reached. */
export async function tellBans({ bans, open, conversations }: UpkeepDeps): Promise<boolean> {
  for (let untold = bans.untold(BATCH_MAX); untold.length > 0; untold = bans.untold(BATCH_MAX)) {
    const heard = untold.map(async (owed) => {
      const now = Date.now()
      const networks = bans.networksOver(open.addressesOf(owed.conversation), now)
      const news = { asOf: bans.version, holds: bans.holdsOf(owed, now), networks, told: owed.told }
      await within(REMOTE_MS, conversations.tellBans(owed.conversation, news))
      bans.told(owed)
    })
    if (!(await all(heard))) return false
  }
  return true
}

/** Ids that were known before status and assignee were kept beside them: D1 tells, once. */
async function fillKnown({ db, rows, workspace, assigning }: UpkeepDeps): Promise<boolean> {
  if (!rows.hasUncounted()) return true
  try {
    const { results } = await within(REMOTE_MS, db.prepare(SELECT_HANDLING).bind(workspace).all<Handling>())
    rows.fill(results)
    return assigning.run()
  } catch (error) {
    report('the index could not be read', error)
    return false
  }
}

async function all(promises: Array<Promise<unknown>>): Promise<boolean> {
  const outcomes = await Promise.allSettled(promises)
  for (const outcome of outcomes) if (outcome.status === 'rejected') report('upkeep of the inbox', outcome.reason)
  return outcomes.every((outcome) => outcome.status === 'fulfilled')
}
