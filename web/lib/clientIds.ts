import type { ClientId } from '../../core/ids.ts'

/**
 * Makes the ids of what this page writes (DL2): a random instance, drawn once, and a number that rises.
 * Two tabs, or one tab before and after a reload, are two instances.
 */
export function createClientIds(): () => ClientId {
  const instance = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  let n = 0
  return () => {
    n += 1
    return `${instance}:${n}` as ClientId
  }
}

/** The ids of this page load. */
export const nextClientId = createClientIds()
