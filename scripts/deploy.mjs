/**
 * `npm run deploy`: Foyer on a Cloudflare account, from a bare one to the link that sets it up; again later, it
 * upgrades what is there. docs/operations/deploy.md says how; `-- --help` which options there are.
 */
import { spawnSync } from 'node:child_process'
import { install } from './local/install.mjs'
import { at, run } from './local/paths.mjs'

run(async () => {
  const node = install()
  const args = [at('scripts/deploy/main.ts'), ...process.argv.slice(2)]
  const deploy = spawnSync(node, args, { cwd: at('.'), stdio: 'inherit' })
  process.exitCode = deploy.status ?? 1
})
