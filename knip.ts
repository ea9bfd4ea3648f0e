/** What nobody uses is removed. Here stands what is used in ways that cannot be seen in the code. */
import type { KnipConfig } from 'knip'

export default {
  entry: [
    'web/widget/loader.ts',
    'bench/minimal/worker.js',
    'scripts/*.{mjs,ts}',
    'scripts/deploy/{main,resetPassword}.ts',
    'scripts/local/host.mjs',
    'test/fixtures/{record.mjs,recordState.ts}',
    'test/**/*.{test,e2e}.{ts,tsx}',
  ],
  project: ['{core,durable-objects,worker,web,test,scripts,bench}/**/*.{ts,tsx,mjs}', '*.config.ts'],
  vite: { config: ['web/*.config.ts'] },
  ignoreExportsUsedInFile: true,
  ignoreBinaries: ['apt-get', 'pgrep'],
  ignoreDependencies: [
    // Of better-auth: pinned because the versions that it asks for by itself cannot be installed together.
    '@better-auth/core',
    '@better-auth/utils',
    '@better-fetch/fetch',
    'better-call',
    // A module of the runtime, `cloudflare:workers`, not a package.
    'cloudflare',
    // Types of what the tests' mail servers are made of; asked for by nobody but the compiler.
    '@types/smtp-server',
    // Read as a file and given to the browser (test/e2e/screens.e2e.ts).
    'axe-core',
  ],
} satisfies KnipConfig
