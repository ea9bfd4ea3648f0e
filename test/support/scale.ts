/** How large the suites run that have a size: 1 in `npm test`, 20 in `npm run test:long`. */
import { env } from 'cloudflare:workers'

export const SCALE = Number(env.TEST_SCALE)

/** So often what runs so often in `npm test`: a whole number, and once at least. */
export const times = (count: number): number => Math.max(1, Math.round(count * SCALE))

/** A limit of time for what takes longer the larger it runs. */
export const scaled = (ms: number): number => ms * Math.max(1, SCALE)
