/** Where things lie. Built-ins of Node 20 only: this runs before anything is installed. */
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository, with a closing separator. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** @param {string} path from the root of the repository */
export const at = (path) => join(ROOT, path)

/** The folder that keeps all local data. `STATE_DIR` moves it, so that tests never touch what you work with. */
export function stateDir() {
  const chosen = process.env['STATE_DIR'] ?? '.wrangler/state'
  return isAbsolute(chosen) ? chosen : at(chosen)
}

/** A sentence for a person, then the end. For everything that they can put right themselves. */
export class Sentence extends Error {}

/**
 * Runs an entry point; a Sentence is printed plainly, any other error with its stack, because it is a bug.
 * @param {() => Promise<void>} main
 */
export function run(main) {
  // After the module that calls this is complete, so that main may use all of it.
  Promise.resolve()
    .then(main)
    .catch((error) => {
      console.error(error instanceof Sentence ? `\n${error.message}\n` : error)
      process.exit(1)
    })
}
