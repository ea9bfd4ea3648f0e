/** Every operation of the HTTP API with a body that is right, for the tests that then make one thing wrong. */
import { env } from 'cloudflare:workers'
import type { Scope } from '../../../core/scopes.ts'

export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As documented: `/api/v1/conversations/{id}`. */
  path: string
  /** A body that fits the schema; absent where the operation has none. */
  body?: Record<string, unknown>
  /** The body is plain text, from any website. */
  text?: string
  /** Who may ask: anybody, somebody signed in, or a visitor with a token. */
  by: 'anyone' | 'agent' | 'visitor'
  /** Needs the header `Foyer-Workspace`. */
  inWorkspace?: true
  /** Every key may be left out: an empty body changes nothing. */
  partial?: true
  /** A program with a key may ask, given this scope; without one it is for people alone. */
  scope?: Scope
  /** May be named by `Idempotency-Key`. */
  idempotent?: true
  /** Answers without D1. */
  withoutD1?: true
}

const TOKEN = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const PASSWORD = 'correct horse battery'

/** What stands in the place of ids; where a test gives none, one that fits and names nothing. */
export interface Names {
  channel?: string
  member?: string
  conversation?: string
}

export function operations(names: Names = {}): Operation[] {
  return [...ofAccounts(), ...ofTheWorkspace(names), ...ofConversations(names), ...ofVisitors(names)]
}

function ofAccounts(): Operation[] {
  return [
    { method: 'GET', path: '/api/v1/installation', by: 'anyone' },
    {
      method: 'POST',
      path: '/api/v1/installation',
      by: 'anyone',
      body: {
        token: env.SETUP_TOKEN,
        owner: { name: 'Eve', email: 'eve@example.com', password: PASSWORD },
        workspace: { name: 'Eve', timeZone: 'UTC' },
        website: 'https://eve.example',
      },
    },
    { method: 'GET', path: '/api/v1/session', by: 'agent' },
    { method: 'POST', path: '/api/v1/session', by: 'anyone', body: { email: 'no@example.com', password: PASSWORD } },
    { method: 'DELETE', path: '/api/v1/session', by: 'anyone' },
    { method: 'DELETE', path: '/api/v1/sessions', by: 'agent' },
    { method: 'POST', path: '/api/v1/workspaces', by: 'agent', body: { name: 'Second shop', timeZone: 'UTC' } },
    { method: 'POST', path: '/api/v1/invitations/preview', by: 'anyone', body: { token: TOKEN } },
    {
      method: 'POST',
      path: '/api/v1/invitations/accept',
      by: 'anyone',
      body: { token: TOKEN, name: 'Ben', password: PASSWORD },
    },
    { method: 'POST', path: '/api/v1/password-reset-requests', by: 'anyone', body: { email: 'no@example.com' } },
    { method: 'POST', path: '/api/v1/password-resets', by: 'anyone', body: { token: TOKEN, password: PASSWORD } },
  ]
}

