/**
 * `npm run reset-password -- ana@example.com`: a link to set a new password, for whoever runs this installation and for
 * a person who is locked out. Works while Foyer is running or not. The link is shown here alone; only its hash is kept.
 * With `--deployed`, of the installation on Cloudflare.
 */
import { spawnSync } from 'node:child_process'
import { migrate, query } from './local/database.mjs'
import { install } from './local/install.mjs'
import { passwordLink } from './local/passwordLink.mjs'
import { at, run, Sentence } from './local/paths.mjs'
import { portFrom } from './local/port.mjs'
import { runningAt } from './local/runtime.mjs'

run(async () => {
  const [first, ...others] = process.argv.slice(2)
  const email = first?.trim().toLowerCase()
  if (!email?.includes('@')) throw new Sentence('Whose password? npm run reset-password -- ana@example.com')
  const [deployed, ...options] = others
  if (deployed !== undefined && deployed !== '--deployed') {
    throw new Sentence(
      `After the email only --deployed may stand, for the installation on Cloudflare: not "${deployed}".`,
    )
  }
  const node = install()
  if (deployed) {
    const args = [at('scripts/deploy/resetPassword.ts'), email, ...options]
    process.exitCode = spawnSync(node, args, { cwd: at('.'), stdio: 'inherit' }).status ?? 1
    return
  }
  const running = runningAt()
  if (running === null) migrate(node)
  const origin = running ?? `http://localhost:${portFrom(process.env['PORT'])}`
  console.log(await passwordLink((sql) => query(node, sql), email, origin))
})
