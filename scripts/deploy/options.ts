/** What stands behind `npm run deploy --`. A word that is not understood is refused: a deploy is no place to guess. */
import { parseArgs } from 'node:util'
import { isAddress } from '../../worker/mail/faults.ts'
import { Sentence } from '../local/paths.mjs'

/** Where Cloudflare may put a new database, in its own words. */
const REGIONS = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'oc'] as const
type Region = (typeof REGIONS)[number]

/** Written instead of a domain: back to the address that every account has. */
export const WORKERS_DEV = 'workers.dev'
/** Written instead of an address to write from: mails nothing, and shows links to hand over. */
export const NO_MAIL = 'none'

export interface Options {
  /** Only says what would be done. */
  dryRun: boolean
  /** Of the Worker; what belongs to it is named after it. */
  name: string
  /** A host name of one's own, `workers.dev`, or null to leave the address as it is. */
  domain: string | null
  /** The id of the account. */
  account: string | null
  /** For databases that are created now; null leaves the choice to Cloudflare. */
  region: Region | null
  /** A file with secrets to use instead of new ones where the installation has none yet. */
  secretsFrom: string | null
  /** What Foyer itself writes from: an address, `none`, or null to leave it as it is. */
  mailFrom: string | null
  /** Until the address answers. */
  wait: boolean
}

export const USAGE = `npm run deploy -- [options]

  --dry-run              says what would be done, and does nothing
  --domain chat.example  the address; it must belong to a zone of the account. "${WORKERS_DEV}" goes back to the
                         account's own address. Without it the address stays as it is
  --name foyer           the Worker and, after it, its database: for a second installation in one account
  --account ID           which account, if you have several (or CLOUDFLARE_ACCOUNT_ID)
  --region weur          where a new database lies: ${REGIONS.join(', ')}
  --mail-from ADDRESS    what Foyer itself writes from; its domain must be onboarded to the Email Service. "${NO_MAIL}"
                         takes it back. Without it, it stays as it is
  --secrets-from FILE    NAME=value lines: used instead of new secrets where there are none yet
  --no-wait              does not wait until the address answers`

const KNOWN = {
  'dry-run': { type: 'boolean' },
  domain: { type: 'string' },
  name: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  'mail-from': { type: 'string' },
  'secrets-from': { type: 'string' },
  'no-wait': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const WORKER_NAME = /^[a-z][a-z0-9-]{0,50}[a-z0-9]$/
const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
const ACCOUNT_ID = /^[0-9a-f]{32}$/

/**
 * @param environment asked for CLOUDFLARE_ACCOUNT_ID, and for options that npm kept to itself
 * @returns null when only help is wanted
 * @throws {Sentence} for whatever is not understood
 */
export function optionsFrom(args: string[], environment: NodeJS.ProcessEnv): Options | null {
  refuseSwallowed(environment)
  const values = parsed(args)
  if (values.help) return null
  const account = values.account ?? environment['CLOUDFLARE_ACCOUNT_ID'] ?? null
  return {
    dryRun: values['dry-run'] ?? false,
    name: fitting('--name', values.name ?? 'foyer', WORKER_NAME, 'small letters, digits and hyphens'),
    domain: values.domain === undefined ? null : hostOf(values.domain),
    account: account === null ? null : fitting('--account', account, ACCOUNT_ID, '32 hexadecimal digits'),
    region: values.region === undefined ? null : regionOf(values.region),
    mailFrom: values['mail-from'] === undefined ? null : addressOf(values['mail-from']),
    secretsFrom: values['secrets-from'] ?? null,
    wait: !values['no-wait'],
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: KNOWN, strict: true, allowPositionals: false }).values
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\. (To|Did)/)[0] ?? '') : ''
    throw new Sentence(`${reason.replace(/\.$/, '')}.\n\n${USAGE}`)
  }
}

/** `npm run deploy --dry-run`, without the two hyphens before, is an option of npm: it would deploy for real. */
function refuseSwallowed(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(KNOWN)) {
    if (environment[`npm_config_${name.replaceAll('-', '_')}`] === undefined) continue
    throw new Sentence(`npm keeps --${name} to itself unless two hyphens stand before it: npm run deploy -- --${name}`)
  }
}

function hostOf(text: string): string {
  const host = text.toLowerCase()
  if (host.endsWith(`.${WORKERS_DEV}`)) {
    throw new Sentence(
      `The account's own address is made of the name: --domain ${WORKERS_DEV}, and --name if you like.`,
    )
  }
  if (HOST_NAME.test(host)) return host
  throw new Sentence(`--domain takes a host name alone, such as chat.example: not "${text}".`)
}

function addressOf(text: string): string {
  if (text === NO_MAIL || isAddress(text)) return text
  throw new Sentence(`--mail-from takes an email address alone, such as foyer@chat.example: not "${text}".`)
}

function regionOf(text: string): Region {
  const region = REGIONS.find((known) => known === text)
  if (region) return region
  throw new Sentence(`--region is one of ${REGIONS.join(', ')}: not "${text}".`)
}

function fitting(option: string, text: string, form: RegExp, words: string): string {
  if (form.test(text)) return text
  throw new Sentence(`${option} consists of ${words}: not "${text}".`)
}
