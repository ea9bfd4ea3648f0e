import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { eventually } from './eventually.ts'

/**
 * Sends an object to sleep, as the platform does with one that nobody uses; one that went by itself is. The pool gives
 * up on one that still answers somebody, which can be an answer that nobody waits for any more: then it is asked again.
 */
export async function asleep(stub: DurableObjectStub): Promise<void> {
  await eventually(
    () =>
      evictDurableObject(stub).catch((error: unknown) => {
        if (!String(error).includes('not currently running')) throw error
      }),
    { interval: 5 },
  )
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
