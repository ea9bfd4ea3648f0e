/** First run, sessions, and the links that let people in. None of these needs a session; all are throttled. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  Credentials,
  Installation,
  InvitationAcceptance,
  InvitationPreview,
  NewInstallation,
  NewWorkspace,
  PasswordReset,
  PasswordResetRequest,
  Session,
  TokenOnly,
} from '../../core/api/accounts.ts'
import { HOUR_MS } from '../../core/durations.ts'
import { rightsOf } from '../../core/rights.ts'
import { clientIp, clientNetwork } from '../auth/clientIp.ts'
import {
  CLEARED_COOKIE,
  prolongSession,
  type ReadSession,
  readSession,
  renewedCookie,
  requireSession,
} from '../auth/session.ts'
import {
  LINKS_PER_IP,
  RESET_MAILS_PER_EMAIL,
  RESET_MAILS_PER_IP,
  SIGN_IN_PER_EMAIL,
  SIGN_IN_PER_IP,
  throttle,
} from '../auth/throttle.ts'
import type { AppEnv } from '../context.ts'
import {
  acceptInvitation,
  createWorkspace,
  endSessions,
  findInvitation,
  isSetUp,
  requestPasswordReset,
  resetPassword,
  setUp,
} from '../db/accounts.ts'
import { hashSecret } from '../ids.ts'
import { resetLetter } from '../mail/letters.tsx'
import { sendLetter, systemAddress } from '../mail/systemMail.ts'
import { answer, BY_ANYONE, BY_SESSION, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'
import { report } from '../report.ts'
import { tellSignedOut } from '../rights.ts'
import { newSecretLink } from '../secretLink.ts'

/** How long a link works that was asked for by mail. */
export const REQUESTED_RESET_MS = HOUR_MS

const created = { 201: answer('Signed in', Session), ...problems }

const getInstallation = createRoute({
  method: 'get',
  path: '/api/v1/installation',
  operationId: 'readInstallation',
  summary: 'Whether this installation has been set up',
  security: BY_ANYONE,
  responses: { 200: answer('The installation', Installation), ...problems },
})
const postInstallation = createRoute({
  method: 'post',
  path: '/api/v1/installation',
  operationId: 'setUpInstallation',
  summary: 'Set up: owner, workspace and first channel, once',
  security: BY_ANYONE,
  request: { body: json(NewInstallation) },
  responses: created,
})
const getSession = createRoute({
  method: 'get',
  path: '/api/v1/session',
  operationId: 'readSession',
  summary: 'Who is signed in',
  security: BY_SESSION,
  responses: { 200: answer('The session', Session), ...problems },
})
const postSession = createRoute({
  method: 'post',
  path: '/api/v1/session',
  operationId: 'signIn',
  summary: 'Sign in',
  security: BY_ANYONE,
  request: { body: json(Credentials) },
  responses: created,
})
const deleteSession = createRoute({
  method: 'delete',
  path: '/api/v1/session',
  operationId: 'signOut',
  summary: 'Sign out',
  security: BY_SESSION,
  responses: { 204: { description: 'Signed out' }, ...problems },
})
const deleteSessions = createRoute({
  method: 'delete',
  path: '/api/v1/sessions',
  operationId: 'signOutEverywhere',
  summary: 'Sign out everywhere',
  security: BY_SESSION,
  responses: { 204: { description: 'Every session of this person has ended' }, ...problems },
})
const postWorkspace = createRoute({
  method: 'post',
  path: '/api/v1/workspaces',
  operationId: 'createWorkspace',
  summary: 'One more workspace, owned by the caller',
  security: BY_SESSION,
  request: { body: json(NewWorkspace) },
  responses: created,
})
const previewInvitation = createRoute({
  method: 'post',
  path: '/api/v1/invitations/preview',
  operationId: 'previewInvitation',
  summary: 'What an invitation link invites to',
  security: BY_ANYONE,
  request: { body: json(TokenOnly) },
  responses: { 200: answer('The invitation', InvitationPreview), ...problems },
})
const postAcceptance = createRoute({
  method: 'post',
  path: '/api/v1/invitations/accept',
  operationId: 'acceptInvitation',
  summary: 'Accept an invitation and sign in',
  security: BY_ANYONE,
  request: { body: json(InvitationAcceptance) },
  responses: created,
})
const postResetRequest = createRoute({
  method: 'post',
  path: '/api/v1/password-reset-requests',
  operationId: 'requestPasswordReset',
  summary: 'Ask for a mail with a link to set a new password',
  security: BY_ANYONE,
  request: { body: json(PasswordResetRequest) },
  responses: { 204: { description: 'If there is such an account, a mail is on its way' }, ...problems },
})
const postReset = createRoute({
  method: 'post',
  path: '/api/v1/password-resets',
  operationId: 'resetPassword',
  summary: 'Set a new password by a link',
  security: BY_ANYONE,
  request: { body: json(PasswordReset) },
  responses: { 204: { description: 'The password was set; every session has ended' }, ...problems },
})

