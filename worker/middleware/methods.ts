/** A path that exists, asked with a method it does not know, says so and names those it does. */
import type { Hono } from 'hono'
import type { AppEnv } from '../context.ts'
import { type Problem, problem } from '../problem.ts'

/** What to answer where no route matched. */
export function nothingHere(app: Hono<AppEnv>, path: string, method: string): Problem {
  const allowed = new Set(
    app.routes.filter((route) => route.method !== 'ALL' && fits(route.path, path)).map((route) => route.method),
  )
  if (allowed.size === 0 || allowed.has(method)) return problem('not_found')
  return problem('method_not_allowed', { headers: { allow: [...allowed].join(', ') } })
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const fitting = wanted.every(
    (part, i) => part === '*' || (part.startsWith(':') ? Boolean(given[i]) : part === given[i]),
  )
  return fitting && (wanted.at(-1) === '*' ? given.length >= wanted.length : given.length === wanted.length)
}
