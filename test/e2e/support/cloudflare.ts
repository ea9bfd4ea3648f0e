/**
 * A stand-in for Cloudflare's API: an account with databases (real SQLite, so that migrations really run), queues,
 * buckets, Workers and domains, spoken to by our deploy and by the real wrangler alike. It answers as far as they ask;
 * what it does not know is a 404 and is kept in `unknown`.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { basename } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

export const ACCOUNT = '0123456789abcdef0123456789abcdef'
export const TOKEN = 'canary-api-token-5be1'

interface Binding {
  name: string
  type: string
  text?: string
  class_name?: string
}

interface Worker {
  bindings: Map<string, Binding>
  migrationTag: string | null
  /** How the versions call themselves, oldest first. */
  versions: string[]
  workersDev: boolean
  crons: string[]
}

interface ApiError {
  status: number
  code: number
  message: string
}

type Answer = { result: unknown; status?: number } | ApiError

interface Call {
  method: string
  /** Below the account, or from the root for what is outside of it. */
  path: string
  query: URLSearchParams
  body: unknown
}

const Metadata = z.looseObject({
  bindings: z.array(
    z.object({ name: z.string(), type: z.string(), text: z.string().optional(), class_name: z.string().optional() }),
  ),
  keep_bindings: z.array(z.string()).default([]),
  migrations: z.object({ new_tag: z.string() }).optional(),
  annotations: z.record(z.string(), z.string()).default({}),
})

const refusal = (status: number, code: number, message: string): ApiError => ({ status, code, message })
const NOT_FOUND = refusal(404, 10007, 'not found')

export class Cloudflare {
  readonly accounts = [{ id: ACCOUNT, name: 'Acme' }]
  readonly databases = new Map<string, { id: string; db: DatabaseSync; hint: string | null }>()
  readonly queues = new Set<string>()
  readonly buckets = new Set<string>()
  readonly workers = new Map<string, Worker>()
  /** Host names and the Workers they lead to. */
  readonly domains = new Map<string, string>()
  readonly zones = new Set<string>()
  /** Host names with a DNS record of another kind. */
  readonly records = new Set<string>()
  subdomain: string | null = 'acme-test'
  /** What changed something, in order. */
  changes: string[] = []
  readonly unknown: string[] = []
  /** Refuses the next calls that it fits, as often as the number says. */
  refusals: Array<{ call: RegExp; error: ApiError; times: number }> = []
  #assets = new Set<string>()
  #server = createServer((request, response) => {
    void this.#serve(request).then((answer) => {
      const body =
        'result' in answer
          ? { success: true, errors: [], messages: [], result: answer.result }
          : { success: false, errors: [{ code: answer.code, message: answer.message }], messages: [], result: null }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no address')
    return `http://127.0.0.1:${address.port}/client/v4`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** A database of that name, without any of our doing. */
  create(name: string, hint: string | null = null): string {
    const id = `00000000-0000-4000-8000-${String(this.databases.size + 1).padStart(12, '0')}`
    this.databases.set(name, { id, db: new DatabaseSync(':memory:'), hint })
    return id
  }

