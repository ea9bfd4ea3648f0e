import { env } from 'cloudflare:workers'
import PostalMime from 'postal-mime'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import * as accountSchemas from '../../core/api/accounts.ts'
import * as auditSchemas from '../../core/api/audit.ts'
import * as banSchemas from '../../core/api/bans.ts'
import * as channelSchemas from '../../core/api/channels.ts'
import * as contactSchemas from '../../core/api/contacts.ts'
import * as conversationSchemas from '../../core/api/conversations.ts'
import * as entrySchemas from '../../core/api/entries.ts'
import * as groupSchemas from '../../core/api/groups.ts'
import * as indexRebuildSchemas from '../../core/api/indexRebuilds.ts'
import * as keySchemas from '../../core/api/keys.ts'
import * as policySchemas from '../../core/api/policies.ts'
import * as problemSchemas from '../../core/api/problem.ts'
import * as ratingSchemas from '../../core/api/ratings.ts'
import * as reportSchemas from '../../core/api/reports.ts'
import * as senderSchemas from '../../core/api/senders.ts'
import * as transcriptSchemas from '../../core/api/transcripts.ts'
import * as widgetSchemas from '../../core/api/widget.ts'
import type { ContactId, WorkspaceId } from '../../core/ids.ts'
import { app } from '../../worker/app.ts'
import { keptMails, keptSource } from '../../worker/mail/localMailbox.ts'
import { linkTo } from '../../worker/transcripts.ts'
import { knock } from '../support/corpora/knock.ts'
import { filled, nameOf, type Operation, operations, SOCKETS } from '../support/corpora/operations.ts'
import {
  accept,
  cookieOf,
  type Person,
  person,
  reset,
  resetLink,
  secretOf,
  send,
  signIn,
  wanted,
} from '../support/corpora/people.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { type Answer, indexed } from '../support/play.ts'

interface Schema {
  $ref?: string
  type?: string
  additionalProperties?: boolean
}
interface Documented {
  operationId?: string
  summary?: string
  parameters?: Array<{ name: string; in: string; required?: boolean }>
  security?: Array<Record<string, string[]>>
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  servers: Array<{ url: string }>
  paths: Record<string, Record<string, Documented>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { type: string }> }
}

/** The schemas of `core/api` under the names that the document gives them. */
const NAMED = new Map(
  [
    accountSchemas,
    auditSchemas,
    banSchemas,
    channelSchemas,
    contactSchemas,
    conversationSchemas,
    entrySchemas,
    groupSchemas,
    indexRebuildSchemas,
    keySchemas,
    policySchemas,
    ratingSchemas,
    reportSchemas,
    senderSchemas,
    problemSchemas,
    transcriptSchemas,
    widgetSchemas,
  ]
    .flatMap((module) => Object.values(module))
    .flatMap((schema) => {
      const id = typeof schema === 'object' && 'meta' in schema ? schema.meta()?.id : undefined
      return typeof id === 'string' && typeof schema === 'object' && 'safeParse' in schema
        ? [[id, schema] as const]
        : []
    }),
)

let document: Document

beforeAll(async () => {
  document = (await knock('/openapi.json')).body
})

const documented = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  )

