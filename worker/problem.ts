/**
 * Every error answer of the API, as RFC 9457: a stable code, a sentence, the request's id. Routes throw a `Problem`;
 * `app.ts` turns it into an answer. One table maps codes to statuses.
 */
import { HTTPException } from 'hono/http-exception'
import type { Problem as ProblemBody } from '../core/api/problem.ts'
import type { Refusal, RefusalCode } from '../core/refusals.ts'

const REFUSED: Record<RefusalCode, number> = {
  message_blank: 422,
  message_too_long: 422,
  message_not_found: 404,
  message_deleted: 409,
  message_unchanged: 409,
  edit_window_over: 409,
  edit_unavailable: 409,
  quote_not_found: 422,
  client_id_conflict: 422,
  client_id_invalid: 422,
  rate_limited: 429,
  too_many_conversations: 429,
  not_allowed: 403,
  scope_missing: 403,
  idempotency_key_conflict: 422,
  not_found: 404,
  already_started: 409,
  already_closed: 409,
  already_open: 409,
  status_unchanged: 409,
  priority_unchanged: 409,
  already_collaborator: 409,
  not_collaborator: 409,
  already_assigned: 409,
  not_deleted: 409,
  undo_over: 409,
  transcript_empty: 409,
  too_many_transcripts: 429,
  transcript_not_failed: 409,
  banned: 403,
  blocked: 403,
  contact_blocked: 403,
  superseded: 409,
  no_assistant: 409,
  conversation_closed: 409,
  conversation_ended: 409,
  conversation_not_ended: 409,
  rating_unavailable: 409,
  rating_asked_recently: 429,
  rating_not_asked: 409,
  rating_final: 409,
  rating_unchanged: 409,
  comment_too_long: 422,
  score_unchanged: 409,
  version_conflict: 409,
}

const HTTP = {
  invalid_request: [422, 'Something in this request is missing or wrong.'],
  malformed: [400, 'The body could not be read as JSON.'],
  unsupported_media_type: [415, 'Send JSON, with content-type application/json.'],
  too_large: [413, 'This request is too large.'],
  unauthorized: [401, 'Sign in first.'],
  invalid_credentials: [401, 'Email and password do not belong together. Check both and try again.'],
  invalid_key: [401, 'This API key is not valid: it was mistyped or revoked.'],
  invalid_token: [401, 'This visitor token is not valid. Ask for a new one.'],
  forbidden: [403, 'You are not allowed to do this.'],
  network_banned: [403, 'This chat is not available from here.'],
  nobody_here: [409, 'The visitor is not here now, so their address is not known. Ban the contact or the device.'],
  own_address: [409, 'The address that you are at lies in this network: your own widget would go silent, too.'],
  wrong_origin: [403, 'This request came from another website.'],
  invalid_setup_token: [403, 'This set-up link is not the one that was printed at the start. Copy it again.'],
  not_found: [404, 'There is nothing here.'],
  no_mail: [409, 'This installation sends no mail. Ask an owner or administrator for a link.'],
  sender_exists: [409, 'This address is in the list already.'],
  already_verified: [409, 'This address is verified already.'],
  code_wrong: [422, 'This is not the code that was mailed.'],
  code_gone: [409, 'This code no longer works. Have another one sent.'],
  mail_not_sent: [422, 'The mail could not be sent.'],
  sender_not_verified: [
    409,
    'This address is not verified. Choose another sender, or verify it in Settings → Senders.',
  ],
  no_sender: [409, 'Verify an address first: without one the test has no sender.'],
  link_not_valid: [404, 'This link was used before, has expired or was withdrawn. Ask for a new one.'],
  unknown_member: [422, 'This member is not in the workspace, or is disabled.'],
  workspace_required: [422, 'Name the workspace with the header Foyer-Workspace.'],
  method_not_allowed: [405, 'This address does not know that method.'],
  upgrade_required: [426, 'This address is for WebSockets.'],
  already_set_up: [409, 'This installation has been set up. Sign in instead.'],
  built_in_group: [409, 'Everybody is in this group. Only its rights can be changed.'],
  last_owner: [409, 'This is the last owner. Make somebody else an owner first.'],
  already_member: [409, 'This person is a member already.'],
  account_exists: [409, 'There is an account for this email. Use its password.'],
  too_many_attempts: [429, 'Too many attempts. Wait a little and try again.'],
  internal: [500, 'Something broke on our side. Nothing you wrote was lost; try again.'],
  unavailable: [503, 'A part of the service is out of reach. Try again in a moment.'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof HTTP

interface Extra {
  errors?: NonNullable<ProblemBody['errors']>
  retryAt?: number
  rev?: number
  continuedIn?: string
  headers?: Record<string, string>
}

/** An answer that is no success, thrown from wherever it is known. */
export class Problem extends HTTPException {
  readonly code: string
  readonly extra: Extra

  constructor(status: number, code: string, detail: string, extra: Extra = {}) {
    super(status as HTTPException['status'], { message: detail })
    this.code = code
    this.extra = extra
  }
}

/** One of the Worker itself. @param detail in place of the usual sentence */
export function problem(code: ProblemCode, extra: Extra = {}, detail?: string): Problem {
  const [status, sentence] = HTTP[code]
  return new Problem(status, code, detail ?? sentence, extra)
}

/** One thing that is wrong with a request, where no schema could tell. @param message the rest of a sentence */
export function invalid(path: string, message: string): Problem {
  return problem('invalid_request', { errors: [{ path, message }] })
}

/** A refusal of the conversation, as HTTP. */
export function refused(refusal: Refusal, rev?: number): Problem {
  return new Problem(REFUSED[refusal.code], refusal.code, refusal.message, {
    ...(refusal.retryAt === undefined ? {} : { retryAt: refusal.retryAt }),
    ...(rev === undefined ? {} : { rev }),
    ...(refusal.continuedIn === undefined ? {} : { continuedIn: refusal.continuedIn }),
  })
}

/** The answer for a problem; `Retry-After` counts whole seconds and never says less than one. */
export function problemResponse(error: Problem, requestId: string): Response {
  const { errors, retryAt, rev, continuedIn, headers } = error.extra
  const body: ProblemBody = {
    type: `urn:foyer:problem:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: error.status,
    code: error.code,
    detail: error.message,
    requestId,
    ...(errors ? { errors } : {}),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(rev === undefined ? {} : { rev }),
    ...(continuedIn === undefined ? {} : { continuedIn }),
  }
  // RFC 9110 wants it of every 401; unlike Basic it makes no browser ask for a password.
  const challenge = error.status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  const retry =
    retryAt === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))) }
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...challenge,
      ...retry,
      ...headers,
    },
  })
}

/** Whether D1 failed us, rather than our own code: what was asked is worth asking again. */
export function isDatabaseFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'DrizzleQueryError' || error.message.startsWith('D1_') || isDatabaseFailure(error.cause)
}
