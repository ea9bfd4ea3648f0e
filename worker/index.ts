/** The entry of the Worker: requests go to the app, the objects are exported under their binding's class names. */
import { app } from './app.ts'
import { consume } from './consumers/queues.ts'
import { isTimeToSweep, sweep } from './db/sweep.ts'
import { tellUnheard } from './rights.ts'

export { Conversation } from '../durable-objects/conversation/conversation.ts'
export { Inbox } from '../durable-objects/inbox/inbox.ts'

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: async ({ scheduledTime: now }, env) => {
    await Promise.all([tellUnheard(env, now), isTimeToSweep(now) && sweep(env.DB, now)])
  },
} satisfies ExportedHandler<Env>
