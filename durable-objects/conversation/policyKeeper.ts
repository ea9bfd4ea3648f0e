/**
 * The conversation's copy of the policy: the newest that came with a caller or from the inbox object. Whoever is here
 * is told when it changes. Must never await.
 */
import { banOf } from '../../core/conversation/blocking.ts'
import { newerPolicy, type Policies, type Policy, policyFor, policyView } from '../../core/conversation/policy.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { type Identity, policyOf } from '../../core/protocol/identity.ts'
import { expel } from './admission.ts'
import type { Sockets } from './sockets.ts'
import type { Store } from './store.ts'
import type { Timers } from './timers.ts'

interface PolicyKeeperDeps {
  store: Store
  sockets: Sockets
  /** When a silent conversation closes may be otherwise now (CV13). */
  timers: Pick<Timers, 'armed'>
}

export class PolicyKeeper {
  readonly #deps: PolicyKeeperDeps

  constructor(deps: PolicyKeeperDeps) {
    this.#deps = deps
  }

  /** The record with the policy that a caller brought, if that is newer. */
  brought(record: ConversationRecord, identity: Identity): ConversationRecord {
    return this.#keep(record, policyOf(identity, record))
  }

  /** The inbox object tells what was decided. */
  instructed(policies: Policies): void {
    const record = this.#deps.store.load()
    if (record) this.#keep(record, policyFor(policies, record.channel))
  }

  #keep(record: ConversationRecord, offered: Policy | undefined): ConversationRecord {
    const { store, sockets, timers } = this.#deps
    const policy = newerPolicy(record.policy, offered)
    if (policy === record.policy) return record
    // Before `start` there is nothing to keep it in: it comes with the first commit.
    if (record.public.head === 0) return { ...record, policy }
    const next = timers.armed({ ...record, policy }, Date.now())
    store.save(next)
    tellPolicy(sockets, record, next, Date.now())
    if (policy.history !== record.policy.history) expel(sockets, next)
    return next
  }
}

/**
 * Whoever is here is told what holds for them from now on, where that is something else than `before`.
 * @param wasAt the moment at which what held before is looked at
 */
export function tellPolicy(
  sockets: Sockets,
  before: ConversationRecord,
  after: ConversationRecord,
  now: number,
  wasAt = now,
): void {
  for (const audience of ['visitor', 'team'] as const) {
    const was = policyView(audience, before.policy, banOf(before, wasAt))
    const policy = policyView(audience, after.policy, banOf(after, now))
    if (JSON.stringify(was) !== JSON.stringify(policy)) sockets.broadcast(audience, { type: 'policy', policy })
  }
}