describe('[AP1] the document', () => {
  test('[AP1] is OpenAPI 3.1 and says where we are', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(document.info).toMatchObject({ title: 'Foyer', version: '1' })
    expect(document.servers).toEqual([{ url: new URL(env.BASE_URL).origin }])
  })

  test('[AP1] knows the operations of the tests, and they know its', () => {
    expect(
      documented()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(operations().map(nameOf).sort())
  })

  test('[AP1] every route of the API is in it, but the sockets', () => {
    const routes = app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(api|widget)\/v1\//.test(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    const listed = [...documented().map(({ name }) => name), ...SOCKETS.map((path) => `GET ${path}`)]
    expect([...new Set(routes)].sort()).toEqual(listed.sort())
  })

  test('[AP1] every operation says in a sentence what it is for, and every answer what it is', () => {
    const summaries = documented().map(({ operation }) => operation.summary ?? '')
    for (const summary of summaries) expect(summary).toMatch(/^[A-Z].{5,}[^.]$/)
    expect(new Set(summaries).size).toBe(summaries.length)
    // What clients that are made from the document call it.
    const names = documented().map(({ operation }) => operation.operationId ?? '')
    for (const name of names) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
    expect(new Set(names).size).toBe(names.length)
    for (const { operation } of documented())
      for (const response of Object.values(operation.responses)) expect(response.description).toMatch(/^[A-Z]/)
  })

  test('[AP1] every operation has an answer of its own and the problem for everything else', () => {
    for (const { name, operation } of documented()) {
      expect([name, Object.keys(operation.responses)]).toEqual([
        name,
        expect.arrayContaining(['default', expect.stringMatching(/^20[0124]$/)]),
      ])
      expect(operation.responses['default']?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
  })

  test('[AP1] every parameter of a path is described', () => {
    for (const { name, path, operation } of documented()) {
      const inPath =
        operation.parameters?.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name) ?? []
      expect([name, inPath]).toEqual([name, [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)])
    }
  })

  test('[AP1] says how to be let in, and where the workspace is named', () => {
    for (const { name, operation } of documented()) {
      const asked = operations().find((one) => nameOf(one) === name)
      expect([name, operation.security]).toEqual([name, expect.any(Array)])
      const schemes = operation.security?.flatMap((scheme) => Object.keys(scheme)) ?? []
      if (asked?.by !== 'anyone')
        expect([name, schemes]).toEqual([
          name,
          asked?.by === 'visitor' ? ['visitor'] : asked?.scope ? ['session', 'key'] : ['session'],
        ])
      const scopes = operation.security?.flatMap((scheme) => scheme['key'] ?? []) ?? []
      expect([name, scopes]).toEqual([name, asked?.scope ? [asked.scope] : []])
      for (const scheme of schemes) expect(Object.keys(document.components.securitySchemes)).toContain(scheme)
      const inHeader =
        operation.parameters?.filter((parameter) => parameter.in === 'header').map((parameter) => parameter.name) ?? []
      const headers = [asked?.inWorkspace ? 'foyer-workspace' : '', asked?.idempotent ? 'idempotency-key' : '']
      expect([name, inHeader]).toEqual([name, headers.filter(Boolean)])
    }
  })

  test('[AP1] bodies are required and closed: unknown keys are refused', () => {
    for (const { name, operation } of documented()) {
      const { requestBody } = operation
      const asked = operations().find((o) => nameOf(o) === name)
      expect([name, requestBody !== undefined]).toEqual([name, (asked?.body ?? asked?.text) !== undefined])
      if (!requestBody) continue
      expect(requestBody.required).toBe(true)
      expect(Object.keys(requestBody.content)).toEqual([asked?.text === undefined ? 'application/json' : 'text/plain'])
      if (asked?.text !== undefined) continue
      expect(schemaNamed(requestBody.content['application/json']?.schema)).toMatchObject({
        type: 'object',
        additionalProperties: false,
      })
    }
  })

  test('[AP1] what the tests send is what the document asks for', () => {
    for (const { name, operation } of documented()) {
      const asked = operations().find((o) => nameOf(o) === name)
      const schema = operation.requestBody?.content['application/json']?.schema
      if (schema) expect([name, readerOf(schema).safeParse(asked?.body).error?.issues]).toEqual([name, undefined])
    }
  })

  test('[AP1] every reference leads somewhere, and every name is one of core', () => {
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name)
      expect([...NAMED.keys()]).toContain(name)
    }
  })
})

function schemaNamed(schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1)
  return name === undefined ? schema : document.components.schemas[name]
}

/** Reads as a client does that knows the document alone: what a schema means there may be less than what it is here. */
function readerOf(schema: Schema): z.ZodType {
  const { schemas } = document.components
  return z.fromJSONSchema(JSON.parse(JSON.stringify({ ...schema, $defs: schemas }).replaceAll(IN_DOCUMENT, '#/$defs/')))
}
const IN_DOCUMENT = '#/components/schemas/'

