/** The suites that need no browser: rules in Node, objects and Worker in workerd, components in a small DOM. */
import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import icons from 'unplugin-icons/vite'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'
import { mutant } from './test/support/mutants.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// So that the runtime trusts the tests' own mail servers. It reads this once, when it is imported.
process.env['NODE_EXTRA_CA_CERTS'] = at('test/fixtures/localhost.cert.pem')
const { cloudflareTest, readD1Migrations } = await import('@cloudflare/vitest-pool-workers')

// The runtime refuses an assets folder that is not there; the tests of the Worker need no built page in it.
mkdirSync(at('dist/client'), { recursive: true })

const bindings = async () => ({
  AUTH_SECRET: 'test-auth-0123456789abcdef0123456789abcdef',
  ID_SECRET: 'test-ids-0123456789abcdef0123456789abcdef0',
  VISITOR_SECRET: 'test-visitor-0123456789abcdef0123456789ab',
  SETUP_TOKEN: 'test-setup-0123456789abcdef0123456789abcd',
  ENVIRONMENT: 'test',
  BASE_URL: 'http://localhost',
  MAIL_FROM: 'foyer@foyer.example',
  MAIL_DOMAINS: 'shop.example',
  // `npm run test:long` runs the same suites larger; they multiply their sizes by this.
  TEST_SCALE: process.env['FOYER_TEST_SCALE'] ?? '1',
  TEST_MIGRATIONS: existsSync(at('migrations')) ? await readD1Migrations(at('migrations')) : [],
})

/** Packages as one module each: every file loads them anew, and what costs is how many there are. */
const BUNDLED = {
  enabled: true,
  rolldownOptions: { external: [/^(node|cloudflare):/] },
  include: [
    '@hono/zod-openapi',
    'better-auth/adapters/drizzle',
    'better-auth/minimal',
    'bowser',
    'drizzle-orm',
    'drizzle-orm/d1',
    'drizzle-orm/sqlite-core',
    'fast-check',
    'hono',
    'hono/body-limit',
    'hono/factory',
    'hono/html',
    'hono/http-exception',
    'hono/jsx',
    'jose',
    'mimetext/browser',
    'postal-mime',
    'zod',
  ],
}

export default defineConfig({
  test: {
    // One more than there are cores: each waits a third of its time for a runtime to come up.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        plugins: [mutant()],
        test: { name: 'core', environment: 'node', include: ['test/core/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        define: { LOCAL: 'true' },
        plugins: [
          mutant(),
          cloudflareTest(async () => ({
            wrangler: { configPath: at('wrangler.toml') },
            remoteBindings: false,
            miniflare: { bindings: await bindings() },
          })),
        ],
        test: {
          name: 'workers',
          disableConsoleIntercept: true,
          include: ['test/workers/**/*.test.ts'],
          globalSetup: [at('test/support/smtpServers.ts')],
          setupFiles: [at('test/support/setup.ts')],
          deps: { optimizer: { ssr: BUNDLED } },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        plugins: [mutant(), solid(), icons({ compiler: 'solid' })],
        test: {
          name: 'web',
          environment: 'happy-dom',
          include: ['test/web/**/*.test.{ts,tsx}'],
          setupFiles: [at('test/support/patience.ts')],
          testTimeout: 30_000,
        },
      },
    ],
  },
})
