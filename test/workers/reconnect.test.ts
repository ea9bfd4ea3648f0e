import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { isTeam } from '../../core/conversation/entries.ts'
import type { ClientId } from '../../core/ids.ts'
import type { Identity } from '../../core/protocol/identity.ts'
import { asleep } from '../support/asleep.ts'
import { knockSocket } from '../support/corpora/knock.ts'
import { eventually } from '../support/eventually.ts'
import { agent, Seat, visitor } from '../support/play.ts'

const SOCKETS = 1_000
const CONVERSATIONS = 20
/** Every fifth is an agent's. */
const AGENTS = 5
const BEFORE = 10
/** So many first come at a time, each batch a little later in the conversation than the one before. */
const BATCH = 100

interface Guest {
  seat: Seat
  conversation: number
  team: boolean
  /** From where it resumed. */
  from: { public: number; team: number }
}

/** Numbers one after the other, from after `from` on to `head`, each once. */
const dense = (from: number, head: number) => Array.from({ length: head - from }, (_, i) => from + 1 + i)

describe('[DL4] a thousand sockets', () => {
  it('[Q9][DL4] come back at once while others go on writing: all resume, no gap, nothing twice', {
    timeout: 60_000,
  }, async () => {
    const ana = await agent()
    const identity: Identity = {
      kind: 'agent',
      memberships: [{ workspace: ana.workspace, member: ana.member, name: ana.name, role: 'owner' }],
      sessionExpiresAt: Date.now() + 86_400_000,
      asOf: Date.now(),
    }
    const talks = await Promise.all(
      Array.from({ length: CONVERSATIONS }, async (_, i) => {
        const browser = await visitor({ ip: `203.0.113.${i + 1}` })
        return { id: (await browser.start('hello')).body.id as string, token: browser.token, written: 0 }
      }),
    )
    const object = (i: number) => env.CONVERSATION.getByName(talks[i]?.id ?? '')
    const write = async (i: number) => {
      const talk = talks[i]
      if (!talk) return
      talk.written += 1
      const n = talk.written
      const type = n % 3 === 0 ? ('add_note' as const) : ('send_message' as const)
      const envelope = { id: `w${i}:${n}` as ClientId, command: { type, text: `line ${n}` } }
      const outcome = await object(i).dispatch({ identity, envelope })
      if (!outcome.ok) throw new Error(outcome.refusal.code)
    }
    for (let n = 0; n < BEFORE; n += 1) await Promise.all(talks.map((_, i) => write(i)))
    for (const i of talks.keys()) await asleep(object(i))

    const comes = async (k: number, from: Guest['from'] | null): Promise<Guest> => {
      const conversation = k % CONVERSATIONS
      const team = Math.floor(k / CONVERSATIONS) % AGENTS === 0
      const talk = talks[conversation]
      const query = from ? `?public=${from.public}${team ? `&team=${from.team}` : ''}` : ''
      const line = team
        ? await knockSocket(`/api/v1/conversations/${talk?.id}/socket${query}`, { cookie: ana.cookie })
        : await knockSocket(`/widget/v1/conversations/${talk?.id}/socket${query}`, {
            'sec-websocket-protocol': `foyer.v1, t.${talk?.token}`,
          })
      return { seat: new Seat(line, `r${k}`), conversation, team, from: from ?? { public: 0, team: 0 } }
    }
    const all = Array.from({ length: SOCKETS }, (_, k) => k)
    const newest = ({ seat }: Guest, team: boolean) => seat.entries.findLast((e) => isTeam(e) === team)?.n ?? 0
    const had: Array<Guest['from']> = []
    for (let k = 0; k < SOCKETS; k += BATCH) {
      const come = await Promise.all(all.slice(k, k + BATCH).map((one) => comes(one, null)))
      // What is written now some of them hear, and then all lose their lines.
      await Promise.all(talks.map((_, i) => write(i)))
      await Promise.all(come.map(({ seat }) => seat.line.get((f) => f.type === 'entries' && f.page !== undefined)))
      for (const guest of come) {
        had.push({ public: newest(guest, false), team: newest(guest, true) })
        guest.seat.line.close()
      }
    }
    await Promise.all(talks.map((_, i) => write(i)))
    for (const i of talks.keys()) await asleep(object(i))

    expect(new Set(had.map((from) => from.public)).size).toBeGreaterThan(5)
    // All of them at once, and others go on writing.
    const [guests] = await Promise.all([
      Promise.all(all.map((k) => comes(k, had[k] ?? null))),
      ...talks.map((_, i) => write(i)),
    ])
    // They sleep, and what is written next reaches every one of them.
    for (const i of talks.keys()) await asleep(object(i))
    await Promise.all(talks.map((_, i) => write(i)))

    const heads = await Promise.all(
      talks.map(async (_, i) => {
        const read = await object(i).page(identity, {})
        if (!read.ok) throw new Error(read.refusal.code)
        return {
          public: Math.max(...read.list.filter((e) => !isTeam(e)).map((e) => e.n)),
          team: Math.max(...read.list.filter(isTeam).map((e) => e.n)),
        }
      }),
    )
    const numbers = ({ seat }: Guest, team: boolean) => seat.entries.filter((e) => isTeam(e) === team).map((e) => e.n)
    await eventually(
      () => {
        for (const guest of guests) expect(numbers(guest, false).at(-1)).toBe(heads[guest.conversation]?.public)
      },
      { timeout: 20_000, interval: 50 },
    )
    const wrong = guests.filter((guest) => {
      const head = heads[guest.conversation] ?? { public: 0, team: 0 }
      const visible = dense(guest.from.public, head.public).join()
      const team = guest.team ? dense(guest.from.team, head.team).join() : ''
      return numbers(guest, false).join() !== visible || numbers(guest, true).join() !== team
    })
    expect(wrong.map(({ seat, from }) => [from, seat.entries.map((e) => e.n)])).toEqual([])
    expect(guests).toHaveLength(SOCKETS)
    expect(guests.filter(({ seat }) => seat.line.closed).length).toBe(0)
  })
})
