/** Every operation of the HTTP API with a body that is right, for the tests that then make one thing wrong. */
import { env } from 'cloudflare:workers'

export interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As documented: `/api/v1/conversations/{id}`. */
  path: string
  /** A body that fits the schema; absent where the operation has none. */
  body?: Record<string, unknown>
  /** Who may ask: anybody, somebody signed in, or a visitor with a token. */
  by: 'anyone' | 'agent' | 'visitor'
  /** Needs the header `Foyer-Workspace`. */
  inWorkspace?: true
}

const TOKEN = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const PASSWORD = 'correct horse battery'

export function operations(channel = 'ch_none'): Operation[] {
  const source = { page: null, title: null, referrer: null }
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
    { method: 'GET', path: '/api/v1/members', by: 'agent', inWorkspace: true },
    { method: 'POST', path: '/api/v1/members/{id}/password-resets', by: 'agent', inWorkspace: true },
    { method: 'GET', path: '/api/v1/invitations', by: 'agent', inWorkspace: true },
    {
      method: 'POST',
      path: '/api/v1/invitations',
      by: 'agent',
      inWorkspace: true,
      body: { email: 'ben@example.com', role: 'agent' },
    },
    { method: 'DELETE', path: '/api/v1/invitations/{id}', by: 'agent', inWorkspace: true },
    { method: 'POST', path: '/api/v1/invitations/preview', by: 'anyone', body: { token: TOKEN } },
    {
      method: 'POST',
      path: '/api/v1/invitations/accept',
      by: 'anyone',
      body: { token: TOKEN, name: 'Ben', password: PASSWORD },
    },
    { method: 'POST', path: '/api/v1/password-resets', by: 'anyone', body: { token: TOKEN, password: PASSWORD } },
    { method: 'GET', path: '/api/v1/channels', by: 'agent', inWorkspace: true },
    { method: 'GET', path: '/api/v1/conversations', by: 'agent', inWorkspace: true },
    { method: 'GET', path: '/api/v1/conversations/{id}', by: 'agent' },
    { method: 'PATCH', path: '/api/v1/conversations/{id}', by: 'agent', body: { status: 'closed' } },
    { method: 'GET', path: '/api/v1/conversations/{id}/entries', by: 'agent' },
    {
      method: 'POST',
      path: '/api/v1/conversations/{id}/messages',
      by: 'agent',
      body: { clientId: 'op:1', text: 'Hi' },
    },
    { method: 'POST', path: '/api/v1/conversations/{id}/notes', by: 'agent', body: { clientId: 'op:2', text: 'Hm' } },
    { method: 'POST', path: '/widget/v1/sessions', by: 'anyone', body: { channel } },
    {
      method: 'POST',
      path: '/widget/v1/conversations',
      by: 'visitor',
      body: { channel, clientId: 'op:3', text: 'Hi', source },
    },
  ]
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

export const nameOf = (operation: Operation) => `${operation.method} ${operation.path}`
