/**
 * A conversation as a document (TR9): to look at, to print and to keep,
 * for agents, for visitors, and behind a mailed link.
 */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { DocumentQuery } from '../../core/api/transcripts.ts'
import { contactOf } from '../../core/ids.ts'
import { refusal } from '../../core/refusals.ts'
import { authorizeReading, mayRead } from '../auth/authorize.ts'
import { clientNetwork } from '../auth/clientIp.ts'
import type { AppEnv } from '../context.ts'
import { renderTranscript, transcriptForMail } from '../mail/transcript.tsx'
import { signedIn } from '../middleware/agent.ts'
import { pace, visitorOf } from '../middleware/visitor.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { BY_ANYONE, BY_VISITOR, byId, bySessionOrKey, problems, routes } from '../openapi.ts'
import { problem, refused } from '../problem.ts'
import { linkedBy, linkTo, type Reading, readTranscript } from '../transcripts.ts'

const html = { description: 'The document', content: { 'text/html': { schema: z.string() } } }
const text = { description: 'The document', content: { 'text/plain': { schema: z.string() } } }
const reader = { middleware: signedIn, security: bySessionOrKey('conversations:read') }
const request = { params: byId, query: DocumentQuery }

const agentHtml = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}/transcript.html',
  operationId: 'readTranscriptPage',
  summary: 'What was said, as a page',
  ...reader,
  request,
  responses: { 200: html, ...problems },
})
const agentText = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}/transcript.txt',
  operationId: 'readTranscriptText',
  summary: 'What was said, as plain text',
  ...reader,
  request,
  responses: { 200: text, ...problems },
})
const visitorHtml = createRoute({
  method: 'get',
  path: '/widget/v1/conversations/{id}/transcript.html',
  operationId: 'readVisitorTranscriptPage',
  summary: 'What was said in a conversation of the visitor, as a page',
  security: BY_VISITOR,
  request: { params: byId },
  responses: { 200: html, ...problems },
})
const visitorText = createRoute({
  method: 'get',
  path: '/widget/v1/conversations/{id}/transcript.txt',
  operationId: 'readVisitorTranscriptText',
  summary: 'What was said in a conversation of the visitor, as plain text',
  security: BY_VISITOR,
  request: { params: byId },
  responses: { 200: text, ...problems },
})
const linked = createRoute({
  method: 'get',
  path: '/api/v1/transcripts/{token}',
  operationId: 'readMailedTranscript',
  summary: 'The whole of a transcript that was too long for a mail, by the link in it',
  security: BY_ANYONE,
  request: { params: z.strictObject({ token: z.string().max(1_000) }) },
  responses: { 200: html, ...problems },
})

export const documentRoutes = routes()
  .openapi(agentHtml, async (c) => {
    const { html } = await forAgent(c, c.req.valid('param').id, c.req.valid('query').as)
    return c.body(html, 200, headersOf('html', c.req.valid('query').download))
  })
  .openapi(agentText, async (c) => {
    const { text } = await forAgent(c, c.req.valid('param').id, c.req.valid('query').as)
    return c.text(text, 200, headersOf('txt', c.req.valid('query').download))
  })
  .openapi(visitorHtml, async (c) => {
    const { html } = await forVisitor(c, c.req.valid('param').id)
    return c.body(html, 200, headersOf('html', '1'))
  })
  .openapi(visitorText, async (c) => {
    const { text } = await forVisitor(c, c.req.valid('param').id)
    return c.text(text, 200, headersOf('txt', '1'))
  })
  .openapi(linked, async (c) => {
    await pace(c.env, clientNetwork(c.req.raw))
    const reading = await linkedBy(c.env, c.req.valid('param').token, Date.now())
    if (!reading) throw problem('link_not_valid')
    const { html } = await document(c, reading)
    return c.body(html, 200, { ...headersOf('html'), 'x-robots-tag': 'noindex' })
  })

/** TR9: what an agent looks at before it is sent is the very document that is sent. */
async function forAgent(c: Context<AppEnv>, conversation: string, as: 'mail' | undefined) {
  const caller = c.get('principal')
  authorizeReading(caller)
  const identity = identityOf(caller)
  const read = await conversationObject(c.env, conversation).read(identity)
  if (!read.ok) throw refused(read.refusal)
  const { workspace, contact, head } = read.row
  const named = mayRead(caller, 'contacts:read') ? contact : null
  const reading = { conversation, as: identity, workspace, contact: named }
  return document(c, reading, as === 'mail' ? { conversation, workspace, contact: named, until: head } : undefined)
}

async function forVisitor(c: Context<AppEnv>, conversation: string) {
  const visitor = await visitorOf(c)
  const { workspace, device } = visitor
  return document(c, {
    conversation,
    as: identityOf({ kind: 'visitor', ...visitor }),
    workspace,
    contact: contactOf(device),
  })
}

/**
 * @param mailed what the link in it leads to, where it is to be cut like a mail.
 * @throws Problem `not_found`, `transcript_empty`
 */
async function document(c: Context<AppEnv>, reading: Reading, mailed?: Parameters<typeof linkTo>[1]) {
  const transcript = await readTranscript(c.env, reading)
  if (!transcript) throw refused(refusal('transcript_empty'))
  return mailed ? transcriptForMail(transcript, await linkTo(c.env, mailed, Date.now())) : renderTranscript(transcript)
}

/** No script, nothing from elsewhere; shown in our own pages alone, which may print it. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-modals',
].join('; ')

function headersOf(kind: 'html' | 'txt', download?: '1'): Record<string, string> {
  return {
    'content-type': kind === 'html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'content-security-policy': POLICY,
    'content-disposition': download ? `attachment; filename="conversation.${kind}"` : 'inline',
  }
}
