/**
 * Code can be taken back, data cannot: an older version then finds what a newer one has left. The newer one does not
 * exist yet, so what it may leave is made up here: whatever shapes that only grow allow (docs/operations).
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { RECORD_SCHEMA } from '../../core/conversation/record.ts'
import { asleep } from '../support/asleep.ts'
import { agent, visitor } from '../support/play.ts'

const LATER = 1_000

interface Kept {
  steps: number
  record: Record<string, unknown> & { public: Record<string, unknown>; team: Record<string, unknown> }
}

function kept(id: string): Promise<Kept> {
  return runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
    const row = ctx.storage.sql.exec<{ steps: number; json: string }>('SELECT steps, json FROM state').one()
    return { steps: row.steps, record: JSON.parse(row.json) }
  })
}

/** What a newer version leaves of a conversation: a table, a column, fields, and an entry of its own in each log. */
async function leaveByNewer(id: string): Promise<void> {
  await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
    const { sql } = ctx.storage
    const record: Kept['record'] = JSON.parse(sql.exec<{ json: string }>('SELECT json FROM state').one().json)
    const heads = { public: Number(record.public['head']) + 1, team: Number(record.team['head']) + 1 }
    const at = Number(record.public['lastAt'])
    sql.exec('CREATE TABLE windows (key TEXT PRIMARY KEY, until INTEGER NOT NULL)')
    sql.exec("ALTER TABLE public_log ADD COLUMN later TEXT DEFAULT 'later'")
    sql.exec(
      `INSERT INTO public_log (n, at, author, type, body) VALUES (?, ?, 'system', 'later.happened', '{"x":1}')`,
      heads.public,
      at,
    )
    sql.exec(
      `INSERT INTO team_log (n, after, at, author, type, body) VALUES (?, ?, ?, 'system', 'later.noted', '{}')`,
      heads.team,
      heads.public,
      at,
    )
    const newer = {
      ...record,
      schema: RECORD_SCHEMA + LATER,
      later: { kept: true },
      public: { ...record.public, head: heads.public, laterPublic: 'kept' },
      team: { ...record.team, head: heads.team, laterTeam: ['kept'] },
    }
    sql.exec('UPDATE state SET steps = steps + ?, json = ?', LATER, JSON.stringify(newer))
  })
  await asleep(env.CONVERSATION.getByName(id))
}

describe('an older version on what a newer one left', () => {
  it('[I1] [I2] goes on with the conversation, without a gap in its numbers', async () => {
    const vic = await visitor()
    const { id } = await vic.arrives('before')
    await leaveByNewer(id)
    const seat = await vic.opens(id)
    const owner = await agent()
    const other = await owner.opens(id)
    await seat.says('after')
    await other.sees('after')
    await other.does({ type: 'send_message', text: 'an answer' })
    await seat.sees('an answer')
    await other.notes('a note')
    const numbers = seat.entries.map((entry) => entry.n).sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(seat.entries.some((entry) => String(entry.type) === 'later.happened')).toBe(true)
    expect(JSON.stringify(seat.entries)).not.toContain('later.noted')
  })

  it('keeps what it does not know, for the day the newer one comes back', async () => {
    const vic = await visitor()
    const { id } = await vic.arrives('before')
    await leaveByNewer(id)
    const before = await kept(id)
    const seat = await vic.opens(id)
    await seat.says('after')
    await seat.does({ type: 'close' }) // Which is no plain message, and so is written with its record.
    const { steps, record } = await kept(id)
    expect(steps).toBe(before.steps)
    expect(record['schema']).toBe(RECORD_SCHEMA)
    expect(record['later']).toEqual({ kept: true })
    expect(record.public['laterPublic']).toBe('kept')
    expect(record.team['laterTeam']).toEqual(['kept'])
    await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
      expect(ctx.storage.sql.exec('SELECT later FROM public_log WHERE n = 1').one()).toEqual({ later: 'later' })
      expect(ctx.storage.sql.exec('SELECT count(*) AS n FROM windows').one()).toEqual({ n: 0 })
    })
  })
})
