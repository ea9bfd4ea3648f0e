/** Contacts: what agents know of the people behind the visitors (CP3). */
import { createRoute } from '@hono/zod-openapi'
import { ContactChange } from '../../core/api/contacts.ts'
import { ContactSummary } from '../../core/api/conversations.ts'
import { mayRead } from '../auth/authorize.ts'
import { changeAndAnnounce } from '../contacts.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, byId, bySessionOrKey, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'

const change = createRoute({
  method: 'patch',
  path: '/api/v1/contacts/{id}',
  operationId: 'changeContact',
  summary: 'Change name or email of a contact',
  middleware: signedIn,
  security: bySessionOrKey('contacts:write'),
  request: { headers: inWorkspace, params: byId, body: json(ContactChange) },
  responses: { 200: answer('The contact', ContactSummary), ...problems },
})

export const contactRoutes = routes().openapi(change, async (c) => {
  const workspace = workspaceFor(c, 'contacts.change')
  const to = c.req.valid('json')
  const contact = await changeAndAnnounce(c.env, workspace.id, c.req.valid('param').id, to)
  if (!contact) throw problem('not_found')
  if (mayRead(c.get('principal'), 'contacts:read')) return c.json(contact, 200)
  // Of what it may not read a program is told what it wrote itself.
  return c.json({ ...contact, name: to.name ?? null, email: to.email ?? null }, 200)
})
