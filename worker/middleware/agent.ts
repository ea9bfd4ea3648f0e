/** Routes of agents: who is signed in, and in which workspace. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { WorkspaceId } from '../../core/ids.ts'
import { authorize, type WorkspaceAction } from '../auth/authorize.ts'
import { readSession } from '../auth/session.ts'
import type { AppEnv } from '../context.ts'
import { openWorkspace, type Workspace } from '../db/workspace.ts'
import { problem } from '../problem.ts'

/** Lets only signed-in people through. @throws Problem `unauthorized` */
export const signedIn = createMiddleware<AppEnv>(async (c, next) => {
  const session = await readSession(c.env, c.req.header('cookie'), Date.now())
  if (!session) throw problem('unauthorized')
  c.set('principal', session.principal)
  await next()
})

/** The workspace named by the request, opened for an action the member may do. */
export function workspaceFor(c: Context<AppEnv>, action: WorkspaceAction): Workspace {
  const named = c.req.header('foyer-workspace')
  if (!named) throw problem('workspace_required')
  return openWorkspace(c.env.DB, authorize(c.get('principal'), action, named as WorkspaceId))
}
