/** What every request carries through the Worker. */
import type { Caller } from './auth/principal.ts'

export interface AppEnv {
  Bindings: Env
  Variables: {
    requestId: string
    /** Set by `middleware/agent.ts` on agents' routes. */
    principal: Caller
  }
}
