/** What a deploy decides before it changes anything. test/e2e/deploy.e2e.ts shows that it then does it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, describe as group, onTestFinished, test } from 'vitest'
import { describe, writeConfiguration } from '../../scripts/deploy/configuration.ts'
import type { Found } from '../../scripts/deploy/look.ts'
import { type Options, optionsFrom } from '../../scripts/deploy/options.ts'
import { planFor, sentencesOf } from '../../scripts/deploy/plan.ts'
import { secretsIn, secretsToSet } from '../../scripts/deploy/secrets.ts'

const ALL = ['AUTH_SECRET', 'ID_SECRET', 'VISITOR_SECRET', 'SETUP_TOKEN']

group('the options', () => {
  test.each<[string, string[], Partial<Options>]>([
    ['none', [], { dryRun: false, name: 'foyer', domain: null, account: null, region: null, wait: true }],
    ['a dry run', ['--dry-run'], { dryRun: true }],
    ['a domain in capitals', ['--domain', 'Chat.Example'], { domain: 'chat.example' }],
    ['the own address again', ['--domain', 'workers.dev'], { domain: 'workers.dev' }],
    ['a region', ['--region=apac', '--no-wait'], { region: 'apac', wait: false }],
  ])('%s', (_, args, expected) => {
    expect(optionsFrom(args, {})).toMatchObject(expected)
  })

  test.each<[string, string[], RegExp]>([
    ['a mistyped option', ['--dryrun'], /^Unknown option '--dryrun'\.\n\nnpm run deploy/],
    ['a word too many', ['production'], /^Unexpected argument 'production'/],
    ['an address for a domain', ['--domain', 'https://chat.example'], /takes a host name alone/],
    ['an own address of another name', ['--domain', 'chat.acme.workers.dev'], /--domain workers\.dev/],
    ['a domain that is none', ['--domain', 'localhost'], /takes a host name alone/],
    ['a region that is none', ['--region', 'europe'], /--region is one of wnam/],
    ['a name that no Worker may have', ['--name', 'Our_Chat'], /small letters, digits and hyphens/],
    ['an account by its name', ['--account', 'acme'], /32 hexadecimal digits/],
    ['an option without its value', ['--name'], /--name/],
  ])('%s is refused with a sentence', (_, args, words) => {
    expect(() => optionsFrom(args, {})).toThrow(words)
  })

  test('an option that npm took for itself does not deploy for real', () => {
    expect(() => optionsFrom([], { npm_config_dry_run: 'true' })).toThrow(/npm run deploy -- --dry-run$/)
  })

  test('the account of the shell counts, the written one more', () => {
    const shell = { CLOUDFLARE_ACCOUNT_ID: 'a'.repeat(32) }
    expect(optionsFrom([], shell)?.account).toBe('a'.repeat(32))
    expect(optionsFrom(['--account', 'b'.repeat(32)], shell)?.account).toBe('b'.repeat(32))
  })
})

group('secrets', () => {
  test.each<[string, string[], boolean, string[]]>([
    ['all of them on a bare account', [], false, ALL],
    ['a new link while nobody has used one', ALL, false, ['SETUP_TOKEN']],
    ['none once it is in use', ALL, true, []],
    ['one that came later', ['AUTH_SECRET', 'ID_SECRET', 'SETUP_TOKEN'], true, ['VISITOR_SECRET']],
  ])('%s', (_, present, isSetUp, expected) => {
    expect(Object.keys(secretsToSet(present, isSetUp, {}))).toEqual(expected)
  })

  test('ID_SECRET is never made anew for an installation in use, but put back', () => {
    const others = ALL.filter((name) => name !== 'ID_SECRET')
    expect(() => secretsToSet(others, true, {})).toThrow(/ID_SECRET is gone/)
    expect(secretsToSet(others, true, { ID_SECRET: 'old', AUTH_SECRET: 'ignored' })).toEqual({ ID_SECRET: 'old' })
  })

  test('a file is read as far as it is known', () => {
    const folder = mkdtempSync(join(tmpdir(), 'foyer-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'kept')
    writeFileSync(file, 'ID_SECRET="a=b"\n# a remark\nOTHER=x\n')
    expect(secretsIn(file)).toEqual({ ID_SECRET: 'a=b' })
    writeFileSync(file, 'OTHER=x\n')
    expect(() => secretsIn(file)).toThrow(/holds none of AUTH_SECRET/)
    expect(() => secretsIn('/nowhere')).toThrow('/nowhere cannot be read.')
  })
})

const FOUND: Found = {
  worker: { secrets: ALL, origin: 'https://foyer.acme.workers.dev', vars: {}, isFoyer: true },
  databases: [{ binding: 'DB', name: 'foyer', id: 'd1', pending: [], newer: 0, isForeign: false, isSetUp: true }],
  queues: [],
  buckets: [],
  subdomain: 'acme',
}

const planned = (found: Partial<Found>, args: string[]) => {
  const options = optionsFrom(args, {})
  if (!options) throw new Error('no help is asked for')
  return planFor({ ...FOUND, ...found }, options, 'a1')
}
/** A bare account. */
const BARE: Partial<Found> = { worker: null, databases: [] }
const at = (origin: string) => ({ worker: { secrets: ALL, origin, vars: {}, isFoyer: true } })