function ofTheWorkspace({ channel = 'ch_none' }: Names): Operation[] {
  const inWorkspace = { by: 'agent', inWorkspace: true } as const
  return [
    { method: 'GET', path: '/api/v1/members', ...inWorkspace, scope: 'members:read' },
    { method: 'PATCH', path: '/api/v1/me', ...inWorkspace, body: { available: true }, partial: true },
    { method: 'PATCH', path: '/api/v1/members/{id}', ...inWorkspace, body: { role: 'agent' }, partial: true },
    { method: 'POST', path: '/api/v1/members/{id}/password-resets', ...inWorkspace },
    { method: 'GET', path: '/api/v1/invitations', ...inWorkspace },
    { method: 'POST', path: '/api/v1/invitations', ...inWorkspace, body: { email: 'ben@example.com', role: 'agent' } },
    { method: 'DELETE', path: '/api/v1/invitations/{id}', ...inWorkspace },
    { method: 'GET', path: '/api/v1/channels', ...inWorkspace, scope: 'channels:read' },
    {
      method: 'POST',
      path: '/api/v1/channels',
      ...inWorkspace,
      body: { name: 'Second', origins: ['https://second.example'] },
      scope: 'channels:write',
    },
    { method: 'GET', path: '/api/v1/reports/satisfaction', ...inWorkspace, scope: 'ratings:read' },
    { method: 'GET', path: '/api/v1/reports/satisfaction.csv', ...inWorkspace, scope: 'ratings:read' },
    { method: 'GET', path: '/api/v1/policies', ...inWorkspace },
    { method: 'PATCH', path: '/api/v1/policies', ...inWorkspace, body: { reopen: 'any_message' }, partial: true },
    { method: 'GET', path: '/api/v1/channels/{id}/policy', ...inWorkspace },
    {
      method: 'PATCH',
      path: '/api/v1/channels/{id}/policy',
      ...inWorkspace,
      body: { mayWrite: 'anyone', inherit: ['reopen'] },
      partial: true,
    },
    {
      method: 'PATCH',
      path: '/api/v1/channels/{id}',
      ...inWorkspace,
      body: { name: 'Renamed' },
      partial: true,
      scope: 'channels:write',
    },
    {
      method: 'PATCH',
      path: '/api/v1/contacts/{id}',
      ...inWorkspace,
      body: { name: 'Vic' },
      partial: true,
      scope: 'contacts:write',
    },
    { method: 'GET', path: '/api/v1/bans', ...inWorkspace, scope: 'bans:read' },
    {
      method: 'POST',
      path: '/api/v1/bans',
      ...inWorkspace,
      body: { scope: 'network', target: '198.51.100.0/24', reason: 'spam' },
      scope: 'bans:write',
    },
    { method: 'DELETE', path: '/api/v1/bans/{id}', ...inWorkspace, scope: 'bans:write' },
    {
      method: 'PUT',
      path: '/api/v1/contacts/{id}/ban',
      ...inWorkspace,
      body: { kind: 'ban', reason: 'spam', expiresAt: null },
      scope: 'bans:write',
    },
    { method: 'DELETE', path: '/api/v1/contacts/{id}/ban', ...inWorkspace, scope: 'bans:write' },
    { method: 'GET', path: '/api/v1/conversations', ...inWorkspace, scope: 'conversations:read' },
    {
      method: 'POST',
      path: '/api/v1/conversations',
      ...inWorkspace,
      body: { channel, text: 'Hi', contact: { name: 'Vic', email: 'vic@example.com' } },
      scope: 'conversations:write',
      idempotent: true,
    },
    { method: 'GET', path: '/api/v1/senders', ...inWorkspace, scope: 'senders:read' },
    {
      method: 'POST',
      path: '/api/v1/senders',
      ...inWorkspace,
      scope: 'senders:write',
      body: { address: 'help@shop.example' },
    },
    { method: 'POST', path: '/api/v1/senders/{id}/codes', ...inWorkspace, scope: 'senders:write' },
    {
      method: 'POST',
      path: '/api/v1/senders/{id}/verification',
      ...inWorkspace,
      scope: 'senders:write',
      body: { code: '123456' },
    },
    { method: 'DELETE', path: '/api/v1/senders/{id}', ...inWorkspace, scope: 'senders:write' },
    { method: 'GET', path: '/api/v1/smtp', ...inWorkspace },
    {
      method: 'PUT',
      path: '/api/v1/smtp',
      ...inWorkspace,
      body: { host: 'smtp.shop.example', port: 465, security: 'tls', user: 'foyer', password: 'secret' },
    },
    { method: 'DELETE', path: '/api/v1/smtp', ...inWorkspace },
    { method: 'POST', path: '/api/v1/smtp/tests', ...inWorkspace },
    { method: 'GET', path: '/api/v1/keys', ...inWorkspace },
    { method: 'GET', path: '/api/v1/programs', ...inWorkspace, scope: 'members:read' },
    { method: 'POST', path: '/api/v1/keys', ...inWorkspace, body: { name: 'Robot', scopes: ['members:read'] } },
    { method: 'DELETE', path: '/api/v1/keys/{id}', ...inWorkspace },
    { method: 'GET', path: '/api/v1/audit-log', ...inWorkspace },
    { method: 'POST', path: '/api/v1/index-rebuilds', ...inWorkspace, body: { after: null }, partial: true },
    { method: 'GET', path: '/api/v1/groups', ...inWorkspace },
    {
      method: 'POST',
      path: '/api/v1/groups',
      ...inWorkspace,
      body: { name: 'Leads', rights: ['ban'], members: [] },
    },
    { method: 'PATCH', path: '/api/v1/groups/{id}', ...inWorkspace, body: { name: 'Team leads' }, partial: true },
    { method: 'DELETE', path: '/api/v1/groups/{id}', ...inWorkspace },
  ]
}

