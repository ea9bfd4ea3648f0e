/**
 * `npm start`: from a fresh clone to a running Foyer, and from then on in seconds. Needs Node 20 and npm, nothing
 * else; everything stays inside this folder.
 */
import { relative } from 'node:path'
import { buildPages, buildWorker } from './local/build.mjs'
import { migrate } from './local/database.mjs'
import { install } from './local/install.mjs'
import { ROOT, run, Sentence, stateDir } from './local/paths.mjs'
import { claimPort, portFrom } from './local/port.mjs'
import { endOrphans, onStop, startRuntime, untilReady } from './local/runtime.mjs'
import { secrets } from './local/secrets.mjs'

run(async () => {
  const port = portFrom(process.env['PORT'])
  const origin = `http://localhost:${port}`
  const node = install()
  const { SETUP_TOKEN = '' } = secrets()
  await endOrphans()
  await claimPort(port)
  buildPages(node)
  buildWorker(node)
  migrate(node)

  const runtime = startRuntime({ node, port, origin, reload: false })
  let stopping = false
  onStop(async () => {
    stopping = true
    await runtime.end()
    process.exit(0)
  })
  try {
    await untilReady(port, runtime.ended)
  } catch (error) {
    if (stopping) return
    await runtime.end()
    throw error
  }
  console.log(await summary(port, origin, SETUP_TOKEN))
  await runtime.ended
  if (stopping) return
  await runtime.end()
  throw new Sentence('The runtime has ended. Nothing is lost: npm start goes on where it was.')
})

/**
 * What to open now.
 * @param {number} port
 * @param {string} origin
 * @param {string} setupToken
 */
async function summary(port, origin, setupToken) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/installation`).catch(() => null)
  const { setUp = true } = answer?.ok ? await answer.json() : {}
  const open = setUp
    ? [`  Inbox      ${origin}/dashboard/inbox/all`, `  Demo shop  ${origin}/demo`, `  Mailbox    ${origin}/mailbox`]
    : [`  Open this link to set it up (it works once):`, `  ${origin}/dashboard/setup#token=${setupToken}`]
  const data = relative(ROOT, stateDir()) || stateDir()
  return ['', 'Foyer is running.', '', ...open, '', `  Data is kept in ${data}. Stop with Ctrl-C.`, ''].join('\n')
}