/** Compares an answer with what the document says of its status. */
function expectDocumented(name: string, answer: Answer): void {
  const [method = '', path = ''] = name.split(' ')
  const responses = document.paths[path]?.[method.toLowerCase()]?.responses
  const own = responses?.[String(answer.status)]
  if (!own) {
    expectProblem(answer, answer.status)
    expect([name, answer.status]).toEqual([name, expect.toSatisfy((status: number) => status >= 400)])
    return
  }
  const [type = ''] = Object.keys(own.content ?? {})
  if (type.startsWith('text/')) {
    expect([name, answer.headers.get('content-type'), typeof answer.body]).toEqual([
      name,
      `${type}; charset=utf-8`,
      'string',
    ])
    return
  }
  const schema = own.content?.['application/json']?.schema
  if (!schema) {
    expect([name, answer.body]).toEqual([name, ''])
    return
  }
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  const zod = NAMED.get(schema.$ref?.split('/').at(-1) ?? '')
  expect([name, zod?.safeParse(answer.body).error?.issues]).toEqual([name, undefined])
  expect(zod).toBeDefined()
  expect([name, readerOf(schema).safeParse(answer.body).error?.issues]).toEqual([name, undefined])
}

/** What really came, for each operation. */
const heard = new Map<string, Answer[]>()

function hears(name: string, answer: Answer): Answer {
  heard.set(name, [...(heard.get(name) ?? []), answer])
  return answer
}

describe('[AP1] real answers are as documented', () => {
  let ana: Person
  let channel: string

  beforeAll(async () => {
    hears('GET /api/v1/installation', await send('/api/v1/installation'))
    ana = person(hears('POST /api/v1/installation', await send('/api/v1/installation', { body: wanted() })))
    hears('GET /api/v1/installation', await send('/api/v1/installation'))
    const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
    channel = (await asks('GET /api/v1/channels', '/api/v1/channels')).body.list[0].id
    await peopleCome(ana)
    await peopleTalk(ana, channel)
  }, 60_000)

  test('[AP1] good ones, for each operation', () => {
    for (const operation of operations()) {
      const answers = heard.get(nameOf(operation)) ?? []
      expect([nameOf(operation), answers.filter((answer) => answer.status < 300).length]).not.toEqual([
        nameOf(operation),
        0,
      ])
      for (const answer of answers) expectDocumented(nameOf(operation), answer)
    }
  })

  afterEach(() => vi.restoreAllMocks())

  test('[AP2] and problems, for each operation', async () => {
    // What the operator is told of it stands in other tests.
    vi.spyOn(console, 'error').mockReturnValue()
    const dead = new Proxy(env.DB, {
      get: () => () => {
        throw new Error('D1_ERROR: out of reach')
      },
    })
    for (const operation of operations({ channel })) {
      const answers = await problemsOf(operation, dead)
      for (const answer of answers) {
        expect([nameOf(operation), answer.status]).toEqual([
          nameOf(operation),
          expect.toSatisfy((status: number) => status >= 400),
        ])
        expectDocumented(nameOf(operation), answer)
      }
    }
  })

  async function problemsOf(operation: Operation, dead: D1Database): Promise<Answer[]> {
    const path = filled(operation.path, 'x')
    const { method } = operation
    const body = operation.text !== undefined ? { raw: operation.text } : operation.body ? { body: operation.body } : {}
    const asAna = { cookie: ana.cookie, 'foyer-workspace': ana.workspace, authorization: 'Bearer x' }
    const changes = method !== 'GET' && operation.text === undefined
    return [
      await send(path, { method, ...body, headers: asAna, bindings: { DB: dead } }),
      ...(operation.by === 'anyone' ? [] : [await send(path, { method, ...body })]),
      ...(changes
        ? [await send(path, { method, ...body, headers: { ...asAna, origin: 'https://evil.example' } })]
        : []),
      ...(operation.body
        ? [
            await send(path, { method, body: operation.partial ? { name: 7 } : {}, headers: asAna }),
            await send(path, { method, raw: '{', headers: asAna }),
          ]
        : []),
      ...(operation.path.includes('{id}') ? [await send(path, { method, ...body, headers: asAna })] : []),
    ]
  }
})