group('the address', () => {
  test.each<[string, Partial<Found>, string[], string, string | null]>([
    ['the own one at first', BARE, [], 'https://foyer.acme.workers.dev', null],
    ['a domain at first', { ...BARE, subdomain: null }, ['--domain', 'c.example'], 'https://c.example', 'c.example'],
    ['stays the own one', {}, [], 'https://foyer.acme.workers.dev', null],
    ['stays a domain', at('https://c.example'), [], 'https://c.example', 'c.example'],
    ['moves to a domain', {}, ['--domain', 'c.example'], 'https://c.example', 'c.example'],
    ['moves back', at('https://c.example'), ['--domain', 'workers.dev'], 'https://foyer.acme.workers.dev', null],
  ])('%s', (_, found, args, origin, host) => {
    expect(planned(found, args)).toMatchObject({ origin, host })
  })

  test('a move is said, with what it means for the websites', () => {
    const plan = planned({}, ['--domain', 'c.example'])
    expect(sentencesOf(FOUND, plan, 'foyer').at(-1)).toMatch(/changes from .*acme.* to .*c\.example: the snippet/)
    expect(sentencesOf(FOUND, planned({}, []), 'foyer')).toContain('Secrets stay as they are')
  })

  test('an older version is deployed knowingly', () => {
    const databases = FOUND.databases.map((database) => ({ ...database, newer: 2 }))
    const found = { ...FOUND, databases }
    expect(sentencesOf(found, planned({ databases }, []), 'foyer')[0]).toMatch(
      /had 2 migrations that this version does/,
    )
  })

  test('an account without a name for it is told where to choose one', () => {
    expect(() => planned({ ...BARE, subdomain: null }, [])).toThrow('https://dash.cloudflare.com/a1/workers/onboarding')
  })
})

test('everything that wrangler.toml binds can be deployed, under the name of the installation', () => {
  const description = describe('support')
  expect(description.d1_databases.map((one) => one.database_name)).toEqual(['support'])
  const place = {
    account: 'a1',
    origin: 'https://c.example',
    workersDev: false,
    databases: new Map(),
    vars: {},
    secrets: ALL,
  }
  expect(writeConfiguration(description, place)).toMatch(/dist[\\/]wrangler\.support\.json$/)
})

group('what Foyer itself writes from', () => {
  const set = (vars: Record<string, string>): Partial<Found> => ({
    worker: { secrets: ALL, origin: 'https://c.example', vars, isFoyer: true },
  })
  const before = { MAIL_FROM: 'foyer@c.example', MAIL_DOMAINS: 'd.example' }

  test.each<[string, Partial<Found>, string[], Record<string, string>]>([
    ['nothing at first', BARE, [], {}],
    ['an address at first', BARE, ['--mail-from', 'foyer@c.example'], { MAIL_FROM: 'foyer@c.example' }],
    ['stays, with the domains beside it', set(before), [], before],
    ['changes alone', set(before), ['--mail-from', 'hi@e.example'], { ...before, MAIL_FROM: 'hi@e.example' }],
    ['is taken back alone', set(before), ['--mail-from', 'none'], { MAIL_DOMAINS: 'd.example' }],
  ])('%s', (_, found, args, vars) => {
    expect(planned(found, args).vars).toEqual(vars)
  })

  test('is said before anything is done', () => {
    expect(sentencesOf(FOUND, planned(BARE, ['--mail-from', 'foyer@c.example']), 'foyer')).toContain(
      'It mails from foyer@c.example',
    )
    expect(sentencesOf(FOUND, planned(BARE, []), 'foyer').join()).toContain('It mails nothing')
  })

  test.each(['', 'foyer', 'Foyer <foyer@c.example>', 'a@b.example,c@d.example', 'a@b.example\nX: y'])(
    'is no %j',
    (address) => {
      expect(() => planned({}, ['--mail-from', address])).toThrow(/--mail-from takes an email address alone/)
    },
  )
})
