/**
 * Serves the built Worker on this machine: the bundle that a deploy would upload, and a mailbox with it, in the same
 * runtime, with databases and objects in a folder. No watcher and no bundler stay beside it: in a long run they can
 * fail, and every message would pay for the hops between them. Run by the tools' Node as a process of its own.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { DESCRIBED, WORKER } from './build.mjs'
import { at } from './paths.mjs'
import { secrets } from './secrets.mjs'
import { LOCAL_MAIL_FROM } from './wrangler.mjs'

const MINUTE_MS = 60_000

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    origin: { type: 'string' },
    state: { type: 'string' },
    // Another Worker in the same runtime: `npm run bench` compares the two.
    config: { type: 'string' },
    script: { type: 'string' },
    // A module in front of it, which imports it as `./worker.js` and counts rates itself: then without what here runs
    // in one process with the Worker and elsewhere does not, the files that stand before it and a database of rates.
    bare: { type: 'string' },
  },
})
const { port = '8787', origin = `http://localhost:${port}`, state = at('.wrangler/state') } = values

/** @returns {import('./described.mjs').Described} */
function ours() {
  const { options, ...rest } = JSON.parse(readFileSync(at(DESCRIBED), 'utf8'))
  const assets = { ...options.assets, directory: at(options.assets.directory) }
  const bindings = { ...options.bindings, ...secrets() }
  return { ...rest, options: { ...options, rootPath: at('.'), assets, bindings } }
}

const script = values.script ?? at(WORKER)
// Wrangler itself is loaded only for another one: that takes longer than the start.
const { name, crons, options } = values.config ? (await import('./described.mjs')).described(values.config) : ours()
const { assets: _assets, ...rest } = options
const { ratelimits, ...alone } = rest
const around = {
  BASE_URL: origin,
  MAIL_FROM: LOCAL_MAIL_FROM,
  ...(values.bare && { RATES: JSON.stringify(ratelimits ?? {}) }),
}
/**
 * @param {string} path
 * @param {string} file
 * @returns {{ type: 'ESModule', path: string, contents: string }}
 */
const moduleFrom = (path, file) => ({ type: 'ESModule', path, contents: readFileSync(file, 'utf8') })

const host = new Miniflare(
  convertV4MiniflareOptions({
    ...(values.bare ? alone : options),
    name,
    modules: values.bare
      ? [moduleFrom('index.js', values.bare), moduleFrom('worker.js', script)]
      : [moduleFrom('index.js', script)],
    bindings: Object.assign({}, rest['bindings'], around),
    host: '127.0.0.1',
    port: Number(port),
    log: new Log(LogLevel.WARN),
    telemetry: { enabled: false },
    resourcePersistencePath: join(state, 'v3'),
    resourceTmpPath: join(state, 'tmp'),
  }),
)

for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.once(name, () => void host.dispose().finally(() => process.exit(0)))

await host.ready
if (crons.length > 0) setInterval(() => void runCrons(), MINUTE_MS).unref()

/**
 * The platform runs the Worker's crons each minute;
 * here somebody has to. Each time anew: the runtime may be another.
 */
async function runCrons() {
  try {
    const worker = await host.getWorker()
    for (const cron of crons) await worker.scheduled({ cron, scheduledTime: new Date() })
  } catch (error) {
    console.error('A cron failed:', error)
  }
}
