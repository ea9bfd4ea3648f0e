/**
 * Seeded bugs. A suite that guards an invariant names the bug it must catch; `npm run mutants` plants each one and
 * fails unless that suite goes red. A mutant replaces one exact snippet, so it breaks loudly when the code moves on.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

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

export const MUTANTS: readonly Mutant[] = [
  {
    // Acknowledges what it has not written yet; shows only when the power goes in between.
    name: 'ack-before-write',
    file: 'durable-objects/conversation/store.ts',
    find: '      for (const entry of entries) this.#insert(entry, entry.clientId === undefined ? null : digest)\n',
    replace:
      '      setTimeout(() => entries.forEach((e) => this.#insert(e, e.clientId === undefined ? null : digest)), 30)\n',
    suite: 'test/e2e/kill.e2e.ts',
  },
  {
    // Keeps what it knows in memory alone: all is well until the object sleeps.
    name: 'record-not-stored',
    file: 'durable-objects/conversation/store.ts',
    find: '      this.#write(json)\n    })',
    replace: '      if (entries.length > 2 || !this.#made) this.#write(json)\n    })',
    suite: 'test/workers/durability.test.ts',
  },
  {
    // Takes a repeat for something new when it comes late.
    name: 'repeats-not-recognised',
    file: 'core/conversation/clients.ts',
    find: "return id.n > known.last ? { seen: 'new' }",
    replace: "return id.n >= known.last ? { seen: 'new' }",
    suite: 'test/workers/model.test.ts',
  },
  {
    // The object changes what is not told by any entry: who followed along has something else than who asks afresh.
    name: 'state-beside-the-entries',
    file: 'core/conversation/append.ts',
    find: 'return { record: { ...next, flood:',
    replace: 'return { record: { ...next, team: { ...next.team, rev: next.team.rev + 1 }, flood:',
    suite: 'test/workers/converges.test.ts',
  },
  {
    // A note goes out to everybody who is connected.
    name: 'note-leaks-live',
    file: 'core/conversation/audience.ts',
    find: "if (audience === 'team') return [...entries]",
    replace: "if (audience === 'team' || entries.length === 1) return [...entries]",
    suite: 'test/workers/canary.test.ts',
  },
  {
    // Only the time of a team entry shines through.
    name: 'note-moves-public-time',
    file: 'core/conversation/append.ts',
    find: 'at: Math.max(now, record.public.lastAt), ...who',
    replace: 'at: Math.max(now, record.public.lastAt) + record.team.head, ...who',
    suite: 'test/workers/canary.test.ts',
  },
  {
    // The safety alarm is forgotten: what could not be told is never told.
    name: 'no-safety-alarm',
    file: 'durable-objects/conversation/conversation.ts',
    find: '    void this.ctx.storage.setAlarm(drain)\n',
    replace: '',
    suite: 'test/workers/durability.test.ts',
  },
  {
    // An older row overwrites a newer one.
    name: 'older-row-wins',
    file: 'durable-objects/inbox/d1Index.ts',
    find: 'WHERE excluded.rev > conversations.rev AND',
    replace: 'WHERE',
    suite: 'test/workers/inbox.test.ts',
  },
  {
    // A limit that refuses one millisecond too long.
    name: 'limit-off-by-one',
    file: 'core/conversation/limits.ts',
    find: 'return next - now <= window',
    replace: 'return next - now < window',
    suite: 'test/core/limits.test.ts',
  },
  {
    // Takes a visitor's token of any audience.
    name: 'token-of-any-audience',
    file: 'worker/auth/visitorToken.ts',
    find: '      audience,\n',
    replace: '',
    suite: 'test/workers/tokens.test.ts',
  },
  {
    // What a client says of itself goes through to the object.
    name: 'identity-from-the-client',
    file: 'worker/routes/sockets.ts',
    find: 'headers.set(IDENTITY_HEADER, encodeIdentity(identity))',
    replace: 'if (!headers.has(IDENTITY_HEADER)) headers.set(IDENTITY_HEADER, encodeIdentity(identity))',
    suite: 'test/workers/http.test.ts',
  },
]

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

/** Plants the mutant named by `FOYER_MUTANT` while the suites run; does nothing without one. */
export function mutant(): Plugin {
  const name = process.env['FOYER_MUTANT']
  if (!name) return { name: 'foyer-mutant' }
  const chosen = mutantNamed(name)
  // Read now as well: a suite that never loads the file must not pass for one that caught the bug.
  mutate(chosen, readFileSync(ROOT + chosen.file, 'utf8'))
  return {
    name: 'foyer-mutant',
    enforce: 'pre',
    load(id) {
      const path = id.split('?')[0]?.replaceAll('\\', '/')
      if (path !== ROOT + chosen.file) return null
      return mutate(chosen, readFileSync(path, 'utf8'))
    },
  }
}
