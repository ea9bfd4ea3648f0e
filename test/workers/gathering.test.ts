/** What the inbox object may keep in memory for a moment, and for how long nobody is told that it is stored. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { GATHER_MS, Gathering } from '../../durable-objects/inbox/gathering.ts'
import type { Inbox } from '../../worker/index.ts'
import { eventually } from '../support/eventually.ts'
import { ownRow } from '../support/heard.ts'
import { agent, inboxStub, indexed, visitor } from '../support/play.ts'

interface Row {
  id: string
  rev: number
}

let stored: Row[][]
let fails: boolean
let gathering: Gathering<Row>

beforeEach(() => {
  stored = []
  fails = false
  gathering = new Gathering((rows) => {
    if (fails) throw new Error('no space')
    stored.push([...rows])
  })
})

const at = (id: string, rev = 1): Row => ({ id, rev })

describe('[DL1] rows of mere activity', () => {
  it('are written as they come while they come slowly', () => {
    gathering.add(at('a'), 0)
    gathering.add(at('b'), GATHER_MS)
    expect(stored).toEqual([[at('a')], [at('b')]])
  })

  it('are written together when they come fast, each as it was last', async () => {
    const now = Date.now()
    gathering.add(at('a'), now)
    gathering.add(at('b'), now)
    gathering.add(at('c'), now)
    gathering.add(at('b', 2), now)
    expect(stored).toEqual([[at('a')]])
    await Promise.all([gathering.written('b'), gathering.written('c')])
    expect(stored).toEqual([[at('a')], [at('b', 2), at('c')]])
  })

  it('[Q8] are written as soon where the clock has gone back meanwhile', async () => {
    const now = Date.now()
    gathering.add(at('a'), now + 3_600_000)
    gathering.add(at('b'), now)
    await eventually(() => expect(stored).toEqual([[at('a')], [at('b')]]))
  })

  it('are not said to be written before they are', async () => {
    const now = Date.now()
    gathering.add(at('a'), now)
    gathering.add(at('b'), now)
    const heard = vi.fn()
    const waiting = gathering.written('b').then(heard)
    await gathering.written('a')
    await gathering.written('unheard of')
    expect(heard).not.toHaveBeenCalled()
    gathering.settle()
    await waiting
    expect(stored).toEqual([[at('a')], [at('b')]])
  })

  it('are told again by who brought them where they cannot be written', async () => {
    const now = Date.now()
    gathering.add(at('a'), now)
    gathering.add(at('b'), now)
    fails = true
    await expect(gathering.written('b')).rejects.toThrow('no space')
    expect(gathering.get('b')).toBeUndefined()
    fails = false
    gathering.add(at('b', 2), now + GATHER_MS)
    expect(stored).toEqual([[at('a')], [at('b', 2)]])
  })

  it('never come after a newer one that was written meanwhile', async () => {
    const now = Date.now()
    gathering.add(at('a'), now)
    gathering.add(at('b'), now)
    const waiting = gathering.written('b')
    gathering.drop('b')
    await waiting
    expect(stored).toEqual([[at('a')]])
  })
})

describe('the inbox object', () => {
  afterEach(() => vi.useRealTimers())

  /** Tells of more activity in some new conversations, all at once, from within the object. */
  async function told<T>(tell: (inbox: Inbox, rows: ConversationRow[], sql: SqlStorage) => Promise<T>): Promise<T> {
    const begun = ['one', 'two', 'three', 'four'].map(async (text) => (await (await visitor()).arrives(text)).id)
    const ids = await Promise.all(begun)
    const { workspace } = await agent()
    // What is due is written with whatever comes.
    await indexed(workspace)
    const rows = await Promise.all(ids.map((id) => ownRow(workspace, id)))
    return runInDurableObject(inboxStub(workspace), (inbox: Inbox, { storage }) =>
      tell(
        inbox,
        rows.map((row) => ({ ...row, rev: row.rev + 1, visitorMessages: 7 })),
        storage.sql,
      ),
    )
  }

  it('[DL1] answers a conversation once its row is stored, however many tell at once', async () => {
    await told((inbox, rows, sql) =>
      Promise.all(
        rows.map(async (row) => {
          await inbox.update(row, false)
          const kept = sql.exec('SELECT rev FROM dirty WHERE id = ?', row.id).toArray()
          expect(kept).toEqual([{ rev: row.rev }])
        }),
      ),
    )
  })

  it('[CV1] shows what it has yet to write to whoever asks', async () => {
    await told(async (inbox, rows, sql) => {
      // Or the time to write may come between two of them.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
      const answers = rows.map((row) => inbox.update(row, false))
      const isWritten = ({ id, rev }: ConversationRow) =>
        sql.exec('SELECT 1 FROM dirty WHERE id = ? AND rev = ?', id, rev).toArray().length > 0
      expect(rows.filter(isWritten).length).toBeLessThan(2)
      expect((await inbox.overlay()).rows).toEqual(expect.arrayContaining(rows))
      await Promise.all(answers)
    })
  })
})
