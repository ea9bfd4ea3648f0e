/** Settings → Groups: the rights of agents (PR1). */
import { createRoute } from '@hono/zod-openapi'
import { Group, GroupChange, GroupList, NewGroup } from '../../core/api/groups.ts'
import { EVERYONE } from '../../core/rights.ts'
import { settingsChanged } from '../dashboards.ts'
import { changeGroup, createGroup, deleteGroup, findGroup, listGroups } from '../db/groups.ts'
import type { Workspace } from '../db/workspace.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, byId, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'
import { tellWorkspace } from '../rights.ts'

const middleware = signedIn
const security = BY_SESSION

const list = createRoute({
  method: 'get',
  path: '/api/v1/groups',
  operationId: 'listGroups',
  summary: 'Groups of the workspace with their rights and members',
  middleware,
  security,
  request: { headers: inWorkspace },
  responses: { 200: answer('The groups, the built-in one first', GroupList), ...problems },
})
const create = createRoute({
  method: 'post',
  path: '/api/v1/groups',
  operationId: 'createGroup',
  summary: 'One more group',
  middleware,
  security,
  request: { headers: inWorkspace, body: json(NewGroup) },
  responses: { 201: answer('The group', Group), ...problems },
})
const change = createRoute({
  method: 'patch',
  path: '/api/v1/groups/{id}',
  operationId: 'changeGroup',
  summary: 'Change name, rights or members of a group',
  middleware,
  security,
  request: { headers: inWorkspace, params: byId, body: json(GroupChange) },
  responses: { 200: answer('The group', Group), ...problems },
})
const remove = createRoute({
  method: 'delete',
  path: '/api/v1/groups/{id}',
  operationId: 'deleteGroup',
  summary: 'Delete a group; its members keep what others give them',
  middleware,
  security,
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'Deleted' }, ...problems },
})

export const groupRoutes = routes()
  .openapi(list, async (c) => c.json({ list: await listGroups(workspaceFor(c, 'groups.list')) }, 200))
  .openapi(create, async (c) => {
    const workspace = workspaceFor(c, 'groups.change')
    const group = await createGroup(workspace, c.req.valid('json'), Date.now())
    await felt(c.env, workspace)
    return c.json(group, 201)
  })
  .openapi(change, async (c) => {
    const workspace = workspaceFor(c, 'groups.change')
    const group = await present(workspace, c.req.valid('param').id)
    const to = c.req.valid('json')
    if (group.id === EVERYONE && (to.name !== undefined || to.members !== undefined)) throw problem('built_in_group')
    await changeGroup(workspace, group, to, Date.now())
    await felt(c.env, workspace)
    return c.json(await present(workspace, group.id), 200)
  })
  .openapi(remove, async (c) => {
    const workspace = workspaceFor(c, 'groups.change')
    const group = await present(workspace, c.req.valid('param').id)
    if (group.id === EVERYONE) throw problem('built_in_group')
    if (!(await deleteGroup(workspace, group, Date.now()))) throw problem('not_found')
    await felt(c.env, workspace)
    return c.body(null, 204)
  })

async function present(workspace: Workspace, id: string): Promise<Group> {
  const group = await findGroup(workspace, id)
  if (!group) throw problem('not_found')
  return group
}

/** Who is concerned feels it at once, and members' lines are read again. */
async function felt(env: Env, workspace: Workspace): Promise<void> {
  await tellWorkspace(env, workspace.id)
  await settingsChanged(env, workspace.id, 'members')
}