export const accountRoutes = routes()
  .openapi(getInstallation, async (c) =>
    c.json({ setUp: await isSetUp(c.env.DB), mail: systemAddress(c.env) !== null }, 200),
  )
  .openapi(postInstallation, async (c) => {
    const wanted = c.req.valid('json')
    await linkAttempt(c)
    if ((await hashSecret(wanted.token)) !== (await hashSecret(c.env.SETUP_TOKEN))) throw problem('invalid_setup_token')
    if (!(await setUp(c.env.DB, wanted, Date.now()))) throw problem('already_set_up')
    return c.json(await signedInBody(c, await openSession(c, wanted.owner.email, wanted.owner.password)), 201)
  })
  .openapi(getSession, async (c) => {
    const now = Date.now()
    const session = await requireSession(c.env, c.req.header('cookie'), now)
    const prolonged = await prolongSession(c.env, session, now)
    if (prolonged !== null) c.header('set-cookie', renewedCookie(c.req.header('cookie')))
    return c.json(sessionBody(session, prolonged ?? session.principal.expiresAt), 200)
  })
  .openapi(postSession, async (c) => {
    const { email, password } = c.req.valid('json')
    await throttle(c.env.DB, SIGN_IN_PER_IP, `sign-in ip ${clientNetwork(c.req.raw)}`, Date.now())
    await throttle(c.env.DB, SIGN_IN_PER_EMAIL, `sign-in email ${email}`, Date.now())
    return c.json(await signedInBody(c, await openSession(c, email, password)), 201)
  })
  .openapi(deleteSession, async (c) => {
    const session = await readSession(c.env, c.req.header('cookie'), Date.now())
    if (session) {
      await endSessions(c.env.DB, session.user.id, session.principal.sessionId, Date.now())
      await tellSignedOut(c.env, session.user.id)
    }
    c.header('set-cookie', CLEARED_COOKIE)
    return c.body(null, 204)
  })
  .openapi(deleteSessions, async (c) => {
    const session = await requireSession(c.env, c.req.header('cookie'), Date.now())
    await endSessions(c.env.DB, session.user.id, null, Date.now())
    await tellSignedOut(c.env, session.user.id)
    c.header('set-cookie', CLEARED_COOKIE)
    return c.body(null, 204)
  })
  .openapi(postWorkspace, async (c) => {
    const session = await requireSession(c.env, c.req.header('cookie'), Date.now())
    // Who owns a workspace here may open another; to be an agent somewhere is not enough.
    const own = session.principal.memberships.find((m) => m.role === 'owner')
    if (!own) throw problem('forbidden')
    await createWorkspace(c.env.DB, { userId: session.user.id, name: own.name }, c.req.valid('json'), Date.now())
    const after = (await readSession(c.env, c.req.header('cookie'), Date.now())) ?? session
    return c.json(sessionBody(after, after.principal.expiresAt), 201)
  })
  .openapi(previewInvitation, async (c) => {
    await linkAttempt(c)
    const invitation = await findInvitation(c.env.DB, c.req.valid('json').token, Date.now())
    if (!invitation) throw problem('link_not_valid')
    const { email, workspace, expiresAt, userId } = invitation
    return c.json({ email, workspace, expiresAt, hasAccount: userId !== null }, 200)
  })
  .openapi(postAcceptance, async (c) => {
    const { token, name, password } = c.req.valid('json')
    await linkAttempt(c)
    const invitation = await findInvitation(c.env.DB, token, Date.now())
    if (!invitation) throw problem('link_not_valid')
    // An account that exists is opened with its own password; the link alone must not open it.
    const known = invitation.userId !== null
    if (known) await throttle(c.env.DB, SIGN_IN_PER_EMAIL, `sign-in email ${invitation.email}`, Date.now())
    const before = known ? await openSession(c, invitation.email, password) : null
    if (!(await acceptInvitation(c.env.DB, invitation, { name, password }, Date.now()))) throw problem('link_not_valid')
    return c.json(await signedInBody(c, before ?? (await openSession(c, invitation.email, password))), 201)
  })
  .openapi(postResetRequest, async (c) => {
    const { email } = c.req.valid('json')
    const now = Date.now()
    if (systemAddress(c.env) === null) throw problem('no_mail')
    await throttle(c.env.DB, RESET_MAILS_PER_IP, `reset ip ${clientNetwork(c.req.raw)}`, now)
    await throttle(c.env.DB, RESET_MAILS_PER_EMAIL, `reset email ${email}`, now)
    // After the answer, which comes as fast for an account that does not exist.
    c.executionCtx.waitUntil(mailReset(c.env, email, now))
    return c.body(null, 204)
  })
  .openapi(postReset, async (c) => {
    const { token, password } = c.req.valid('json')
    await linkAttempt(c)
    const userId = await resetPassword(c.env.DB, token, password, Date.now())
    if (userId === null) throw problem('link_not_valid')
    await tellSignedOut(c.env, userId)
    return c.body(null, 204)
  })