async function peopleCome(ana: Person): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const invited = await asks('POST /api/v1/invitations', '/api/v1/invitations', {
    body: { email: 'ben@example.com', role: 'admin' },
  })
  const other = await asks('POST /api/v1/invitations', '/api/v1/invitations', {
    body: { email: 'no@example.com', role: 'agent' },
  })
  await asks('GET /api/v1/invitations', '/api/v1/invitations')
  await asks('DELETE /api/v1/invitations/{id}', `/api/v1/invitations/${other.body.invitation.id}`, { method: 'DELETE' })
  const token = secretOf(invited.body.link)
  hears('POST /api/v1/invitations/preview', await send('/api/v1/invitations/preview', { body: { token } }))
  const ben = person(hears('POST /api/v1/invitations/accept', await accept(token)))
  hears('POST /api/v1/invitations/accept', await accept(token))
  await asks('GET /api/v1/members', '/api/v1/members')
  await asks('POST /api/v1/members/{id}/password-resets', `/api/v1/members/${ben.member}/password-resets`, {
    method: 'POST',
  })
  const asked = await send('/api/v1/password-reset-requests', { body: { email: 'nobody@example.com' } })
  hears('POST /api/v1/password-reset-requests', asked)
  hears('POST /api/v1/password-resets', await reset(await resetLink(ana, ben.member), 'a new password'))
  const session = hears('POST /api/v1/session', await signIn('ben@example.com', 'a new password'))
  hears('POST /api/v1/session', await signIn('ben@example.com', 'an old password'))
  await membersChange(ana, ben)
  const headers = { cookie: cookieOf(session) }
  hears('GET /api/v1/session', await send('/api/v1/session', { headers }))
  hears('DELETE /api/v1/session', await send('/api/v1/session', { method: 'DELETE', headers }))
  const everywhere = { cookie: cookieOf(await signIn('ben@example.com', 'a new password')) }
  hears('DELETE /api/v1/sessions', await send('/api/v1/sessions', { method: 'DELETE', headers: everywhere }))
}

async function membersChange(ana: Person, ben: Person): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const change = (member: string, body: object) =>
    asks('PATCH /api/v1/members/{id}', `/api/v1/members/${member}`, { method: 'PATCH', body })
  for (const body of [{ role: 'agent' }, { disabled: true }, { disabled: false, role: 'owner' }, {}])
    await change(ben.member, body)
  await change(ben.member, { role: 'agent' })
  await change(ana.member, { disabled: true })
  await change(ana.member, { role: 'boss' })
  const me = { method: 'PATCH', body: { name: 'Ana A.', available: false } }
  await asks('PATCH /api/v1/me', '/api/v1/me', me)
  await asks('PATCH /api/v1/me', '/api/v1/me', { method: 'PATCH', body: {} })
  const wanted = { name: 'Second shop', timeZone: 'UTC' }
  await asks('POST /api/v1/workspaces', '/api/v1/workspaces', { body: wanted })
  const keys = '/api/v1/keys'
  const robot = await asks(`POST ${keys}`, keys, { body: { name: 'Robot', scopes: ['members:read'] } })
  await asks(`POST ${keys}`, keys, { body: { name: 'Robot', scopes: [] } })
  await asks(`GET ${keys}`, keys)
  await asks('GET /api/v1/programs', '/api/v1/programs')
  for (const _ of ['once', 'again'])
    await asks(`DELETE ${keys}/{id}`, `${keys}/${robot.body.key.id}`, { method: 'DELETE' })
  await sendersChange(asks)
  const groups = '/api/v1/groups'
  const leads = { name: 'Leads', rights: ['ban'], members: [ben.member] }
  const group = `${groups}/${(await asks(`POST ${groups}`, groups, { body: leads })).body.id}`
  await asks(`GET ${groups}`, groups)
  for (const body of [{ rights: [] }, { members: [] }, { name: 7 }])
    await asks(`PATCH ${groups}/{id}`, group, { method: 'PATCH', body })
  await asks(`PATCH ${groups}/{id}`, `${groups}/everyone`, { method: 'PATCH', body: { name: 'Nobody' } })
  for (const id of ['everyone', group.split('/').at(-1)])
    await asks(`DELETE ${groups}/{id}`, `${groups}/${id}`, { method: 'DELETE' })
  for (const query of ['', '?limit=1', '?kind=member', '?cursor=none'])
    await asks('GET /api/v1/audit-log', `/api/v1/audit-log${query}`)
  const channels = '/api/v1/channels'
  const made = await asks(`POST ${channels}`, channels, { body: { name: 'Blog', origins: ['blog.example'] } })
  await asks(`PATCH ${channels}/{id}`, `${channels}/${made.body.id}`, {
    method: 'PATCH',
    body: { colour: '#A1B2C3', greeting: 'Hello there' },
  })
  for (const [path, id] of [
    ['/api/v1/policies', ''],
    [`${channels}/{id}/policy`, made.body.id],
  ] as const) {
    await asks(`GET ${path}`, path.replace('{id}', id))
    for (const body of [{ reopen: 'visitor_message', closeAfterMs: null }, { reopen: 'perhaps' }, {}])
      await asks(`PATCH ${path}`, path.replace('{id}', id), { method: 'PATCH', body })
  }
  await asks(`PATCH ${channels}/{id}`, `${channels}/${made.body.id}`, { method: 'PATCH', body: { colour: 'red' } })
}