function ofConversations({ member = 'm_none' }: Names): Operation[] {
  const one = '/api/v1/conversations/{id}'
  return [
    { method: 'GET', path: one, by: 'agent', scope: 'conversations:read' },
    { method: 'PATCH', path: one, by: 'agent', body: { status: 'closed' }, scope: 'conversations:write' },
    { method: 'DELETE', path: one, by: 'agent', scope: 'conversations:delete' },
    { method: 'POST', path: `${one}/restoration`, by: 'agent', scope: 'conversations:delete' },
    { method: 'GET', path: `${one}/entries`, by: 'agent', scope: 'conversations:read' },
    {
      method: 'POST',
      path: `${one}/messages`,
      by: 'agent',
      body: { clientId: 'op:1', text: 'Hi' },
      scope: 'messages:write',
      idempotent: true,
    },
    {
      method: 'PATCH',
      path: `${one}/messages/{n}`,
      by: 'agent',
      body: { clientId: 'op:4', text: 'Ho' },
      scope: 'messages:write',
    },
    { method: 'DELETE', path: `${one}/messages/{n}`, by: 'agent', scope: 'messages:write' },
    {
      method: 'POST',
      path: `${one}/notes`,
      by: 'agent',
      body: { clientId: 'op:2', text: 'Hm' },
      scope: 'notes:write',
      idempotent: true,
    },
    { method: 'POST', path: `${one}/rating-requests`, by: 'agent', scope: 'ratings:write', idempotent: true },
    { method: 'GET', path: `${one}/ratings`, by: 'agent', scope: 'ratings:read' },
    { method: 'PUT', path: `${one}/score`, by: 'agent', body: { score: 4 }, scope: 'ratings:write' },
    { method: 'POST', path: `${one}/collaborators`, by: 'agent', body: { member }, scope: 'conversations:write' },
    { method: 'DELETE', path: `${one}/collaborators/{member}`, by: 'agent', scope: 'conversations:write' },
    {
      method: 'POST',
      path: `${one}/transcripts`,
      by: 'agent',
      body: { to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' },
      scope: 'transcripts:write',
      idempotent: true,
    },
    { method: 'GET', path: `${one}/transcripts`, by: 'agent', scope: 'transcripts:write' },
    { method: 'POST', path: `${one}/transcripts/{n}/retries`, by: 'agent', scope: 'transcripts:write' },
    { method: 'GET', path: `${one}/transcript.html`, by: 'agent', scope: 'conversations:read' },
    { method: 'GET', path: `${one}/transcript.txt`, by: 'agent', scope: 'conversations:read' },
    { method: 'GET', path: '/api/v1/transcripts/{token}', by: 'anyone', withoutD1: true },
  ]
}

function ofVisitors({ channel = 'ch_none', conversation = 'x' }: Names): Operation[] {
  const source = { page: null, title: null, referrer: null }
  return [
    { method: 'POST', path: '/widget/v1/sessions', by: 'anyone', body: { channel } },
    { method: 'GET', path: '/widget/v1/conversations', by: 'visitor' },
    {
      method: 'POST',
      path: '/widget/v1/conversations',
      by: 'visitor',
      body: { channel, clientId: 'op:3', text: 'Hi', source },
      // For a minute after the channel was read.
      withoutD1: true,
    },
    { method: 'PUT', path: '/widget/v1/contact', by: 'visitor', body: { email: 'vic@example.com' } },
    { method: 'POST', path: '/widget/v1/badge-tokens', by: 'visitor', body: { conversation }, withoutD1: true },
    { method: 'GET', path: '/widget/v1/conversations/{id}/transcript.html', by: 'visitor' },
    { method: 'GET', path: '/widget/v1/conversations/{id}/transcript.txt', by: 'visitor' },
    { method: 'POST', path: '/widget/v1/badge', by: 'anyone', text: 'no badge token', withoutD1: true },
  ]
}

/** A documented path with something in the place of its parameters. */
export function filled(path: string, id: string): string {
  return path.replace('{id}', id).replace('{n}', '2').replace('{member}', 'm_none').replace('{token}', 'v1.a.b')
}

/** Sockets are not operations of the document; they stand here so that no route is left out. */
export const SOCKETS = [
  '/api/v1/inbox/socket',
  '/api/v1/conversations/{id}/socket',
  '/widget/v1/conversations/{id}/socket',
] as const

export const PAGES = [
  '/',
  '/dashboard',
  '/demo',
  '/demo/channel.json',
  '/widget/frame',
  '/widget.js',
  '/healthz',
] as const

/**
 * What every member may ask for, agents without any right included. Who may is said of each operation, here or in the
 * matrix of test/workers/rights.test.ts: one that was forgotten fails there.
 */
export const EVERY_MEMBER = new Set([
  'GET /api/v1/members',
  'GET /api/v1/programs',
  'PATCH /api/v1/me',
  'GET /api/v1/channels',
  'PATCH /api/v1/contacts/{id}',
  'GET /api/v1/conversations',
  'POST /api/v1/conversations',
  'GET /api/v1/conversations/{id}',
  'PATCH /api/v1/conversations/{id}',
  'GET /api/v1/conversations/{id}/entries',
  'POST /api/v1/conversations/{id}/messages',
  'PATCH /api/v1/conversations/{id}/messages/{n}',
  'DELETE /api/v1/conversations/{id}/messages/{n}',
  'POST /api/v1/conversations/{id}/notes',
  'POST /api/v1/conversations/{id}/rating-requests',
  'GET /api/v1/conversations/{id}/ratings',
  'PUT /api/v1/conversations/{id}/score',
  'POST /api/v1/conversations/{id}/collaborators',
  'DELETE /api/v1/conversations/{id}/collaborators/{member}',
  'GET /api/v1/senders',
  'POST /api/v1/conversations/{id}/transcripts',
  'GET /api/v1/conversations/{id}/transcripts',
  'POST /api/v1/conversations/{id}/transcripts/{n}/retries',
  'GET /api/v1/conversations/{id}/transcript.html',
  'GET /api/v1/conversations/{id}/transcript.txt',
])

export const nameOf = (operation: Operation) => `${operation.method} ${operation.path}`
