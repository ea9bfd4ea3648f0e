/** Members, invitations by link, and reset links: Settings → Members. */
import { createRoute, type z } from '@hono/zod-openapi'
import {
  InvitationList,
  IssuedInvitation,
  IssuedReset,
  Member,
  MemberChange,
  MemberList,
  NewInvitation,
  ProfileChange,
} from '../../core/api/accounts.ts'
import { DAY_MS } from '../../core/durations.ts'
import { INVITATION_MAILS_PER_WORKSPACE, throttle } from '../auth/throttle.ts'
import { settingsChanged, tellDashboards } from '../dashboards.ts'
import { createPasswordReset } from '../db/accounts.ts'
import {
  changeProfile,
  changeRights,
  createInvitation,
  findMember,
  isMemberElsewhere,
  isMemberEmail,
  listInvitations,
  listMembers,
  readMember,
  revokeInvitation,
} from '../db/members.ts'
import { type MembersWorkspace, type Workspace, workspaceName } from '../db/workspace.ts'
import { newId } from '../ids.ts'
import { invitationLetter } from '../mail/letters.tsx'
import { sendLetter, systemAddress } from '../mail/systemMail.ts'
import { membersWorkspaceFor, signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, byId, bySessionOrKey, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'
import { tell } from '../rights.ts'
import { newSecretLink } from '../secretLink.ts'

/** How long an invitation link works. */
export const INVITATION_MS = 7 * DAY_MS
/** How long a reset link works. */
export const RESET_MS = DAY_MS

const middleware = signedIn

const list = createRoute({
  method: 'get',
  path: '/api/v1/members',
  operationId: 'listMembers',
  summary: 'Members of the workspace',
  middleware,
  security: bySessionOrKey('members:read'),
  request: { headers: inWorkspace },
  responses: { 200: answer('The members', MemberList), ...problems },
})
const profile = createRoute({
  method: 'patch',
  path: '/api/v1/me',
  operationId: 'changeProfile',
  summary: 'Change the own display name or availability',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace, body: json(ProfileChange) },
  responses: { 200: answer('The member', Member), ...problems },
})
const change = createRoute({
  method: 'patch',
  path: '/api/v1/members/{id}',
  operationId: 'changeMember',
  summary: 'Change the role of a member, disable or enable them',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace, params: byId, body: json(MemberChange) },
  responses: { 200: answer('The member', Member), ...problems },
})
const reset = createRoute({
  method: 'post',
  path: '/api/v1/members/{id}/password-resets',
  operationId: 'createPasswordReset',
  summary: 'Make a link with which a member sets a new password',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace, params: byId },
  responses: { 201: answer('The link, shown once', IssuedReset), ...problems },
})
const invitations = createRoute({
  method: 'get',
  path: '/api/v1/invitations',
  operationId: 'listInvitations',
  summary: 'Invitations that are still open',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace },
  responses: { 200: answer('The invitations', InvitationList), ...problems },
})
const invite = createRoute({
  method: 'post',
  path: '/api/v1/invitations',
  operationId: 'createInvitation',
  summary: 'Invite someone by link: bound to the email, single use, seven days',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace, body: json(NewInvitation) },
  responses: { 201: answer('The link, shown once', IssuedInvitation), ...problems },
})
const revoke = createRoute({
  method: 'delete',
  path: '/api/v1/invitations/{id}',
  operationId: 'withdrawInvitation',
  summary: 'Withdraw an invitation',
  middleware,
  security: BY_SESSION,
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'Withdrawn' }, ...problems },
})