type Asks = (name: string, path: string, options?: object) => Promise<Answer>

async function sendersChange(asks: Asks): Promise<void> {
  const senders = '/api/v1/senders'
  const added = await asks(`POST ${senders}`, senders, { body: { address: 'help@shop.example' } })
  await asks(`POST ${senders}`, senders, { body: { address: 'help@shop.example' } })
  await asks(`GET ${senders}`, senders)
  const one = `${senders}/${added.body.id}`
  await asks(`POST ${senders}/{id}/codes`, `${one}/codes`, { method: 'POST' })
  const mails = await keptMails(env.DB)
  const read = async (id = '') => (await PostalMime.parse((await keptSource(env.DB, id)) ?? '')).subject
  const subjects = await Promise.all(
    mails.filter((mail) => mail.recipient === 'help@shop.example').map((m) => read(m.id)),
  )
  // Of the two that were mailed only the newer fits; which that is, milliseconds do not always tell.
  for (const subject of subjects)
    await asks(`POST ${senders}/{id}/verification`, `${one}/verification`, { body: { code: subject?.slice(0, 6) } })
  const smtp = { host: 'smtp.shop.example', port: 465, security: 'tls', user: 'foyer', password: 'secret' }
  await asks('GET /api/v1/smtp', '/api/v1/smtp')
  await asks('PUT /api/v1/smtp', '/api/v1/smtp', { method: 'PUT', body: { ...smtp, host: 'localhost', port: 1 } })
  await asks('PUT /api/v1/smtp', '/api/v1/smtp', { method: 'PUT', body: { ...smtp, port: 25 } })
  await asks('POST /api/v1/smtp/tests', '/api/v1/smtp/tests', { method: 'POST' })
  for (const _ of ['once', 'again']) {
    await asks('DELETE /api/v1/smtp', '/api/v1/smtp', { method: 'DELETE' })
    await asks(`DELETE ${senders}/{id}`, one, { method: 'DELETE' })
  }
}

async function isBanned(ana: Person, contact: string): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const path = `/api/v1/contacts/${contact}/ban`
  const named = '/api/v1/contacts/{id}/ban'
  for (const body of [{ kind: 'ban', reason: 'rude' }, { kind: 'ban', expiresAt: 1 }, { kind: 'exile' }])
    await asks(`PUT ${named}`, path, { method: 'PUT', body })
  await asks(`PUT ${named}`, '/api/v1/contacts/c_none/ban', { method: 'PUT', body: { kind: 'ban' } })
  const bans = '/api/v1/bans'
  const network = { scope: 'network', target: '198.51.100.0/24' }
  const placed = await asks(`POST ${bans}`, bans, { body: network })
  for (const body of [
    { ...network, target: '::/0' },
    { ...network, kind: 'ban' },
    { scope: 'device', target: 'd_none' },
  ])
    await asks(`POST ${bans}`, bans, { body })
  for (const query of ['', '?search=rude&limit=1', '?cursor=none']) await asks(`GET ${bans}`, `${bans}${query}`)
  for (const id of [placed.body.id, placed.body.id])
    await asks(`DELETE ${bans}/{id}`, `${bans}/${id}`, { method: 'DELETE' })
  for (let times = 0; times < 2; times += 1) await asks(`DELETE ${named}`, path, { method: 'DELETE' })
}

