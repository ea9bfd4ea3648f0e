/** How large the suites run that have a size: 1 in `npm test`, 20 in `npm run test:long`. */
import { env } from 'cloudflare:workers'

export const SCALE = Number(env.TEST_SCALE)

/** A limit of time for what takes longer the larger it runs. */
export const scaled = (ms: number): number => ms * Math.max(1, SCALE)
