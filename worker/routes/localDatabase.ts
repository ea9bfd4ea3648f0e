/**
 * `POST /local/database`: one statement to the database, for the commands of whoever runs an installation on their own
 * machine. A second process on the same files finds them locked, and locks Foyer out of them meanwhile. As the mailbox,
 * it must not exist anywhere else: `app.ts` mounts it behind `LOCAL`.
 */
import { Hono } from 'hono'
import type { AppEnv } from '../context.ts'
import { hashSecret } from '../ids.ts'
import { ownName } from '../middleware/security.ts'
import { problem } from '../problem.ts'

export function localDatabaseRoutes() {
  return new Hono<AppEnv>().use('/local/*', ownName).post('/local/database', async (c) => {
    // Whoever reads this secret can sign in as anybody already.
    const given = c.req.header('authorization')?.replace(/^Bearer /, '') ?? ''
    if ((await hashSecret(given)) !== (await hashSecret(c.env.AUTH_SECRET))) throw problem('unauthorized')
    const { results } = await c.env.DB.prepare(await c.req.text()).all()
    return c.json(results)
  })
}
