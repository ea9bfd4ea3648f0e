/**
 * The steps of a deploy that change something. Each knows by what was found whether it is done already, so that a run
 * that was broken off is repeated from the start.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { at } from '../local/paths.mjs'
import { attach } from './domain.ts'
import { refusedByWords, step } from './failure.ts'
import type { Found, FoundDatabase } from './look.ts'
import type { Options } from './options.ts'
import type { Plan } from './plan.ts'
import type { Platform } from './platform.ts'
import { withSecretsFile } from './secrets.ts'
import { wrangler } from './wrangler.ts'

export interface Deploy {
  api: Platform
  /** Its id. */
  account: string
  options: Options
  found: Found
  plan: Plan
}

/**
 * Creates what is missing.
 * @returns the ids of all databases by their bindings
 */
export async function create({ api, account, options, found }: Omit<Deploy, 'plan'>): Promise<Map<string, string>> {
  const root = `/accounts/${account}`
  const ids = new Map<string, string>()
  for (const { binding, name, id } of found.databases) {
    const made = async () => step(`to create the database ${name}`, () => createDatabase(api, root, name, options))
    ids.set(binding, id ?? (await made()))
  }
  for (const { name } of found.queues.filter(({ exists }) => !exists)) {
    const body = { queue_name: name }
    await step(`to create the queue ${name}`, () => api.change(z.unknown(), 'POST', `${root}/queues`, body))
  }
  for (const { name } of found.buckets.filter(({ exists }) => !exists)) {
    await step(`to create the bucket ${name}`, () => api.change(z.unknown(), 'POST', `${root}/r2/buckets`, { name }))
  }
  return ids
}

async function createDatabase(api: Platform, root: string, name: string, { region }: Options): Promise<string> {
  const body = { name, ...(region && { primary_location_hint: region }) }
  const { uuid } = await api.change(z.object({ uuid: z.string() }), 'POST', `${root}/d1/database`, body)
  return uuid
}

/** Applies what is new, after saying how to get back to before. */
export async function migrate({ api, account }: Deploy, database: FoundDatabase, configuration: string): Promise<void> {
  if (database.pending.length === 0) return
  console.log(`\nMigrating ${database.name} …`)
  if (database.id !== null) {
    const path = `/accounts/${account}/d1/database/${database.id}/time_travel/bookmark`
    const Bookmark = z.object({ bookmark: z.string() })
    const { bookmark } = await step('to name the present state of the database', () => api.read(Bookmark, path))
    console.log(`  Back to before: npx wrangler d1 time-travel restore ${database.name} --bookmark=${bookmark}`)
  }
  const ran = await wrangler(['d1', 'migrations', 'apply', database.binding, '--remote', '-c', configuration], account)
  if (!ran.ok) throw refusedByWords('a migration, so no code was deployed and the version before runs on', ran.words)
}

/** Makes a domain of one's own lead to the Worker. */
export async function attachDomain({ api, account, options, plan }: Deploy, isAttached: boolean): Promise<void> {
  const { host } = plan
  if (host === null || isAttached) return
  const what = `to let ${host} lead here (a DNS record of that name has to be removed first)`
  await step(what, () => attach(api, account, options.name, host))
}

/** Code, pages and new secrets become the running version at once. */
export async function upload({ account, options, plan }: Deploy, configuration: string): Promise<void> {
  console.log('\nUploading …')
  const args = ['deploy', '-c', configuration, '--message', versionName()]
  const ran =
    Object.keys(plan.secrets).length === 0
      ? await wrangler(args, account)
      : await withSecretsFile(plan.secrets, (file) => wrangler([...args, '--secrets-file', file], account))
  if (ran.ok) return
  // What follows the code can fail by itself: the cron, for one, of an account that has as many as its plan allows.
  const what = ran.words.includes(`Uploaded ${options.name} (`)
    ? 'something that belongs to the Worker. The code itself is deployed and runs'
    : 'the upload, so the version before, if there was one, runs on'
  throw refusedByWords(what, ran.words)
}

/** How the list of versions calls this one. */
function versionName(): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(at('package.json'), 'utf8')))
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: at('.'), encoding: 'utf8' })
  return commit.status === 0 ? `Foyer ${version}, ${commit.stdout.trim()}` : `Foyer ${version}`
}
