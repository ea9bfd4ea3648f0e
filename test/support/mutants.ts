/**
 * Seeded bugs. A suite that guards an invariant names the bug it must catch; `npm run mutants` plants each one and
 * fails unless that suite goes red. A mutant replaces one exact snippet, so it breaks loudly when the code moves on.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { CONVERSATION } from './mutants/conversation.ts'
import { INBOX } from './mutants/inbox.ts'
import { RULES } from './mutants/rules.ts'
import { SCRIPTS } from './mutants/scripts.ts'
import { WEB } from './mutants/web.ts'
import { WORKER } from './mutants/worker.ts'

export interface Mutant {
  /** Short, in kebab case; what `FOYER_MUTANT` is set to. */
  name: string
  /** Path from the root of the repository. */
  file: string
  /** Must stand in the file exactly once. */
  find: string
  replace: string
  /** The test file that must go red, from the root of the repository. `*.e2e.ts` runs against the built product. */
  suite: string
}

export const MUTANTS: readonly Mutant[] = [...RULES, ...CONVERSATION, ...INBOX, ...WORKER, ...WEB, ...SCRIPTS]
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replaceAll('\\', '/')

/** The mutant of that name. Throws on a name that is not listed: a typo must not look like a clean run. */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name)
  if (!found) throw new Error(`There is no mutant "${name}". See test/support/mutants.ts.`)
  return found
}

/** The source with the bug in it. */
export function mutate(mutant: Mutant, source: string): string {
  const parts = source.split(mutant.find)
  if (parts.length !== 2) {
    throw new Error(
      `Mutant "${mutant.name}": its snippet stands ${parts.length - 1} times in ${mutant.file}, not once.`,
    )
  }
  return parts.join(mutant.replace)
}

/** Plants the mutant that `FOYER_MUTANT` names when its file is read; does nothing without one. */
export function mutant(): Plugin {
  return {
    name: 'foyer-mutant',
    enforce: 'pre',
    load(id) {
      const name = process.env['FOYER_MUTANT']
      const chosen = name && mutantNamed(name)
      const path = id.split('?')[0]?.replaceAll('\\', '/')
      if (!chosen || path !== ROOT + chosen.file) return null
      return mutate(chosen, readFileSync(path, 'utf8'))
    },
  }
}
