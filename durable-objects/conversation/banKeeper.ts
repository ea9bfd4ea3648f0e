/**
 * The conversation's copy of what holds its visitor (BN2, BN3), as the inbox object tells it: enforced by `core` in
 * every command, also while the inbox is out of reach. Who is here is told when it changes, and when it lifts itself.
 * Must never await.
 */
import { type BanNews, type BanTold, type Hold, isInForce, nameOf } from '../../core/bans/ban.ts'
import { isWithin, parseNetwork } from '../../core/bans/network.ts'
import type { Actor, Envelope } from '../../core/conversation/command.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import type { ClientId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { tellPolicy } from './policyKeeper.ts'
import type { Sockets } from './sockets.ts'
import type { Store } from './store.ts'
import type { Timers } from './timers.ts'

interface BanKeeperDeps {
  store: Store
  sockets: Sockets
  /** A ban that lifts itself is one more thing that is due. */
  timers: Pick<Timers, 'armed'>
  run(record: ConversationRecord, actor: Actor, envelope: Envelope): unknown
}

export class BanKeeper {
  readonly #deps: BanKeeperDeps
  /** The newest telling; forgotten with the instance, to which nothing of before is still on its way. */
  #asOf = 0

  constructor(deps: BanKeeperDeps) {
    this.#deps = deps
  }

  /** The inbox object tells what holds now. Repeating it is harmless, and an older telling changes nothing. */
  heard({ asOf, holds, networks, told }: BanNews): void {
    const record = this.#deps.store.load()
    if (!record) return
    const isNews = asOf >= this.#asOf && nameOf(holds) !== nameOf(record.bans)
    if (isNews) this.#keep(record, holds)
    this.#asOf = Math.max(this.#asOf, asOf)
    for (const ban of told) this.#deps.run(this.#deps.store.load() ?? record, { kind: 'system' }, telling(ban))
    this.#close(networks)
  }

  /** BN4: what has lifted itself by now is forgotten, and who is here learns of it. */
  lift(record: ConversationRecord): void {
    const now = Date.now()
    const left = record.bans?.filter((hold) => isInForce(hold, now)) ?? []
    if (left.length < (record.bans?.length ?? 0)) this.#keep(record, left)
  }

  #keep(record: ConversationRecord, holds: readonly Hold[]): void {
    const { store, sockets, timers } = this.#deps
    const now = Date.now()
    const { bans: _, ...free } = record
    const next = timers.armed(holds.length > 0 ? { ...free, bans: [...holds] } : free, now)
    store.save(next)
    // Who is here was told of all that was kept, and nobody yet that some of it has lifted itself.
    tellPolicy(sockets, record, next, now, 0)
  }

  /** BN4: nothing is said to who comes from a banned network, not even why. */
  #close(networks: readonly string[]): void {
    const { sockets } = this.#deps
    const banned = networks.map(parseNetwork).filter((network) => typeof network !== 'string')
    for (const socket of banned.length === 0 ? [] : sockets.all('visitor')) {
      const { ip } = sockets.of(socket) ?? {}
      if (ip !== undefined && banned.some((network) => isWithin(network, ip))) socket.close(CLOSE.forbidden, 'banned')
    }
  }
}

/** BN1, as a command like any other: recognised where it is told twice, however many have written in between. */
function telling(ban: BanTold): Envelope {
  return { id: `ban:${ban.version}` as ClientId, retry: true, command: { type: 'tell_ban', ban } }
}