export const memberRoutes = routes()
  .openapi(list, async (c) => c.json({ list: await listMembers(workspaceFor(c, 'members.list')) }, 200))
  .openapi(profile, async (c) => {
    const workspace = membersWorkspaceFor(c, 'profile.change')
    const { member } = workspace.me
    const { name, available } = c.req.valid('json')
    if (name !== undefined || available !== undefined)
      await changeProfile(
        workspace,
        { ...(name === undefined ? {} : { name }), ...(available === undefined ? {} : { available }) },
        Date.now(),
      )
    await tellDashboards(c.env, workspace.id, async (inbox) => {
      if (available !== undefined) await inbox.availabilityChanged(member, available)
      // Sockets carry the name they were opened with.
      if (name !== undefined && name !== workspace.me.name) await inbox.rightsChanged(member, null)
    })
    await settingsChanged(c.env, workspace.id, 'members')
    return c.json(await present(workspace, member), 200)
  })
  .openapi(change, async (c) => {
    const workspace = membersWorkspaceFor(c, 'members.change')
    const { id } = c.req.valid('param')
    const now = Date.now()
    const isDisabled = await changed(workspace, id, c.req.valid('json'), now)
    if (isDisabled !== null) {
      await tell(c.env, { workspace: workspace.id, what: 'rights', member: id, disabled: isDisabled, until: now })
      await settingsChanged(c.env, workspace.id, 'members')
    }
    return c.json(await present(workspace, id), 200)
  })
  .openapi(reset, async (c) => {
    const workspace = membersWorkspaceFor(c, 'members.reset_password')
    const member = await findMember(workspace, c.req.valid('param').id)
    if (!member) throw problem('not_found')
    // An administrator who could reset the owner would own the workspace.
    if (member.role === 'owner' && workspace.me.role !== 'owner') throw problem('forbidden')
    // An account is of the installation: a link from here would open what the person has elsewhere, too.
    if (member.id !== workspace.me.member && (await isMemberElsewhere(workspace, member.userId)))
      throw problem('forbidden')
    const { link, tokenHash } = await newSecretLink(c.env, 'reset-password')
    const now = Date.now()
    const expiresAt = now + RESET_MS
    await createPasswordReset(workspace, member, { tokenHash, expiresAt }, now)
    return c.json({ link, expiresAt }, 201)
  })
  .openapi(invitations, async (c) =>
    c.json({ list: await listInvitations(membersWorkspaceFor(c, 'invitations.list'), Date.now()) }, 200),
  )
  .openapi(invite, async (c) => {
    const workspace = membersWorkspaceFor(c, 'invitations.create')
    const { email, role } = c.req.valid('json')
    if (await isMemberEmail(workspace, email)) throw problem('already_member')
    const { link, tokenHash } = await newSecretLink(c.env, 'invitation')
    const now = Date.now()
    const invitation = { id: newId('i'), email, role, createdAt: now, expiresAt: now + INVITATION_MS }
    const mails = systemAddress(c.env) !== null
    if (mails) await throttle(c.env.DB, INVITATION_MAILS_PER_WORKSPACE, `invitation mails ${workspace.id}`, now)
    await createInvitation(workspace, invitation, tokenHash)
    return c.json(
      { invitation, link, mailed: mails && (await mailInvitation(c.env, workspace, email, link, now)) },
      201,
    )
  })
  .openapi(revoke, async (c) => {
    const workspace = membersWorkspaceFor(c, 'invitations.revoke')
    if (!(await revokeInvitation(workspace, c.req.valid('param').id, Date.now()))) throw problem('not_found')
    return c.body(null, 204)
  })

/**
 * Changes what is asked for and nothing else, however many decide about the same member at once.
 * @returns whether they are disabled now; null where nothing has changed
 * @throws Problem `not_found`, `forbidden`, `last_owner`
 */
async function changed(
  workspace: MembersWorkspace,
  id: string,
  { role, disabled }: z.infer<typeof MemberChange>,
  now: number,
): Promise<boolean | null> {
  let before = await present(workspace, id)
  for (;;) {
    // What concerns owners, owners decide.
    const ownersOnly = before.role === 'owner' || role === 'owner'
    if (ownersOnly && workspace.me.role !== 'owner') throw problem('forbidden')
    const disabledAt = disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now) : null
    const after = { role: role ?? before.role, disabledAt }
    if (isSame(after, before)) return null
    if (await changeRights(workspace, before, after, now)) return disabledAt !== null
    const found = await present(workspace, id)
    if (isSame(found, before)) throw problem('last_owner')
    // Somebody else was faster: what they decided stands, and so does what is asked here.
    before = found
  }
}

type Standing = Pick<Member, 'role' | 'disabledAt'>

function isSame(one: Standing, other: Standing): boolean {
  return one.role === other.role && one.disabledAt === other.disabledAt
}

/** Answers whether the mail was taken; if not, the link can be handed over as ever. */
async function mailInvitation(env: Env, workspace: MembersWorkspace, to: string, link: string, now: number) {
  const name = await workspaceName(workspace)
  const days = INVITATION_MS / DAY_MS
  const letter = invitationLetter({ workspace: name, by: workspace.me.name, link, days })
  return (await sendLetter(env, to, letter, now)).outcome === 'accepted'
}

async function present(workspace: Workspace, id: string) {
  const member = await readMember(workspace, id)
  if (!member) throw problem('not_found')
  return member
}
