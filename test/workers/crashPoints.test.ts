/** The power goes at every point of a command's way. Whoever never got an answer sends again, and it stands once. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { type Entry, isTeam } from '../../core/conversation/entries.ts'
import { isVisitorAuthor } from '../../core/ids.ts'
import { INDEX_AFTER, indexed as indexedRow, type StoredRow } from '../../durable-objects/inbox/d1Index.ts'
import { type Conversation, PLAYS, quiet, staged } from '../support/corpora/commands.ts'
import { isHeard } from '../support/heard.ts'
import { indexed } from '../support/play.ts'
import { MAY } from '../support/referenceWords.ts'
import { rings } from '../support/rings.ts'
import { alike, KIND_OF, type Who, WORKSPACE } from '../support/scripted.ts'

/** Where it stops: what was decided is not durable; is, but nobody was told; the inbox was told, the writer was not. */
const POINTS = ['before it is durable', 'before the inbox is told', 'after the inbox was told'] as const
type Point = (typeof POINTS)[number]

it.each(Object.keys(MAY) as Array<keyof typeof MAY>)('[Q2] every command of a kind of author is played: %s', (kind) => {
  const played = Object.values(PLAYS).flatMap((plays) => plays.filter(([who]) => KIND_OF[who] === kind))
  const may = MAY[kind].filter((type) => kind !== 'key' || (type !== 'delete' && type !== 'restore'))
  expect([...new Set(played.map(([, { type }]) => type))].sort()).toEqual([...may].sort())
})

/** Dispatches inside the object and cuts its life off at the point. */
async function crashing(conversation: Conversation, who: Who, command: Command, point: Point): Promise<void> {
  await runInDurableObject(conversation.stub(), async (object, ctx) => {
    if (point === 'before the inbox is told') {
      const unreachable = { getByName: () => ({ update: () => Promise.reject(new Error('out of reach')) }) }
      Object.assign(object, { env: { ...env, TRANSCRIPTS: { send: async () => {} }, INBOX: unreachable } })
    }
    const answer = object.dispatch(conversation.call(who, 'x:1', command))
    if (point !== 'before it is durable') {
      await answer
      await ctx.storage.sync()
    }
    if (point === 'after the inbox was told') {
      const read = await object.read(conversation.identity('foyer'))
      const rev = read.ok ? read.row.rev : 0
      await isHeard(WORKSPACE, conversation.id, { rev })
    }
    ctx.abort('the power went')
    await ctx.storage.sync()
  }).catch((error: unknown) => {
    if (!String(error).includes('the power went')) throw error
  })
}

/** Everything that is known of it, but for ids and times. */
async function known(conversation: Conversation, command: Command) {
  if (command.type === 'delete') await conversation.dispatch('ana', 'z:1', { type: 'restore' })
  const all = {
    team: await conversation.log('ana'),
    visitor: await conversation.log('visitor'),
    row: await conversation.row(),
  }
  return { ...all, said: alike(all, conversation) }
}

/** What else stands in the way of the same command, asked anew. */
async function more(conversation: Conversation, who: Who, command: Command): Promise<string> {
  const answer = await conversation.dispatch(who, 'y:1', command)
  return answer.ok ? 'ok' : answer.refusal.code
}

/** I2, I3 */
function isSound(team: readonly Entry[], visitor: readonly Entry[]): void {
  const [open, own] = [team.filter((entry) => !isTeam(entry)), team.filter(isTeam)]
  for (const log of [open, own]) expect(log.map(({ n }) => n)).toEqual(log.map((_, i) => i + 1))
  const cut = open.map(({ clientId, ...entry }) =>
    clientId !== undefined && isVisitorAuthor(entry.author) ? { ...entry, clientId } : entry,
  )
  expect(visitor).toEqual(cut)
}

interface Crashed {
  conversation: Conversation
  /** What comes of the same command, asked anew, here and in a conversation that nothing befell. */
  more(): Promise<string[]>
}

const crashed: Crashed[] = []

describe.concurrent.each(Object.values(PLAYS).flat())('[Q2] %s: %j', (who, command, scene) => {
  let steady: ReturnType<typeof undisturbed> | null = null
  const undisturbed = async () => {
    const conversation = await staged(scene, command)
    await conversation.dispatch(who, 'x:1', command)
    return { ...(await known(conversation, command)), more: await more(conversation, who, command) }
  }

  it.each(POINTS)('[DL1][DL2] %s', async (point) => {
    steady ??= undisturbed()
    const conversation = await staged(scene, command)
    await crashing(conversation, who, command, point)
    await quiet(conversation, scene, command)
    crashed.push({
      conversation,
      more: async () => [await more(conversation, who, command), (await steady)?.more ?? ''],
    })

    const again = await conversation.dispatch(who, 'x:1', command, { retry: true })
    const wasTaken = point !== 'before it is durable'
    // CV12: of what is being deleted nobody is told again what was answered before.
    if (wasTaken && command.type === 'delete') expect(again).toMatchObject({ refusal: { code: 'not_found' } })
    else expect(again).toMatchObject({ ok: true, repeated: wasTaken })
    // I8: what nobody was told of is told by the alarm.
    if (point === 'before the inbox is told') expect(await rings(conversation.stub())).toBe(true)

    const now = await known(conversation, command)
    // I1: once, with all that it says, and all that follows from it.
    expect(now.said).toEqual((await steady).said)
    expect(now.team.filter(({ clientId }) => clientId === 'x:1')).toHaveLength(1)
    isSound(now.team, now.visitor)
  })
})

it('[Q2][CV1] I5, I7: what the index has of each in the end is what its record says', async () => {
  expect(crashed).toHaveLength(Object.values(PLAYS).flat().length * POINTS.length)
  await Promise.all(crashed.map(({ conversation }) => rings(conversation.stub())))
  await indexed(WORKSPACE)
  const { results } = await env.DB.prepare(INDEX_AFTER).bind(WORKSPACE, '', 10_000).all<StoredRow>()
  const stored = new Map(results.map((row) => [row.id, row]))
  for (const { conversation } of crashed) {
    const row = stored.get(conversation.id)
    expect(row && indexedRow(row)).toBe(indexedRow(await conversation.row()))
  }
})

it('[Q2] I4, I6: limits count what was taken, once, and so does whatever else stands in the way', async () => {
  for (const { more } of crashed) {
    const [here, undisturbed] = await more()
    expect(here).toBe(undisturbed)
  }
})
