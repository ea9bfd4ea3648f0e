/**
 * What is there already. Nothing about an installation is kept on the machine that deploys: everything is found by its
 * name, so that the next deploy may come from anywhere. Reads only.
 */
import { readdirSync } from 'node:fs'
import { z } from 'zod'
import { at } from '../local/paths.mjs'
import { type Description, queuesOf } from './configuration.ts'
import { type Platform, Refusal } from './platform.ts'

/** Cloudflare's code for an account that never chose its workers.dev name. */
const NO_SUBDOMAIN = 10007

/** What an operator sets, in the dashboard or by a deploy. */
const KEPT_VARS = ['MAIL_FROM', 'MAIL_DOMAINS']

/** Where wrangler keeps which migrations a database has had. */
const HISTORY = 'd1_migrations'

const Settings = z.object({
  bindings: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      text: z.string().optional(),
      class_name: z.string().optional(),
    }),
  ),
})
const Named = z.array(z.object({ name: z.string() }))
const Databases = z.array(z.object({ name: z.string(), uuid: z.string() }))
const Queues = z.array(z.object({ queue_name: z.string() }))
const Rows = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())) }))

export interface FoundWorker {
  /** By name; nobody can read what they hold. */
  secrets: string[]
  /** What its BASE_URL says; null where it has none. */
  origin: string | null
  /** Of what can be set for it, by name: a later deploy that does not speak of it leaves it as it is. */
  vars: Record<string, string>
  /** Whether it is a Foyer: something else may bear the name. */
  isFoyer: boolean
}

export interface FoundDatabase {
  binding: string
  name: string
  /** Null while there is none. */
  id: string | null
  /** Files of migrations that it has not had. */
  pending: string[]
  /** How many migrations it has had that this version does not know: a newer one has been here. */
  newer: number
  /** Whether it holds tables that no migration of ours made. */
  isForeign: boolean
  /** Whether an owner has set the installation up. */
  isSetUp: boolean
}

export interface Found {
  worker: FoundWorker | null
  databases: FoundDatabase[]
  queues: Array<{ name: string; exists: boolean }>
  buckets: Array<{ name: string; exists: boolean }>
  /** The account's part of `foyer.acme.workers.dev`; null where it has none yet. */
  subdomain: string | null
}

export async function look(api: Platform, account: string, description: Description): Promise<Found> {
  const root = `/accounts/${account}`
  const [worker, subdomain] = await Promise.all([findWorker(api, root, description.name), findSubdomain(api, root)])
  return {
    worker,
    subdomain,
    databases: await Promise.all(
      description.d1_databases.map((one) =>
        findDatabase(api, root, { binding: one.binding, name: one.database_name, migrations: one.migrations_dir }),
      ),
    ),
    queues: await Promise.all(
      queuesOf(description).map(async (name) => {
        const found = await api.read(Queues, `${root}/queues?name=${encodeURIComponent(name)}`)
        return { name, exists: found.some((queue) => queue.queue_name === name) }
      }),
    ),
    buckets: await Promise.all(
      description.r2_buckets.map(async ({ bucket_name: name }) => ({
        name,
        exists: (await api.find(z.unknown(), `${root}/r2/buckets/${name}`)) !== null,
      })),
    ),
  }
}

/** The Worker of that name, if there is one. */
export async function findWorker(api: Platform, root: string, name: string): Promise<FoundWorker | null> {
  const script = `${root}/workers/scripts/${name}`
  const settings = await api.find(Settings, `${script}/settings`)
  if (!settings) return null
  const secrets = await api.read(Named, `${script}/secrets`)
  return {
    secrets: secrets.map((secret) => secret.name),
    origin: settings.bindings.find((binding) => binding.name === 'BASE_URL')?.text ?? null,
    vars: Object.fromEntries(
      settings.bindings.flatMap(({ name, text }) => (KEPT_VARS.includes(name) && text ? [[name, text]] : [])),
    ),
    isFoyer: settings.bindings.some((binding) => binding.class_name === 'Conversation'),
  }
}

async function findSubdomain(api: Platform, root: string): Promise<string | null> {
  try {
    return (await api.read(z.object({ subdomain: z.string() }), `${root}/workers/subdomain`)).subdomain
  } catch (error) {
    if (error instanceof Refusal && error.codes.includes(NO_SUBDOMAIN)) return null
    throw error
  }
}

async function findDatabase(
  api: Platform,
  root: string,
  wanted: { binding: string; name: string; migrations: string },
): Promise<FoundDatabase> {
  const { binding, name } = wanted
  const files = readdirSync(at(wanted.migrations))
    .filter((file) => file.endsWith('.sql'))
    .sort()
  const id = await databaseOf(api, root, name)
  if (id === null) return { binding, name, id, pending: files, newer: 0, isForeign: false, isSetUp: false }
  const ask = (sql: string) => rowsOf(api, `${root}/d1/database/${id}`, sql)
  const tables = (await ask("SELECT name FROM sqlite_master WHERE type = 'table'"))
    .map((row) => String(row['name']))
    .filter((table) => !/^(sqlite|_cf)_/.test(table))
  const had = tables.includes(HISTORY)
    ? (await ask(`SELECT name FROM ${HISTORY}`)).map((row) => String(row['name']))
    : []
  return {
    binding,
    name,
    id,
    pending: files.filter((file) => !had.includes(file)),
    newer: had.filter((file) => !files.includes(file)).length,
    isForeign:
      !had.some((file) => files.includes(file)) && (had.length > 0 || tables.some((table) => table !== HISTORY)),
    isSetUp: tables.includes('installation') && (await ask('SELECT one FROM installation')).length > 0,
  }
}

/** The id of the database of that name; null where there is none. */
export async function databaseOf(api: Platform, root: string, name: string): Promise<string | null> {
  // The name is searched for, not compared.
  const alike = await api.read(Databases, `${root}/d1/database?name=${encodeURIComponent(name)}`)
  return alike.find((database) => database.name === name)?.uuid ?? null
}

/** One statement to a database, `/accounts/…/d1/database/…`. */
export async function rowsOf(api: Platform, database: string, sql: string): Promise<Array<Record<string, unknown>>> {
  const [answer] = await api.change(Rows, 'POST', `${database}/query`, { sql })
  return answer?.results ?? []
}
