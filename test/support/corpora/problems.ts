/** What every "no" of the HTTP surface has in common, looked at from outside. */
import { expect } from 'vitest'
import { Problem } from '../../../core/api/problem.ts'
import type { Answer } from '../play.ts'

/** Words that only the inside of the house uses: a stack, a statement, a library, a file. */
const INSIDE =
  /\bat [\w.<>]+ \(|\.ts:\d|\bselect\b.+\bfrom\b|\binsert into\b|sqlite|D1_ERROR|drizzle|better-auth|node_modules|zod|undefined|\[object/i

/** An answer that says no as RFC 9457 wants it, with the given status and code. */
export function expectProblem(answer: Answer, status: number, code?: string | RegExp): Problem {
  const where = JSON.stringify(answer.body)
  expect([answer.status, where]).toEqual([status, where])
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const body = Problem.parse(answer.body)
  expect(body.status).toBe(status)
  expect(body.code).toMatch(/^[a-z][a-z_]+$/)
  if (code !== undefined) expect(body.code).toMatch(code instanceof RegExp ? code : new RegExp(`^${code}$`))
  expect(body.type).toBe(`urn:foyer:problem:${body.code}`)
  expect(body.detail).toMatch(/^[A-Z].*\.$/)
  expect(body.requestId).toBe(answer.headers.get('foyer-request-id'))
  expect(body.requestId).not.toBe('')
  expect(JSON.stringify({ ...body, errors: undefined })).not.toMatch(INSIDE)
  if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  expectSecurityHeaders(answer)
  return body
}

/** What stands on every answer, good or bad. */
export function expectSecurityHeaders(answer: Answer): void {
  const { headers } = answer
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/)
  expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe/)
  expect(headers.get('foyer-request-id')).toMatch(/^.{8,}$/)
  expect(headers.get('access-control-allow-origin')).toBe(null)
  expect(headers.get('cache-control')).toMatch(/no-store|no-cache/)
}
