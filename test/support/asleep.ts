import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { eventually } from './eventually.ts'

/**
 * Sends an object to sleep, as the platform does with one that nobody uses. The pool gives up on one that still answers
 * somebody, which can be an answer that nobody waits for any more: then it is asked again.
 * @returns whether it was awake
 */
export function asleep(stub: DurableObjectStub): Promise<boolean> {
  const evicted = async () => {
    try {
      await evictDurableObject(stub)
      return true
    } catch (error) {
      if (String(error).includes('not currently running')) return false
      throw error
    }
  }
  return eventually(evicted, { interval: 5 })
}

/** How many public entries stand in a conversation's log that its record does not know yet. */
export function behind(stub: DurableObjectStub): Promise<number> {
  return runInDurableObject(stub, (_, { storage }) => behindIn(storage))
}

/** The same, from within the object. */
export function behindIn({ sql }: DurableObjectStorage): number {
  const [found] = sql.exec("SELECT (SELECT max(n) FROM public_log) - json ->> '$.public.head' AS behind FROM state")
  return Number(found?.['behind'])
}