async function peopleTalk(ana: Person, channel: string): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const visitor = hears('POST /widget/v1/sessions', await send('/widget/v1/sessions', { body: { channel } }))
  hears('POST /widget/v1/sessions', await send('/widget/v1/sessions', { body: { channel, token: visitor.body.token } }))
  const source = { page: 'https://shop.example/tea', title: 'Tea', referrer: null }
  const start = {
    body: { channel, clientId: 'vic:1', text: 'Hello', source },
    headers: { authorization: `Bearer ${visitor.body.token}` },
  }
  const started = hears('POST /widget/v1/conversations', await send('/widget/v1/conversations', start))
  const again = hears('POST /widget/v1/conversations', await send('/widget/v1/conversations', start))
  expect([started.status, again.status, again.body]).toEqual([201, 200, started.body])
  await visitorLooks(ana, started.body.id, visitor.body.token)
  const one = `/api/v1/conversations/${started.body.id}`
  const named = '/api/v1/conversations/{id}'
  const hello = { clientId: 'ana:1', text: 'Hi', quote: 2 }
  await asks(`POST ${named}/messages`, `${one}/messages`, { body: hello })
  await asks(`POST ${named}/messages`, `${one}/messages`, { body: hello })
  await asks(`POST ${named}/messages`, `${one}/messages`, { body: { ...hello, text: 'Ho' } })
  await asks(`POST ${named}/messages`, `${one}/messages`, { body: { clientId: 'ana:3', text: 'x'.repeat(2_001) } })
  await asks(`POST ${named}/notes`, `${one}/notes`, { body: { clientId: 'ana:2', text: 'Hm' } })
  for (let times = 0; times < 2; times += 1)
    await asks(`POST ${named}/rating-requests`, `${one}/rating-requests`, { method: 'POST' })
  await asks(`PUT ${named}/score`, `${one}/score`, { method: 'PUT', body: { score: 4 } })
  await asks(`GET ${named}/ratings`, `${one}/ratings`)
  for (const as of ['', '.csv'])
    await asks(`GET /api/v1/reports/satisfaction${as}`, `/api/v1/reports/satisfaction${as}?days=2`)
  await asks(`PATCH ${named}`, one, { method: 'PATCH', body: { status: 'closed' } })
  await asks(`PATCH ${named}`, one, { method: 'PATCH', body: { status: 'closed' } })
  await asks(`PATCH ${named}`, one, { method: 'PATCH', body: { assignee: null } })
  await asks(`PATCH ${named}`, one, { method: 'PATCH', body: { assignee: ana.member, expectedRev: 0 } })
  await asks(`GET ${named}`, one)
  await asks(`GET ${named}/entries`, `${one}/entries?limit=2`)
  await asks(`GET ${named}/entries`, `${one}/entries?after=0.0`)
  await asks(`GET ${named}/entries`, `${one}/entries?before=nowhere`)
  const both = await asks(`GET ${named}/entries`, `${one}/entries?before=3&after=1`)
  expectProblem(both, 422, 'invalid_request')
  await messagesChange(ana, one)
  await transcriptsLeave(ana, one, visitor.body.token)
  const brought = { channel, text: 'From a form', contact: { name: 'Fay' } }
  const name = { headers: { 'idempotency-key': 'form 1' } }
  for (const body of [brought, brought, { ...brought, text: 'Other' }])
    await asks('POST /api/v1/conversations', '/api/v1/conversations', { body, ...name })
  await isBanned(ana, (await ana.asks(one)).body.contact.id)
  await isDeleted(ana, one)
  await asks('POST /api/v1/index-rebuilds', '/api/v1/index-rebuilds', { body: {} })
  await asks('POST /api/v1/index-rebuilds', '/api/v1/index-rebuilds', { body: { after: 5 } })
  for (const query of ['', '?view=unread', '?view=resolved&limit=1', '?view=mine', '?cursor=none', '?limit=0'])
    await asks('GET /api/v1/conversations', `/api/v1/conversations${query}`)
}

async function messagesChange(ana: Person, one: string): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const named = '/api/v1/conversations/{id}'
  const { list } = (await ana.asks(`${one}/entries`)).body
  const said = list.findLast((entry: { type: string }) => entry.type === 'message.created').n
  const edit = { method: 'PATCH', body: { clientId: 'ana:9', text: 'Hi there' } }
  await asks(`PATCH ${named}/messages/{n}`, `${one}/messages/${said}`, edit)
  await asks(`PATCH ${named}/messages/{n}`, `${one}/messages/${said}`, edit)
  await asks(`PATCH ${named}/messages/{n}`, `${one}/messages/0`, edit)
  await asks(`GET ${named}/entries`, `${one}/entries`)
  await asks(`DELETE ${named}/messages/{n}`, `${one}/messages/${said}`, { method: 'DELETE' })
  await asks(`DELETE ${named}/messages/{n}`, `${one}/messages/${said}`, { method: 'DELETE' })
  await asks(`POST ${named}/collaborators`, `${one}/collaborators`, { body: { member: ana.member } })
  await asks(`POST ${named}/collaborators`, `${one}/collaborators`, { body: { member: ana.member } })
  await asks(`GET ${named}`, one)
  const off = `${one}/collaborators/${ana.member}`
  await asks(`DELETE ${named}/collaborators/{member}`, off, { method: 'DELETE' })
  await asks(`GET ${named}/entries`, `${one}/entries`)
}

