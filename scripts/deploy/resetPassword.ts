/** `npm run reset-password -- ana@example.com --deployed`: the same link, for the installation on Cloudflare. */
import { passwordLink } from '../local/passwordLink.mjs'
import { run, Sentence } from '../local/paths.mjs'
import { describe } from './configuration.ts'
import { step } from './failure.ts'
import { databaseOf, findWorker, rowsOf } from './look.ts'
import { optionsFrom } from './options.ts'
import { platform } from './platform.ts'
import { accountFor, credentials } from './signIn.ts'

run(async () => {
  const [email = '', ...args] = process.argv.slice(2)
  const options = optionsFrom(args, process.env)
  if (options === null)
    return console.log('npm run reset-password -- ana@example.com --deployed [--name foyer] [--account ID]')
  const api = platform(await credentials())
  const account = await accountFor(api, options.account)
  const root = `/accounts/${account.id}`
  const accounts = describe(options.name).d1_databases.find(({ binding }) => binding === 'DB')?.database_name ?? ''
  const [worker, database] = await step('to say what the account holds', () =>
    Promise.all([findWorker(api, root, options.name), databaseOf(api, root, accounts)]),
  )
  if (!worker?.isFoyer || worker.origin === null || database === null) {
    throw new Sentence(
      `The account ${account.name} has no Foyer named ${options.name}: npm run deploy brings it there.`,
    )
  }
  const query = (sql: string) => rowsOf(api, `${root}/d1/database/${database}`, sql)
  const told = await step('to make the link', () => passwordLink(query, email, worker.origin ?? ''))
  console.log(told)
})
