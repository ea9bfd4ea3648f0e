/**
 * Makes an end of a conversation whose deletion can no longer be undone (CV12): step by step, each of which may be
 * begun again after a crash, and at last everything that is stored. A new place where something of a conversation is
 * kept adds a step of its own to `purgeSteps`. Must never forget a step that is not done: what it was to remove would
 * stay for ever.
 */
import { type Receipt, receiptOf } from '../../core/conversation/deletion.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { within } from '../within.ts'
import type { Drain } from './drain.ts'
import type { Store } from './store.ts'

/** Idempotent: it may be begun any number of times, and may have been done already. */
export interface PurgeStep {
  /** Stands in the record once it is done: never to be changed. */
  name: string
  run(receipt: Receipt): Promise<void>
}

export interface PurgeStepsDeps {
  drain: Pick<Drain, 'end'>
  /** Drops what the inbox and the index have of it, and leaves the receipt there. */
  purgeIndex(receipt: Receipt): Promise<void>
}

export function purgeSteps({ drain, purgeIndex }: PurgeStepsDeps): PurgeStep[] {
  return [
    // First: nothing may tell the inbox of a row that it has just forgotten.
    { name: 'drain', run: () => drain.end() },
    { name: 'index', run: purgeIndex },
  ]
}

export interface PurgeDeps {
  store: Pick<Store, 'load' | 'save' | 'bury'>
  steps: readonly PurgeStep[]
  now(): number
  /** In the turn of the burial: when to forget the tombstone too is decided there. */
  buried(): void
  report(message: string, error: unknown): void
}

const STEP_MS = 5_000

export class Purge {
  readonly #deps: PurgeDeps

  constructor(deps: PurgeDeps) {
    this.#deps = deps
  }

  /** One attempt at every step that is left. Answers whether nothing is left at all. */
  async advance(record: ConversationRecord): Promise<boolean> {
    const { store, steps, now, buried, report } = this.#deps
    const { deletion } = record.team
    if (!deletion) return true
    const receipt = receiptOf(record, deletion)
    let done = record.purge?.done ?? []
    // From here on nobody can undo it, whatever the clock does.
    if (record.purge === null) this.#keep(done)
    for (const step of steps.filter(({ name }) => !done.includes(name))) {
      try {
        await within(STEP_MS, step.run(receipt))
      } catch (error) {
        report(`a conversation could not be purged: ${step.name}`, error)
        return false
      }
      done = [...done, step.name]
      this.#keep(done)
    }
    store.bury({ id: record.id, workspace: record.workspace, buriedAt: now() })
    buried()
    return true
  }

  #keep(done: string[]): void {
    const record = this.#deps.store.load()
    if (record) this.#deps.store.save({ ...record, purge: { done } })
  }
}
