/**
 * `npm run dev`: the same as `npm start`, made for working on it. Pages change in the browser as you save (Vite);
 * the Worker and the objects are rebuilt and reloaded within a second (wrangler). Same data as `npm start`.
 */
import { spawn } from 'node:child_process'
import { buildPages } from './local/build.mjs'
import { migrate } from './local/database.mjs'
import { install } from './local/install.mjs'
import { at, run } from './local/paths.mjs'
import { claimPort, portFrom } from './local/port.mjs'
import { endGroup } from './local/processes.mjs'
import { endOrphans, onStop, startRuntime, untilReady } from './local/runtime.mjs'
import { secrets } from './local/secrets.mjs'

run(async () => {
  const port = portFrom(process.env['PORT'])
  const workerPort = port + 1
  const origin = `http://localhost:${port}`
  const node = install()
  const { SETUP_TOKEN = '' } = secrets()
  await endOrphans()
  await claimPort(port)
  await claimPort(workerPort)
  buildPages(node)
  migrate(node)

  const runtime = startRuntime({ node, port: workerPort, origin, reload: true })
  const env = { ...process.env, FOYER_WORKER: `http://127.0.0.1:${workerPort}` }
  const pages = vite(node, ['-c', at('web/vite.config.ts'), '--port', String(port), '--host', 'localhost'], env)
  const loader = vite(node, ['build', '-c', at('web/vite.loader.config.ts'), '--watch', '--logLevel', 'warn'], env)
  onStop(async () => {
    await Promise.all([runtime.end(), pages.end(), loader.end()])
    process.exit(0)
  })
  await untilReady(workerPort, runtime.ended)
  console.log(`\nFoyer is running at ${origin} and reloads as you save.`)
  console.log(`  Inbox ${origin}/dashboard/inbox/all   Demo shop ${origin}/demo   Mailbox ${origin}/mailbox`)
  console.log(`  Not set up yet? ${origin}/dashboard/setup#token=${SETUP_TOKEN}\n`)
})

/**
 * @param {string} node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function vite(node, args, env) {
  const child = spawn(node, [at('node_modules/vite/bin/vite.js'), ...args], {
    cwd: at('.'),
    env,
    detached: true,
    // Vite's build --watch ends when its input does.
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  return { end: async () => void (child.pid !== undefined && (await endGroup(child.pid))) }
}
