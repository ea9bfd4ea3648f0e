/**
 * What wrangler.toml asks of a runtime, in the words of Miniflare. As a command it writes that down for
 * the bundle: to have wrangler say it takes longer than all the rest of a start.
 */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler'
import { at, ROOT } from './paths.mjs'

/** @typedef {Omit<ReturnType<typeof unstable_getMiniflareWorkerOptions>['workerOptions'], 'modulesRules'>} Options */
/** @typedef {{ name: string, crons: string[], options: Options }} Described */

/**
 * @param {string} file the description of a Worker
 * @returns {Described} `options` with the secrets that stand beside it
 */
export function described(file) {
  const config = unstable_readConfig({ config: file })
  // The rules say how sources are read; a bundle is one module.
  const { modulesRules: _rules, ...options } = unstable_getMiniflareWorkerOptions(config).workerOptions
  return { name: config.name ?? 'foyer', crons: config.triggers?.crons ?? [], options }
}

/** Of ours, for any folder that this one is moved to: no path is whole, and secrets are read at each start. */
function ours() {
  const { options, ...rest } = described(at('wrangler.toml'))
  const { vars } = unstable_readConfig({ config: at('wrangler.toml') })
  // The options' own type does not know that a folder is named.
  const { assets } = /** @type {{ assets: { directory: string } }} */ (options)
  const moved = { ...assets, directory: relative(ROOT, assets.directory) }
  return { ...rest, options: { ...options, rootPath: undefined, bindings: vars, assets: moved } }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2])
  writeFileSync(process.argv[2], JSON.stringify(ours()))
