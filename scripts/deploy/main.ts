/**
 * A deploy from beginning to end. Order matters: everything is looked at and built before anything is changed; the
 * database is migrated before the code that needs it arrives, and since migrations only add, the version before runs on
 * meanwhile.
 */
import { buildPages } from '../local/build.mjs'
import { run, Sentence } from '../local/paths.mjs'
import { type Description, describe, writeConfiguration } from './configuration.ts'
import { isAttached } from './domain.ts'
import { step } from './failure.ts'
import { look } from './look.ts'
import { optionsFrom, USAGE } from './options.ts'
import { planFor, sentencesOf } from './plan.ts'
import { platform } from './platform.ts'
import { isServed } from './served.ts'
import { accountFor, credentials } from './signIn.ts'
import { attachDomain, create, type Deploy, migrate, upload } from './steps.ts'
import { wrangler } from './wrangler.ts'

/** How long a new address may take before we say so and leave. */
const ANSWERS_WITHIN_MS = 90_000

run(async () => {
  const options = optionsFrom(process.argv.slice(2), process.env)
  if (options === null) return console.log(USAGE)
  const description = describe(options.name)
  const api = platform(await credentials())
  const account = await accountFor(api, options.account)
  const found = await step('to say what the account holds', () => look(api, account.id, description))
  const plan = planFor(found, options, account.id)
  const deploy = { api, account: account.id, options, found, plan }
  const attached = await isDomainAttached(deploy)

  console.log(`\nFoyer on Cloudflare, account ${account.name}:`)
  for (const sentence of sentencesOf(found, plan, options.name)) console.log(`  ${sentence}.`)
  buildPages(process.execPath)
  if (options.dryRun) return rehearse(deploy, description)

  const databases = await create(deploy)
  const configuration = writeConfiguration(description, placeOf(deploy, databases))
  for (const database of found.databases) await migrate(deploy, database, configuration)
  // An address that cannot be had is refused before the code that believes in it is there; a first one needs the code.
  if (found.worker) await attachDomain(deploy, attached)
  await upload(deploy, configuration)
  if (!found.worker) await attachDomain(deploy, attached)
  console.log(await farewell(deploy))
})

async function isDomainAttached({ api, account, options, plan }: Deploy): Promise<boolean> {
  const { host } = plan
  return host === null || step(`to look ${host} up`, () => isAttached(api, account, options.name, host))
}

const placeOf = ({ account, found, plan }: Deploy, databases: ReadonlyMap<string, string>) => ({
  account,
  origin: plan.origin,
  workersDev: plan.host === null,
  vars: plan.vars,
  databases,
  secrets: [...new Set([...(found.worker?.secrets ?? []), ...Object.keys(plan.secrets)])],
})

/** Bundles what would be uploaded, and changes nothing. */
async function rehearse(deploy: Deploy, description: Description): Promise<void> {
  const known = deploy.found.databases.flatMap(({ binding, id }) => (id === null ? [] : [[binding, id] as const]))
  const configuration = writeConfiguration(description, placeOf(deploy, new Map(known)))
  const ran = await wrangler(['deploy', '--dry-run', '-c', configuration], deploy.account)
  if (!ran.ok) throw new Sentence(`The Worker cannot be built:\n${ran.words}`)
  console.log('\nThe Worker was built. Nothing was changed: this was a dry run.\n')
}

/** What to open now. */
async function farewell({ options, plan }: Deploy): Promise<string> {
  const answers = !options.wait || (await isServed(`${plan.origin}/healthz`, ANSWERS_WITHIN_MS))
  const open = plan.isSetUp
    ? [`  Inbox  ${plan.origin}/dashboard/inbox/all`]
    : [
        '  Open this link to set it up (it works once; each deploy until then makes a new one):',
        `  ${plan.origin}/dashboard/setup#token=${plan.secrets['SETUP_TOKEN']}`,
      ]
  const late = answers
    ? []
    : ['', '  It does not answer yet: a new address can take some minutes to be known everywhere.']
  return ['', `Foyer is deployed at ${plan.origin}`, '', ...open, ...late, ''].join('\n')
}
