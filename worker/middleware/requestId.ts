/** Every answer names its request: the id in a problem, in `foyer-request-id` and in the log is the same. */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../context.ts'

export const requestId = createMiddleware<AppEnv>(async (c, next) => {
  const id = c.req.header('cf-ray') ?? crypto.randomUUID()
  c.set('requestId', id)
  await next()
  // The headers of a socket's answer are the object's.
  if (c.res.status !== 101) c.res.headers.set('foyer-request-id', id)
})
