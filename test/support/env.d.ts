/**
 * What the tests are given besides the Worker's own bindings (see vitest.config.ts).
 * No import at the top: it is global.
 */
declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
    /** How many times larger than by default a suite shall run, as text. */
    TEST_SCALE: string
  }
}
