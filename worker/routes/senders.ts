/** Settings → Senders: addresses, verified by a code that is mailed to them, and a mail server of one's own. */
import { createRoute } from '@hono/zod-openapi'
import { NewSender, NewSmtp, Sender, SenderCode, SenderList, SmtpSettings, SmtpTest } from '../../core/api/senders.ts'
import { MINUTE_MS } from '../../core/durations.ts'
import { seal } from '../auth/sealed.ts'
import { CODES_PER_ADDRESS, CODES_PER_WORKSPACE, SMTP_TESTS_PER_WORKSPACE, throttle } from '../auth/throttle.ts'
import { readMember } from '../db/members.ts'
import {
  addSender,
  CODE_MS,
  findSender,
  type KeptSender,
  listSenders,
  openCode,
  readSmtp,
  removeSender,
  removeSmtp,
  setSmtp,
  tryCode,
} from '../db/senders.ts'
import { type Workspace, workspaceName } from '../db/workspace.ts'
import { hashSecret } from '../ids.ts'
import { isAddress } from '../mail/faults.ts'
import { codeLetter, testLetter } from '../mail/letters.tsx'
import { letterFrom, sendLetter, systemAddress } from '../mail/systemMail.ts'
import { routeOf, sendBy, smtpOf, smtpPlace } from '../mail/workspaceMail.ts'
import { membersWorkspaceFor, signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, byId, bySessionOrKey, inWorkspace, json, problems, routes } from '../openapi.ts'
import { invalid, problem } from '../problem.ts'

const common = { middleware: signedIn, security: BY_SESSION }
const reading = { middleware: signedIn, security: bySessionOrKey('senders:read') }
const changing = { middleware: signedIn, security: bySessionOrKey('senders:write') }

const list = createRoute({
  method: 'get',
  path: '/api/v1/senders',
  operationId: 'listSenders',
  summary: 'Addresses that the workspace writes from',
  ...reading,
  request: { headers: inWorkspace },
  responses: { 200: answer('The addresses', SenderList), ...problems },
})
const add = createRoute({
  method: 'post',
  path: '/api/v1/senders',
  operationId: 'createSender',
  summary: 'Add an address; a code is mailed to it',
  ...changing,
  request: { headers: inWorkspace, body: json(NewSender) },
  responses: { 201: answer('The address, not verified yet', Sender), ...problems },
})
const resend = createRoute({
  method: 'post',
  path: '/api/v1/senders/{id}/codes',
  operationId: 'mailSenderCode',
  summary: 'Mail another code; the one before no longer works',
  ...changing,
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'The mail is on its way' }, ...problems },
})
const verify = createRoute({
  method: 'post',
  path: '/api/v1/senders/{id}/verification',
  operationId: 'verifySender',
  summary: 'Verify an address by the code that was mailed to it: 15 minutes, five tries',
  ...changing,
  request: { headers: inWorkspace, params: byId, body: json(SenderCode) },
  responses: { 200: answer('The address', Sender), ...problems },
})
const remove = createRoute({
  method: 'delete',
  path: '/api/v1/senders/{id}',
  operationId: 'removeSender',
  summary: 'Remove an address',
  ...changing,
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'Removed' }, ...problems },
})
const getSmtp = createRoute({
  method: 'get',
  path: '/api/v1/smtp',
  operationId: 'readSmtp',
  summary: 'The workspace’s own mail server, without its password',
  ...common,
  request: { headers: inWorkspace },
  responses: { 200: answer('The mail server, or null', SmtpSettings), ...problems },
})
const putSmtp = createRoute({
  method: 'put',
  path: '/api/v1/smtp',
  operationId: 'setSmtp',
  summary: 'Send by a mail server of one’s own',
  ...common,
  request: { headers: inWorkspace, body: json(NewSmtp) },
  responses: { 200: answer('The mail server', SmtpSettings), ...problems },
})
const deleteSmtp = createRoute({
  method: 'delete',
  path: '/api/v1/smtp',
  operationId: 'forgetSmtp',
  summary: 'Forget the mail server and its password',
  ...common,
  request: { headers: inWorkspace },
  responses: { 204: { description: 'Forgotten' }, ...problems },
})
const testSmtp = createRoute({
  method: 'post',
  path: '/api/v1/smtp/tests',
  operationId: 'testSmtp',
  summary: 'Send a test to oneself by the workspace’s mail server',
  ...common,
  request: { headers: inWorkspace },
  responses: { 200: answer('What became of it', SmtpTest), ...problems },
})

