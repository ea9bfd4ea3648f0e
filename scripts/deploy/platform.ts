/**
 * Cloudflare's API as far as a deploy needs it: one call, its answer parsed, a refusal as an error of its own. Wrangler
 * is asked for what is more than a call: migrations and the upload.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Sentence } from '../local/paths.mjs'

/** Wrangler reads the same variable, so that both talk to the same place, a test's own too. */
const baseUrl = () => process.env['CLOUDFLARE_API_BASE_URL'] ?? 'https://api.cloudflare.com/client/v4'

const PATIENCE_MS = 30_000
/** How often a question is put that met an outage. What changes something is asked for once. */
const ATTEMPTS = 3
const BETWEEN_ATTEMPTS_MS = 1_000

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
})

/** Cloudflare said no. */
export class Refusal extends Error {
  readonly status: number
  readonly codes: readonly number[]

  constructor(status: number, errors: ReadonlyArray<{ code: number; message: string }>) {
    super(errors.map(({ code, message }) => `${message} (code ${code})`).join('; ') || `status ${status}`)
    this.status = status
    this.codes = errors.map(({ code }) => code)
  }
}

/** How requests are signed: never printed, never an argument of a process. */
export type Credentials = Readonly<Record<string, string>>

export type Platform = ReturnType<typeof platform>

/** The API, signed in. Every call throws a Refusal where Cloudflare says no. */
export function platform(credentials: Credentials) {
  async function once(method: string, path: string, body: unknown): Promise<unknown> {
    const answer = await fetch(`${baseUrl()}${path}`, {
      method,
      headers: { ...credentials, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch((error: unknown) => {
      throw new Sentence(
        `Cloudflare cannot be reached from here: ${causeOf(error)}. Run this again: it goes on where it was.`,
      )
    })
    const envelope = Envelope.safeParse(await answer.json().catch(() => null))
    if (!envelope.success) throw new Refusal(answer.status, [])
    if (!answer.ok || !envelope.data.success) throw new Refusal(answer.status, envelope.data.errors)
    return envelope.data.result
  }

  return {
    async read<T>(shape: z.ZodType<T>, path: string): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return shape.parse(await once('GET', path, undefined))
        } catch (error) {
          const passing = error instanceof Refusal && (error.status === 429 || error.status >= 500)
          if (!passing || attempt === ATTEMPTS) throw error
          await pause(attempt * BETWEEN_ATTEMPTS_MS)
        }
      }
    },
    /** What is not there is null. */
    async find<T>(shape: z.ZodType<T>, path: string): Promise<T | null> {
      try {
        return await this.read(shape, path)
      } catch (error) {
        if (error instanceof Refusal && error.status === 404) return null
        throw error
      }
    },
    async change<T>(shape: z.ZodType<T>, method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
      return shape.parse(await once(method, path, body))
    },
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
