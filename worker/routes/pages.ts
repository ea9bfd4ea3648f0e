/**
 * The HTML pages: dashboard, widget frame, demo.
 * Each leaves with its Content-Security-Policy and is never cached blindly.
 */
import { type Context, Hono } from 'hono'
import type { AppEnv } from '../context.ts'
import { findChannel, firstChannel } from '../db/channels.ts'
import { problem } from '../problem.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
]

export const pageRoutes = new Hono<AppEnv>()
  .get('/', (c) => c.redirect('/dashboard/inbox/all'))
  .get('/dashboard', (c) => c.redirect('/dashboard/inbox/all'))
  .get('/dashboard/*', (c) => page(c, '/inbox/index.html', [...POLICY, "frame-src 'self'", "frame-ancestors 'none'"]))
  .get('/demo', (c) => page(c, '/demo/index.html', [...POLICY, "frame-src 'self'", "frame-ancestors 'none'"]))
  .get('/demo/channel.json', async (c) => {
    const channel = await firstChannel(c.env.DB)
    if (!channel) throw problem('not_found')
    return c.json({ channel: channel.id })
  })
  .get('/widget/frame', async (c) => {
    const channel = await findChannel(c.env.DB, c.req.query('channel') ?? '')
    if (!channel) throw problem('not_found')
    // VW5: the browser itself refuses to show the frame on any website that is not listed.
    // Our own pages may (the demo).
    return page(c, '/widget/index.html', [...POLICY, `frame-ancestors 'self' ${channel.origins.join(' ')}`])
  })
  .get('/widget.js', async (c) => {
    const loader = await c.env.ASSETS.fetch(c.req.raw)
    // A copy: the headers of an answer that comes from elsewhere cannot be added to.
    return new Response(loader.body, loader)
  })
  .get('/healthz', (c) => c.json({ ok: true }))

async function page(c: Context<AppEnv>, path: string, policy: readonly string[]): Promise<Response> {
  const shell = await c.env.ASSETS.fetch(new URL(path, c.req.url))
  if (!shell.ok) throw problem('not_found')
  return new Response(shell.body, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-cache',
    },
  })
}
