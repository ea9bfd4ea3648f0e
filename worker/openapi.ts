/** What the routes of the API have in common: JSON in, JSON or a problem out. */
import { type Hook, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Env as HonoEnv } from 'hono'
import type { ZodType } from 'zod'
import { Problem as ProblemSchema } from '../core/api/problem.ts'
import type { Scope } from '../core/scopes.ts'
import type { AppEnv } from './context.ts'
import { type Cursor, decodeCursor } from './db/keyset.ts'
import { invalid, problem } from './problem.ts'

/** Input that does not fit its schema is answered with every fault and where it is. */
const unfit: Hook<unknown, AppEnv & HonoEnv, string, unknown> = (result) => {
  if (result.success) return
  const errors = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw problem('invalid_request', { errors })
}

/** A group of routes. */
export function routes() {
  return new OpenAPIHono<AppEnv>({ defaultHook: unfit })
}

/** Where a page is to begin; null for the first. @throws Problem `invalid_request` for what is no cursor of ours */
export function cursorIn(query: { cursor?: string | undefined }): Cursor | null {
  if (query.cursor === undefined) return null
  const cursor = decodeCursor(query.cursor)
  if (!cursor) throw invalid('cursor', 'is no cursor of ours')
  return cursor
}

/** A body of JSON. */
export function json<T extends ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

/** An answer of JSON, with what it is. */
export function answer<T extends ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } } as const
}

/** The problems that every operation may answer, beside its own. */
export const problems = {
  default: {
    description: 'What went wrong',
    headers: {
      'Retry-After': { description: 'Whole seconds, where there is a `retryAt`.', schema: { type: 'integer' } },
    },
    content: { 'application/problem+json': { schema: ProblemSchema } },
  },
} as const

/** The path of one thing, `/…/{id}`, and of one of those that are numbered in it, `/…/{id}/…/{n}`. */
export const byId = z.strictObject({ id: z.string() })
export const byNumber = byId.extend({ n: z.coerce.number().int().min(1) })

/** The headers of agents' operations that concern a workspace as a whole. */
export const inWorkspace = z.object({
  'foyer-workspace': z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'The workspace that is meant; required of members, of keys never.' }),
})
/** AP2: a request that may be sent again, because nobody knows whether it arrived. */
export const idempotent = z.object({
  'idempotency-key': z.string().min(1).max(255).optional().meta({
    description: 'Names the request: sent again within 24 hours it does nothing, and is answered by what it did.',
  }),
})

/** Who an operation is for: people who are signed in. */
/** Said, because what is left out may mean anything to who reads the document. */
export const BY_ANYONE: never[] = []
export const BY_SESSION = [{ session: [] }]
/** A member, or a program whose key has the scope. */
export const bySessionOrKey = (scope: Scope) => [{ session: [] }, { key: [scope] }]
/** A visitor, by their token. */
export const BY_VISITOR = [{ visitor: [] }]
