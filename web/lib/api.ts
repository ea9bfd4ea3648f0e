import type { Problem } from '../../core/api/problem.ts'

/**
 * An answer that is not the one asked for. `problem.detail` is a sentence for people, `problem.code` is for programs.
 */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiProblem'
    this.problem = problem
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export interface ApiOptions {
  /** Sent as JSON. */
  body?: object
  /** The workspace that a call without a conversation in its path is about. */
  workspace?: string
  /** A visitor's token; agents are known by their cookie. */
  token?: string
  signal?: AbortSignal
}

/**
 * Asks Foyer's HTTP API. `T` is the answer's type from core/api, which the Worker is compiled against.
 * @throws {ApiProblem} for every refusal; with code `offline` where no answer came at all
 */
export async function api<T>(method: Method, path: string, options: ApiOptions = {}): Promise<T> {
  const response = await request(method, path, options)
  if (!response.ok) throw new ApiProblem(await readProblem(response))
  const answer: T =
    response.status === 204 ? undefined : await response.json().catch(() => Promise.reject(unreadable(response)))
  return answer
}

/** For `catch`, where a refusal is told elsewhere or changes nothing: passes it over, and nothing else. */
export function ignoreProblem(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error
}

/** The bare answer, whatever it says. @throws {ApiProblem} with code `offline` where none came */
export async function request(method: Method, path: string, options: ApiOptions): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' })
  if (options.body) headers.set('content-type', 'application/json')
  if (options.workspace) headers.set('foyer-workspace', options.workspace)
  if (options.token) headers.set('authorization', `Bearer ${options.token}`)
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: options.token ? 'omit' : 'same-origin',
      ...(options.body && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiProblem(problemOf(0, 'offline', 'There is no connection right now. Check your network and try again.'))
  }
}

/** What an answer that is no success says. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  return isProblem(body) ? body : unreadable(response).problem
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && typeof body.detail === 'string'
  )
}

/** A proxy, a captive portal or a crash answered in the server's place. */
function unreadable(response: Response): ApiProblem {
  return new ApiProblem(
    problemOf(response.status, 'unreadable', 'The server could not be understood. Try again in a moment.'),
  )
}

function problemOf(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: code, status, code, detail, requestId: '' }
}
