/**
 * What the platform is told: wrangler.toml, which describes the local installation, with the names, ids and address of
 * this one. There is one description; a binding that is added there is deployed, and what it needs is created.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { at, Sentence } from '../local/paths.mjs'

/** Goes to the platform as it stands, and needs nothing created before. */
const AS_IT_IS = ['ai', 'compatibility_date', 'compatibility_flags', 'durable_objects', 'limits', 'migrations'].concat([
  'define',
  'keep_names',
  'observability',
  'placement',
  'ratelimits',
  'send_email',
  'triggers',
])
/** Is made for this installation, below. */
const MADE_HERE = ['assets', 'd1_databases', 'main', 'name', 'queues', 'r2_buckets', 'vars']

const Queue = z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })
const Description = z.looseObject({
  name: z.string(),
  main: z.string(),
  assets: z.looseObject({ directory: z.string() }),
  vars: z.record(z.string(), z.unknown()).default({}),
  d1_databases: z
    .array(z.looseObject({ binding: z.string(), database_name: z.string(), migrations_dir: z.string() }))
    .default([]),
  queues: z.looseObject({ producers: z.array(Queue).default([]), consumers: z.array(Queue).default([]) }).optional(),
  r2_buckets: z.array(z.looseObject({ binding: z.string(), bucket_name: z.string() })).default([]),
})

/** wrangler.toml, with every resource named after this installation. */
export type Description = z.infer<typeof Description>

/** @param name the installation's: what wrangler.toml calls foyer-mail is support-mail in an installation "support" */
export function describe(name: string, file = at('wrangler.toml')): Description {
  const written = parse(readFileSync(file, 'utf8'))
  const unknown = Object.keys(written).filter((key) => !AS_IT_IS.includes(key) && !MADE_HERE.includes(key))
  if (unknown.length > 0) {
    throw new Sentence(`scripts/deploy does not know how to deploy ${unknown.join(', ')} of wrangler.toml.`)
  }
  const described = Description.parse(written)
  const named = (text: string) => (text.startsWith(described.name) ? name + text.slice(described.name.length) : text)
  const queue = (one: z.infer<typeof Queue>) => ({
    ...one,
    queue: named(one.queue),
    ...(one.dead_letter_queue && { dead_letter_queue: named(one.dead_letter_queue) }),
  })
  return {
    ...described,
    name,
    d1_databases: described.d1_databases.map((one) => ({ ...one, database_name: named(one.database_name) })),
    ...(described.queues && {
      queues: { producers: described.queues.producers.map(queue), consumers: described.queues.consumers.map(queue) },
    }),
    r2_buckets: described.r2_buckets.map((one) => ({ ...one, bucket_name: named(one.bucket_name) })),
  }
}

/** The queues a description speaks of, those for dead letters too, each once. */
export function queuesOf({ queues }: Description): string[] {
  const spoken = [...(queues?.producers ?? []), ...(queues?.consumers ?? [])]
  return [...new Set(spoken.flatMap((one) => [one.queue, one.dead_letter_queue ?? []].flat()))]
}

export interface Place {
  account: string
  /** `https://chat.example` */
  origin: string
  /** Whether the origin is the account's own address. */
  workersDev: boolean
  /** Ids by binding. */
  databases: ReadonlyMap<string, string>
  /** What was set for this installation, by name. */
  vars: Readonly<Record<string, string>>
  /** Names of secrets that the Worker has or is to have. */
  secrets: readonly string[]
}

/**
 * Writes the description of a deploy where wrangler reads it. No secret is in it.
 * @returns its path
 */
export function writeConfiguration(description: Description, place: Place): string {
  const file = `dist/wrangler.${description.name}.json`
  // Paths count from the file.
  const up = (path: string) => `../${path.replace(/^\.\//, '')}`
  const configuration = {
    ...description,
    account_id: place.account,
    main: up(description.main),
    assets: { ...description.assets, directory: up(description.assets.directory) },
    vars: { ...description.vars, ...place.vars, ENVIRONMENT: 'production', BASE_URL: place.origin },
    d1_databases: description.d1_databases.map((one) => ({
      ...one,
      database_id: place.databases.get(one.binding) ?? NO_DATABASE,
      migrations_dir: up(one.migrations_dir),
    })),
    // An installation has one address. Previews would be further ones, on the same data.
    workers_dev: place.workersDev,
    preview_urls: false,
    // Each is taken over by its name; an upload without one of them is refused, rather than running without it.
    secrets: { required: place.secrets },
  }
  mkdirSync(at('dist'), { recursive: true })
  writeFileSync(at(file), JSON.stringify(configuration, null, 2))
  return at(file)
}

/** In a dry run, for what would be created. */
const NO_DATABASE = '00000000-0000-0000-0000-000000000000'
