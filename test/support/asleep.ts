import { evictDurableObject, runInDurableObject } from 'cloudflare:test'

/** How often somebody may still be busy with it. */
const TRIES = 10

/**
 * Sends an object to sleep, as the platform does with one that nobody uses. The pool gives up on one that still answers
 * somebody, which on a busy machine can be an answer that nobody waits for any more: then it is asked again.
 */
export async function asleep(stub: DurableObjectStub): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await evictDurableObject(stub)
    } catch (error) {
      if (left === 0 || !String(error).includes('active references')) throw error
    }
  }
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
