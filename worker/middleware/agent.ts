/** Routes of agents and of programs: who asks, and in which workspace. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { WorkspaceId } from '../../core/ids.ts'
import { keyBehind } from '../auth/apiKey.ts'
import { authorize, authorizeKey, type WorkspaceAction } from '../auth/authorize.ts'
import { bearerOf } from '../auth/bearer.ts'
import type { Caller } from '../auth/principal.ts'
import { requireSession } from '../auth/session.ts'
import type { AppEnv } from '../context.ts'
import { type MembersWorkspace, openFor, openWorkspace, type Workspace } from '../db/workspace.ts'
import { problem } from '../problem.ts'

/**
 * Lets only signed-in people and programs with a key through; a cookie beside a key is not looked at.
 * @throws Problem `unauthorized`, `invalid_key`, `too_many_attempts`
 */
export const signedIn = createMiddleware<AppEnv>(async (c, next) => {
  const bearer = bearerOf(c.req.header('authorization'))
  c.set('principal', bearer === null ? await person(c) : await keyBehind(c, bearer))
  await next()
})

async function person(c: Context<AppEnv>): Promise<Caller> {
  const cookie = c.req.header('cookie')
  // No browser that somebody has signed in with: rather a program.
  if (cookie === undefined)
    throw problem('unauthorized', {}, 'Sign in first, or send "Authorization: Bearer" and an API key.')
  return (await requireSession(c.env, cookie, Date.now())).principal
}

/** The workspace that is meant, opened for an action the caller may do. A key needs to name none: it has one. */
export function workspaceFor(c: Context<AppEnv>, action: WorkspaceAction): Workspace {
  const caller = c.get('principal')
  if (caller.kind === 'agent') return membersWorkspaceFor(c, action)
  const named = c.req.header('foyer-workspace') ?? caller.workspace
  authorizeKey(caller, action, named as WorkspaceId)
  return openFor(c.env.DB, caller.workspace, `key:${caller.id}`)
}

/** The workspace named by the request, opened for an action that only people do. */
export function membersWorkspaceFor(c: Context<AppEnv>, action: WorkspaceAction): MembersWorkspace {
  const caller = c.get('principal')
  if (caller.kind === 'key') throw problem('forbidden')
  const named = c.req.header('foyer-workspace')
  if (!named) throw problem('workspace_required')
  return openWorkspace(c.env.DB, authorize(caller, action, named as WorkspaceId))
}
