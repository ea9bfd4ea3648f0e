/** What holds for every request: headers of answers, own origin for changes, JSON only, bodies of a bounded size. */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../context.ts'
import { problem } from '../problem.ts'

/** Bytes of a request body, counted while it streams in. */
const BODY_MAX = 64 * 1024

/** What every answer says to browsers; a route may bring a policy of its own, and say how it may be cached. */
export const securityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  const { headers, status } = c.res
  if (status === 101) return
  // Set on the answer itself: the framework would make a new answer for each.
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'strict-origin-when-cross-origin')
  headers.set('strict-transport-security', 'max-age=31536000')
  if (!headers.has('content-security-policy'))
    headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
})

/** Exactly our own origin: what the browser says of the page that sends this. */
export function isOwnOrigin(env: Env, origin: string | undefined): boolean {
  return origin === new URL(env.BASE_URL).origin
}

/** Only by our own name: a website may point a name of its own at this machine. @throws Problem `not_found` */
export const ownName = createMiddleware<AppEnv>(async (c, next) => {
  if (new URL(c.req.url).host !== new URL(c.env.BASE_URL).host) throw problem('not_found')
  await next()
})

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Asked by the loader on any website, with a token as plain text: that is the right, and a number is all it gives. */
const ANYWHERE = '/widget/v1/badge'

function isChange({ req }: Context<AppEnv>): boolean {
  return !SAFE.has(req.method) && req.path !== ANYWHERE
}

/** Changes come from our own pages, or from programs that carry no cookie and so nobody's session. */
export const ownOrigin = createMiddleware<AppEnv>(async (c, next) => {
  if (isChange(c)) {
    const origin = c.req.header('origin')
    if (origin === undefined && c.req.header('cookie') !== undefined)
      throw problem(
        'wrong_origin',
        {},
        'What a session changes comes with the header Origin, which is our own address.',
      )
    if (origin !== undefined && !isOwnOrigin(c.env, origin)) throw problem('wrong_origin')
  }
  await next()
})

/** A form of another website can send no JSON. @throws Problem `unsupported_media_type` */
export const jsonOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (isChange(c) && hasBody(c.req.raw)) {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json') throw problem('unsupported_media_type')
  }
  await next()
})

/** A request may carry an empty stream: proxies give one to a DELETE that has no body. */
function hasBody(request: Request): boolean {
  const length = request.headers.get('content-length')
  return length === null
    ? request.headers.has('transfer-encoding') || request.headers.has('content-type')
    : length !== '0'
}

/** @throws Problem `too_large` */
export const limitedBody = bodyLimit({
  maxSize: BODY_MAX,
  onError: () => {
    throw problem('too_large')
  },
})

/** PR2: all of a body is here before anybody asks who sends it: rights that are read first could be outlived by it. */
export const wholeBody = createMiddleware<AppEnv>(async (c, next) => {
  // Kept by the framework for whoever reads it.
  if (isChange(c) && hasBody(c.req.raw)) await c.req.arrayBuffer()
  await next()
})
