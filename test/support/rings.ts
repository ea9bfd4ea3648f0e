import { runDurableObjectAlarm } from 'cloudflare:test'
import { eventually } from './eventually.ts'

/** How long an alarm that is just going off by itself may take. */
const RINGING_MS = 2_000

/**
 * Lets an object's alarm go off now. Where none is set, one may just be going off by itself, which sets the next if
 * there is more to do: then that is let go off.
 * @returns whether one was set
 */
export async function rings(stub: DurableObjectStub): Promise<boolean> {
  const rung = async () => {
    if (!(await runDurableObjectAlarm(stub))) throw new Error('no alarm is set')
    return true
  }
  return eventually(rung, { timeout: RINGING_MS }).catch(() => false)
}