export const senderRoutes = routes()
  .openapi(list, async (c) => {
    const workspace = workspaceFor(c, 'senders.list')
    const [addresses, smtp] = await Promise.all([listSenders(workspace), readSmtp(workspace)])
    return c.json({ list: addresses.map((sender) => shown(c.env, sender, smtp !== null)) }, 200)
  })
  .openapi(add, async (c) => {
    const workspace = workspaceFor(c, 'senders.change')
    const now = Date.now()
    if (systemAddress(c.env) === null) throw problem('no_mail', {}, NO_MAIL)
    const sender = await addSender(workspace, c.req.valid('json').address, now)
    if (!sender) throw problem('sender_exists')
    await mailCode(c.env, workspace, sender, now)
    return c.json(shown(c.env, sender, (await readSmtp(workspace)) !== null), 201)
  })
  .openapi(resend, async (c) => {
    const workspace = workspaceFor(c, 'senders.change')
    const sender = await present(workspace, c.req.valid('param').id)
    if (sender.verifiedAt !== null) throw problem('already_verified')
    await mailCode(c.env, workspace, sender, Date.now())
    return c.body(null, 204)
  })
  .openapi(verify, async (c) => {
    const workspace = workspaceFor(c, 'senders.change')
    const sender = await present(workspace, c.req.valid('param').id)
    if (sender.verifiedAt !== null) throw problem('already_verified')
    const now = Date.now()
    const hash = await hashOf(c.env, sender, c.req.valid('json').code)
    const tried = await tryCode(workspace, sender, hash, now)
    if (tried === 'gone' || (tried !== 'right' && tried.triesLeft === 0)) throw problem('code_gone')
    if (tried !== 'right') throw problem('code_wrong', {}, wrongCode(tried.triesLeft))
    const smtp = await readSmtp(workspace)
    return c.json(shown(c.env, { ...sender, verifiedAt: now }, smtp !== null), 200)
  })
  .openapi(remove, async (c) => {
    const workspace = workspaceFor(c, 'senders.change')
    if (!(await removeSender(workspace, c.req.valid('param').id, Date.now()))) throw problem('not_found')
    return c.body(null, 204)
  })
  .openapi(getSmtp, async (c) => c.json(await smtpSettings(membersWorkspaceFor(c, 'smtp.read')), 200))
  .openapi(putSmtp, async (c) => {
    const workspace = membersWorkspaceFor(c, 'smtp.change')
    const wanted = c.req.valid('json')
    // On one's own machine a mail server may run beside us; elsewhere only names of the whole internet are anybody's.
    if (!LOCAL && !wanted.host.includes('.')) {
      throw invalid('host', 'has no dot')
    }
    const password = await seal(c.env.ID_SECRET, smtpPlace(workspace.id), wanted.password)
    await setSmtp(workspace, { ...wanted, password }, Date.now())
    return c.json(await smtpSettings(workspace), 200)
  })
  .openapi(deleteSmtp, async (c) => {
    if (!(await removeSmtp(membersWorkspaceFor(c, 'smtp.change'), Date.now()))) throw problem('not_found')
    return c.body(null, 204)
  })
  .openapi(testSmtp, async (c) => {
    const workspace = membersWorkspaceFor(c, 'smtp.change')
    const now = Date.now()
    const [smtp, transport] = await Promise.all([readSmtp(workspace), smtpOf(c.env, workspace)])
    if (!smtp || !transport) throw problem('not_found', {}, 'There is no mail server to test. Enter one first.')
    await throttle(c.env.DB, SMTP_TESTS_PER_WORKSPACE, `smtp tests ${workspace.id}`, now)
    const [sender] = (await listSenders(workspace)).filter(({ verifiedAt }) => verifiedAt !== null)
    const address = sender?.address ?? smtp.user
    if (!isAddress(address)) throw problem('no_sender')
    const to = (await readMember(workspace, workspace.me.member))?.email ?? ''
    const name = await workspaceName(workspace)
    const mail = letterFrom({ address, name }, to, testLetter(name), now)
    const told = await sendBy({ from: mail.from, transport }, mail)
    return c.json({ outcome: told.outcome, reason: told.outcome === 'accepted' ? null : told.reason, to }, 200)
  })

const NO_MAIL =
  'This installation has no address of its own, so it cannot mail the code. Whoever runs it sets MAIL_FROM.'

function shown(env: Env, sender: KeptSender, hasSmtp: boolean) {
  return { ...sender, route: routeOf(env, sender.address, hasSmtp) }
}

async function smtpSettings(workspace: Workspace) {
  const kept = await readSmtp(workspace)
  if (!kept) return { smtp: null }
  const { password: _, ...smtp } = kept
  return { smtp }
}

async function present(workspace: Workspace, id: string): Promise<KeptSender> {
  const sender = await findSender(workspace, id)
  if (!sender) throw problem('not_found')
  return sender
}

/** Makes a code, keeps its hash, and mails it. @throws Problem `too_many_attempts`, `mail_not_sent` */
async function mailCode(env: Env, workspace: Workspace, sender: KeptSender, now: number): Promise<void> {
  await throttle(env.DB, CODES_PER_WORKSPACE, `sender codes ${workspace.id}`, now)
  // Of the address, not of its row: removed and added again, it is the same mailbox.
  await throttle(env.DB, CODES_PER_ADDRESS, `sender codes to ${sender.address}`, now)
  const code = newCode()
  await openCode(workspace, sender.id, await hashOf(env, sender, code), now)
  const letter = codeLetter(code, await workspaceName(workspace), CODE_MS / MINUTE_MS)
  const sent = await sendLetter(env, sender.address, letter, now)
  if (sent.outcome === 'refused') throw problem('mail_not_sent', {}, sent.reason)
}

/** Six digits, each as likely as any other: what would favour the small ones is drawn again. */
function newCode(): string {
  const limit = Math.floor(2 ** 32 / 1_000_000) * 1_000_000
  for (;;) {
    const [drawn = limit] = crypto.getRandomValues(new Uint32Array(1))
    if (drawn < limit) return String(drawn % 1_000_000).padStart(6, '0')
  }
}

const hashOf = (env: Env, sender: KeptSender, code: string) =>
  hashSecret(`sender code ${sender.id} ${code} ${env.ID_SECRET}`)

const wrongCode = (left: number) =>
  `This is not the code that was mailed. ${left === 1 ? 'One try is' : `${left} tries are`} left.`
