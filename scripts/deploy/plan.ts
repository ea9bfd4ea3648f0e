/** What a deploy will do, decided from what was found before anything is changed. */
import { Sentence } from '../local/paths.mjs'
import type { Found, FoundDatabase } from './look.ts'
import { NO_MAIL, type Options, WORKERS_DEV } from './options.ts'
import { secretsIn, secretsToSet } from './secrets.ts'

export interface Plan {
  /** The address of the installation. */
  origin: string
  /** The host name to lead to it, or null for the account's own address. */
  host: string | null
  /** Where it was until now, if that was elsewhere. */
  movesFrom: string | null
  isSetUp: boolean
  /** By name: to be set with the upload. */
  secrets: Record<string, string>
  /** The same of what is no secret, beside what every installation has. */
  vars: Record<string, string>
}

/** @throws {Sentence} when something is in the way; nothing has been changed then */
export function planFor(found: Found, options: Options, account: string): Plan {
  refuseForeign(found, options.name)
  const isSetUp = found.databases.some((database) => database.isSetUp)
  const host = hostFor(found, options)
  const origin = host === null ? ownAddress(found, options.name, account) : `https://${host}`
  const before = found.worker?.origin ?? null
  return {
    origin,
    host,
    movesFrom: before !== null && before !== origin ? before : null,
    isSetUp,
    secrets: secretsToSet(
      found.worker?.secrets ?? [],
      isSetUp,
      options.secretsFrom === null ? {} : secretsIn(options.secretsFrom),
    ),
    vars: varsFor(found, options),
  }
}

/** Without a word about it, mail stays what it is. */
function varsFor({ worker }: Found, { mailFrom }: Options): Record<string, string> {
  const { MAIL_FROM: before, ...others } = worker?.vars ?? {}
  const from = mailFrom ?? before
  return from === undefined || from === NO_MAIL ? others : { ...others, MAIL_FROM: from }
}

function refuseForeign({ worker, databases }: Found, name: string): void {
  const another = 'Nothing was changed. Choose another name: npm run deploy -- --name chat'
  if (worker && !worker.isFoyer) {
    throw new Sentence(`The account has a Worker named ${name} that is not a Foyer. ${another}`)
  }
  const foreign = databases.find((database) => database.isForeign)
  if (foreign) throw new Sentence(`The account has a database named ${foreign.name} that is not Foyer's. ${another}`)
}

/** Without a word about it, the address stays what it is. */
function hostFor({ worker }: Found, options: Options): string | null {
  const host = options.domain ?? (worker?.origin ? new URL(worker.origin).hostname : WORKERS_DEV)
  return host === WORKERS_DEV || host.endsWith(`.${WORKERS_DEV}`) ? null : host
}

function ownAddress({ subdomain }: Found, name: string, account: string): string {
  if (subdomain !== null) return `https://${name}.${subdomain}.${WORKERS_DEV}`
  throw new Sentence(
    `The account has no ${WORKERS_DEV} name yet. Choose one, once: https://dash.cloudflare.com/${account}/workers/onboarding ` +
      '– or use a domain of your own: npm run deploy -- --domain chat.example',
  )
}

/** The plan for a person: what is there, what is made. */
export function sentencesOf(found: Found, plan: Plan, name: string): string[] {
  const there = (exists: boolean) => (exists ? 'is there' : 'is created')
  const secrets = Object.keys(plan.secrets)
  return [
    ...found.databases.map(
      (database) => `Database ${database.name} ${there(database.id !== null)}; ${pendingOf(database)}`,
    ),
    ...found.queues.map((queue) => `Queue ${queue.name} ${there(queue.exists)}`),
    ...found.buckets.map((bucket) => `Bucket ${bucket.name} ${there(bucket.exists)}`),
    secrets.length > 0 ? `Secrets are set: ${secrets.join(', ')}` : 'Secrets stay as they are',
    plan.vars['MAIL_FROM'] === undefined
      ? 'It mails nothing: links and codes are shown to hand over, unless --mail-from names an address'
      : `It mails from ${plan.vars['MAIL_FROM']}`,
    `Worker ${name} is ${found.worker ? 'replaced by this version' : 'created'}`,
    plan.movesFrom === null
      ? `Its address ${found.worker ? 'stays' : 'is'} ${plan.origin}`
      : `Its address changes from ${plan.movesFrom} to ${plan.origin}: the snippet on your websites has to change too`,
  ]
}

function pendingOf({ pending, newer }: FoundDatabase): string {
  if (newer > 0) return `it has had ${newer} ${migrations(newer)} that this version does not know: a newer one was here`
  if (pending.length === 0) return 'no migration is new'
  return `${pending.length} ${migrations(pending.length)} to apply, up to ${pending.at(-1)}`
}

const migrations = (count: number) => (count === 1 ? 'migration' : 'migrations')