  /** As if an earlier deploy had applied the migration. */
  migrate(database: string, file: string): void {
    if (!this.databases.has(database)) this.create(database)
    const db = this.databases.get(database)?.db
    db?.exec(readFileSync(file, 'utf8'))
    db?.exec(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)',
    )
    db?.prepare('INSERT INTO d1_migrations (name) VALUES (?)').run(basename(file))
  }

  /** A Worker that is there already, with these secrets and one class of objects. */
  found(name: string, secrets: Record<string, string>, className = 'Conversation'): void {
    const bindings = new Map<string, Binding>([
      ['OBJECTS', { name: 'OBJECTS', type: 'durable_object_namespace', class_name: className }],
      ...Object.entries(secrets).map(
        ([secret, text]) => [secret, { name: secret, type: 'secret_text', text }] as const,
      ),
    ])
    this.workers.set(name, { bindings, migrationTag: 'v1', versions: [], workersDev: true, crons: [] })
  }

  async #serve(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const path = url.pathname.replace('/client/v4', '').replace(`/accounts/${ACCOUNT}`, '') || '/'
    const call = { method: request.method ?? 'GET', path, query: url.searchParams, body: await bodyOf(request) }
    const named = `${call.method} ${path}`
    const signedIn = request.headers.authorization
    if (signedIn !== `Bearer ${TOKEN}` && !path.startsWith('/workers/assets/upload')) {
      return refusal(403, 10000, 'Authentication error')
    }
    const refused = this.refusals.find((one) => one.times > 0 && one.call.test(named))
    if (refused) {
      refused.times -= 1
      return refused.error
    }
    const answer = this.#answer(call)
    if (!answer) this.unknown.push(named)
    return answer ?? NOT_FOUND
  }

  #answer(call: Call): Answer | null {
    const { method, path } = call
    if (path === '/accounts') return { result: this.accounts }
    if (path === '/zones')
      return { result: [...this.zones].filter((name) => name === call.query.get('name')).map((name) => ({ name })) }
    // Wrangler looks its token up when a call was refused, to say which rights it lacks.
    if (path.startsWith('/user') || path === '/memberships')
      return refusal(403, 9109, 'Unauthorized to access requested resource')
    if (path === '/workers/subdomain') {
      return this.subdomain === null ? NOT_FOUND : { result: { subdomain: this.subdomain } }
    }
    if (path.startsWith('/d1/database')) return this.#d1(call)
    if (path.startsWith('/queues')) return this.#queue(call)
    if (path.startsWith('/r2/buckets')) return this.#bucket(call)
    if (path === '/workers/domains') {
      return { result: [...this.domains].map(([hostname, service]) => ({ hostname, service })) }
    }
    if (method === 'POST' && path === '/workers/assets/upload') return { result: { jwt: 'complete' }, status: 201 }
    const [, name = '', rest = ''] = /^\/workers\/(?:scripts|services)\/([^/]+)(.*)$/.exec(path) ?? []
    if (name === '') return null
    if (path.startsWith('/workers/services')) return this.#service(name, rest)
    return this.#script(name, rest, call)
  }

  #d1({ method, path, body }: Call): Answer | null {
    if (path === '/d1/database' && method === 'POST') {
      const { name, primary_location_hint: hint = null } = z
        .object({ name: z.string(), primary_location_hint: z.string().optional() })
        .parse(body)
      if (this.databases.has(name)) return refusal(400, 7502, 'A database with that name already exists')
      const id = this.create(name, hint)
      this.changes.push(`create database ${name}`)
      return { result: { uuid: id, name } }
    }
    if (path === '/d1/database')
      return { result: [...this.databases].map(([name, { id }]) => ({ name, uuid: id, version: 'production' })) }
    const [, id, verb] = /^\/d1\/database\/([^/]+)\/?(.*)$/.exec(path) ?? []
    const [name, known] = [...this.databases].find(([, one]) => one.id === id) ?? []
    if (!known || name === undefined) return refusal(404, 7404, 'The database could not be found')
    if (verb === '') return { result: { name, uuid: id, version: 'production' } }
    if (verb === 'time_travel/bookmark') return { result: { bookmark: '00000001-00000002-00004e2f-0a83' } }
    if (verb === 'query') return this.#query(name, known.db, z.object({ sql: z.string() }).parse(body).sql)
    return null
  }

  /** As D1 does: all statements of a request, or none of them. */
  #query(name: string, db: DatabaseSync, sql: string): Answer {
    try {
      if (/^\s*(SELECT|PRAGMA)/i.test(sql))
        return { result: [{ results: db.prepare(sql).all(), success: true, meta: {} }] }
      db.exec('BEGIN')
      db.exec(sql)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      return refusal(400, 7500, String(error))
    }
    const migration = /INSERT INTO "?d1_migrations"?[^']*'([^']+)'/i.exec(sql)?.[1]
    if (migration !== undefined) this.changes.push(`migrate ${name} ${migration}`)
    return { result: [{ results: [], success: true, meta: { duration: 1 } }] }
  }

  #queue({ method, path, body }: Call): Answer | null {
    const result = () => [...this.queues].map((name) => ({ queue_name: name, queue_id: `q-${name}`, consumers: [] }))
    if (path === '/queues' && method === 'GET') return { result: result() }
    if (path === '/queues' && method === 'POST') {
      const { queue_name: name } = z.object({ queue_name: z.string() }).parse(body)
      this.queues.add(name)
      this.changes.push(`create queue ${name}`)
      return { result: { queue_name: name } }
    }
    if (/^\/queues\/[^/]+\/consumers/.test(path)) return { result: method === 'GET' ? [] : {} }
    return null
  }

  #bucket({ method, path, body }: Call): Answer | null {
    if (path === '/r2/buckets' && method === 'POST') {
      const { name } = z.object({ name: z.string() }).parse(body)
      this.buckets.add(name)
      this.changes.push(`create bucket ${name}`)
      return { result: { name } }
    }
    const name = path.slice('/r2/buckets/'.length)
    return this.buckets.has(name) ? { result: { name } } : refusal(404, 10006, 'The specified bucket does not exist.')
  }

  #service(name: string, rest: string): Answer | null {
    const worker = this.workers.get(name)
    if (!worker) return refusal(404, 10090, 'workers.api.error.service_not_found')
    if (rest !== '') return null
    const script = {
      tag: `tag-${name}`,
      tags: [],
      migration_tag: worker.migrationTag ?? undefined,
      last_deployed_from: 'wrangler',
    }
    return { result: { default_environment: { environment: 'production', script } } }
  }

  #script(name: string, rest: string, { method, body }: Call): Answer | null {
    const worker = this.workers.get(name)
    if (rest === '/assets-upload-session') return { result: this.#assetSession(body) }
    if (rest === '' && method === 'PUT') return this.#upload(name, body)
    if (!worker) return NOT_FOUND
    if (rest === '/versions' && method === 'POST') return this.#upload(name, body)
    if (rest === '/deployments') return { result: method === 'GET' ? { deployments: [] } : { id: 'd-1' } }
    if (rest === '/settings')
      return {
        result: {
          bindings: [...worker.bindings.values()].map(({ text, ...binding }) =>
            binding.type === 'secret_text' ? binding : { ...binding, ...(text !== undefined && { text }) },
          ),
        },
      }
    if (rest === '/script-settings') return { result: {} }
    if (rest === '/secrets')
      return {
        result: [...worker.bindings.values()]
          .filter(({ type }) => type === 'secret_text')
          .map((one) => ({ name: one.name, type: one.type })),
      }
    if (rest === '/subdomain') {
      if (method === 'POST') worker.workersDev = z.looseObject({ enabled: z.boolean() }).parse(body).enabled
      return { result: { enabled: worker.workersDev, previews_enabled: false } }
    }
    if (rest === '/schedules') {
      worker.crons = z
        .array(z.object({ cron: z.string() }))
        .parse(body)
        .map(({ cron }) => cron)
      return { result: {} }
    }
    if (rest === '/domains/records') return this.#attach(name, body)
    return null
  }

  #assetSession(body: unknown): { jwt: string; buckets: string[][] } {
    const { manifest } = z.object({ manifest: z.record(z.string(), z.looseObject({ hash: z.string() })) }).parse(body)
    const wanted = Object.values(manifest).map(({ hash }) => hash)
    const missing = [...new Set(wanted)].filter((hash) => !this.#assets.has(hash))
    for (const hash of missing) this.#assets.add(hash)
    return { jwt: missing.length === 0 ? 'complete' : 'session', buckets: missing.length === 0 ? [] : [missing] }
  }

  #upload(name: string, body: unknown): Answer {
    const before = this.workers.get(name)
    const metadata = Metadata.parse(body)
    const bindings = new Map<string, Binding>()
    for (const { name: binding, type, text, class_name } of metadata.bindings) {
      const inherited = before?.bindings.get(binding)
      if (type === 'inherit' && !inherited) return refusal(400, 10057, `inherit binding '${binding}' is invalid`)
      bindings.set(
        binding,
        inherited && type === 'inherit'
          ? inherited
          : {
              name: binding,
              type,
              ...(text !== undefined && { text }),
              ...(class_name !== undefined && { class_name }),
            },
      )
    }
    for (const [binding, kept] of before?.bindings ?? []) {
      if (metadata.keep_bindings.includes(kept.type) && !bindings.has(binding)) bindings.set(binding, kept)
    }
    const message = metadata.annotations['workers/message'] ?? ''
    this.workers.set(name, {
      bindings,
      migrationTag: metadata.migrations?.new_tag ?? before?.migrationTag ?? null,
      versions: [...(before?.versions ?? []), message],
      workersDev: before?.workersDev ?? false,
      crons: before?.crons ?? [],
    })
    this.changes.push(`upload ${name}`)
    const id = `10000000-0000-4000-8000-${String(this.changes.length).padStart(12, '0')}`
    return {
      result: { id, deployment_id: id.replaceAll('-', ''), startup_time_ms: 12, resources: { script: { etag: 'e' } } },
    }
  }

  #attach(worker: string, body: unknown): Answer {
    const { origins, override_existing_dns_record: override } = z
      .looseObject({ origins: z.array(z.object({ hostname: z.string() })), override_existing_dns_record: z.boolean() })
      .parse(body)
    for (const { hostname } of origins) {
      if (this.records.has(hostname) && !override)
        return refusal(409, 100117, 'Hostname already has externally managed DNS records')
    }
    for (const [hostname, service] of this.domains) if (service === worker) this.domains.delete(hostname)
    for (const { hostname } of origins) this.domains.set(hostname, worker)
    this.changes.push(`attach ${origins.map(({ hostname }) => hostname).join()}`)
    return { result: {} }
  }
}

/** A body as what it says; of an upload, its description alone. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (chunks.length === 0) return null
  const type = request.headers['content-type'] ?? ''
  const bytes = Buffer.concat(chunks)
  if (!type.startsWith('multipart/')) return type.includes('json') ? JSON.parse(bytes.toString()) : null
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const metadata = form.get('metadata')
  return typeof metadata === 'string' ? JSON.parse(metadata) : null
}
