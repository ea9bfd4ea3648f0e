/** Seeded bugs: starting, deploying and migrating. */
import type { Mutant } from '../mutants.ts'

export const SCRIPTS: readonly Mutant[] = [
  {
    // An upgrade replaces the secrets: every conversation is lost to its link.
    name: 'deploy-replaces-secrets',
    file: 'scripts/deploy/secrets.ts',
    find: "!present.includes(name) || (name === 'SETUP_TOKEN' && !isSetUp)",
    replace: "!present.includes(name) || !isSetUp || name === 'ID_SECRET'",
    suite: 'test/core/deploy.test.ts',
  },
  {
    // An upgrade from another machine takes the domain away.
    name: 'deploy-forgets-domain',
    file: 'scripts/deploy/plan.ts',
    find: '(worker?.origin ? new URL(worker.origin).hostname : WORKERS_DEV)',
    replace: '(worker ? WORKERS_DEV : WORKERS_DEV)',
    suite: 'test/core/deploy.test.ts',
  },
  {
    // An installation that was there before the newest migrations never gets them.
    name: 'old-database-as-it-is',
    file: 'scripts/local/database.mjs',
    find: " && readFileSync(noted, 'utf8') === digest) return",
    replace: ') return',
    suite: 'test/e2e/upgrade.e2e.ts',
  },
  {
    // A command opens the files of a running Foyer, and each locks the other out.
    name: 'second-process-on-the-files',
    file: 'scripts/local/database.mjs',
    find: 'return origin === null ?',
    replace: 'return origin !== null ?',
    suite: 'test/e2e/local.e2e.ts',
  },
]