/** Mails a link to whoever has an account of that address, and nothing to anybody else. */
async function mailReset(env: Env, email: string, now: number): Promise<void> {
  try {
    const { link, tokenHash } = await newSecretLink(env, 'reset-password')
    const kept = { tokenHash, expiresAt: now + REQUESTED_RESET_MS }
    if (!(await requestPasswordReset(env.DB, email, kept, now))) return
    const sent = await sendLetter(env, email, resetLetter(link), now)
    if (sent.outcome === 'accepted') return
    report('a reset link was not mailed', sent.reason)
  } catch (error) {
    report('a reset link was not mailed', error)
  }
}

async function linkAttempt(c: Context<AppEnv>): Promise<void> {
  await throttle(c.env.DB, LINKS_PER_IP, `link ip ${clientNetwork(c.req.raw)}`, Date.now())
}

/** Opens a session; answers its cookie. @throws Problem `invalid_credentials`, alike for unknown accounts */
async function openSession(c: Context<AppEnv>, email: string, password: string): Promise<string> {
  const { signIn } = await import('../auth/betterAuth.ts')
  const from = { ip: clientIp(c.req.raw), userAgent: c.req.header('user-agent') ?? '' }
  const cookie = await signIn(c.env, email, password, from)
  if (!cookie) throw problem('invalid_credentials')
  return cookie
}

/** Hands the cookie of a session that was just opened to the browser, and says who is signed in. */
async function signedInBody(c: Context<AppEnv>, cookie: string) {
  c.header('set-cookie', cookie)
  const session = await readSession(c.env, cookie.split(';')[0], Date.now())
  if (!session) throw new Error('a session that was just opened cannot be read')
  return sessionBody(session, session.principal.expiresAt)
}

function sessionBody(session: ReadSession, expiresAt: number) {
  const memberships = session.principal.memberships.flatMap((m) => {
    const workspace = session.workspaces.find((w) => w.id === m.workspace)
    return workspace ? [{ workspace, member: m.member as string, name: m.name, role: m.role, rights: rightsOf(m) }] : []
  })
  return { user: session.user, memberships, expiresAt }
}