async function transcriptsLeave(ana: Person, one: string, token: string): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const named = '/api/v1/conversations/{id}'
  const insert = `INSERT INTO senders (id, workspace_id, address, verified_at, created_at, code_hash, code_expires_at, tries_left)
    VALUES ('sd_t', ?, 'shop@shop.example', 1, 1, '', 0, 0)`
  await env.DB.prepare(insert).bind(ana.workspace).run()
  const body = { to: 'vic@example.com', from: 'shop@shop.example', name: 'Shop' }
  for (const change of [{}, { from: 'no@shop.example' }, { to: 'nobody' }])
    await asks(`POST ${named}/transcripts`, `${one}/transcripts`, { body: { ...body, ...change } })
  await asks(`GET ${named}/transcripts`, `${one}/transcripts`)
  const stub = env.CONVERSATION.getByName(one.split('/').at(-1) ?? '')
  // Given up as unknown, and then told of as refused for now: that may be tried again.
  await stub.effect({ do: 'claim', request: 1 })
  for (const outcome of ['unknown', 'refused'] as const)
    await stub.effect({ do: 'tell', request: 1, claim: 1, outcome: { outcome, reason: 'busy', permanent: false } })
  for (const _ of ['once', 'again'])
    await asks(`POST ${named}/transcripts/{n}/retries`, `${one}/transcripts/1/retries`, { method: 'POST' })
  const id = one.split('/').at(-1) ?? ''
  for (const kind of ['html', 'txt']) {
    await asks(`GET ${named}/transcript.${kind}`, `${one}/transcript.${kind}`)
    const headers = { authorization: `Bearer ${token}` }
    const path = `/widget/v1/conversations/{id}/transcript.${kind}`
    hears(`GET ${path}`, await send(path.replace('{id}', id), { headers }))
  }
  const workspace = ana.workspace as WorkspaceId
  const link = await linkTo(env, { conversation: id, workspace, contact: 'c' as ContactId, until: 9 }, Date.now())
  hears('GET /api/v1/transcripts/{token}', await send(new URL(link).pathname))
  await env.DB.prepare("DELETE FROM senders WHERE id = 'sd_t'").run()
}

async function isDeleted(ana: Person, one: string): Promise<void> {
  const asks = async (name: string, path: string, options = {}) => hears(name, await ana.asks(path, options))
  const named = '/api/v1/conversations/{id}'
  await asks(`DELETE ${named}`, one, { method: 'DELETE' })
  await asks(`DELETE ${named}`, one, { method: 'DELETE' })
  await asks(`GET ${named}`, one)
  await asks(`POST ${named}/restoration`, `${one}/restoration`, { method: 'POST' })
  await asks(`POST ${named}/restoration`, `${one}/restoration`, { method: 'POST' })
  await asks(`PATCH ${named}`, one, { method: 'PATCH', body: { priority: 'high' } })
  await asks(`GET ${named}/entries`, `${one}/entries`)
}

async function visitorLooks(ana: Person, conversation: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  hears('GET /widget/v1/conversations', await send('/widget/v1/conversations', { headers }))
  const made = hears(
    'POST /widget/v1/badge-tokens',
    await send('/widget/v1/badge-tokens', { headers, body: { conversation } }),
  )
  const badge = { raw: made.body.badge, headers: { 'content-type': 'text/plain' } }
  hears('POST /widget/v1/badge', await send('/widget/v1/badge', badge))
  const contact = { method: 'PUT', headers, body: { email: 'vic@example.com', name: 'Vic' } }
  hears('PUT /widget/v1/contact', await send('/widget/v1/contact', contact))
  await indexed(ana.workspace)
  hears('PUT /widget/v1/contact', await send('/widget/v1/contact', contact))
  const { contact: known } = (await ana.asks(`/api/v1/conversations/${conversation}`)).body
  const change = { method: 'PATCH', body: { name: null, email: 'new@example.com' } }
  hears('PATCH /api/v1/contacts/{id}', await ana.asks(`/api/v1/contacts/${known.id}`, change))
}
