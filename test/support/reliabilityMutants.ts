/** Seeded bugs of the reliability programme: what is told, written, resumed and started again. */
import type { Mutant } from './mutants.ts'

export const RELIABILITY_MUTANTS: readonly Mutant[] = [
  {
    // What D1 did not take is forgotten as if it had.
    name: 'dirty-row-dropped',
    file: 'durable-objects/inbox/flush.ts',
    find: '    if (!(await deps.alive())) return false\n',
    replace:
      '    if (!(await deps.alive())) {\n      deps.taken(rows.map(({ row }) => row))\n      return false\n    }\n',
    suite: 'test/workers/d1Drill.test.ts',
  },
  {
    // One call that failed keeps a row out of the index for an hour.
    name: 'refused-once-waits-an-hour',
    file: 'durable-objects/inbox/rows.ts',
    find: 'min(?2 << min(parked, 20), ?3)',
    replace: 'max(?2 << min(parked, 20), ?3)',
    suite: 'test/workers/d1Drill.test.ts',
  },
  {
    // An object that dies while it tells the inbox goes on when its silence is to be closed, a month later.
    name: 'crash-while-telling-forgotten',
    file: 'durable-objects/conversation/timers.ts',
    find: 'const soon = next === null ? null : this.#again()',
    replace: 'const soon = next === null ? null : this.#set(next)',
    suite: 'test/workers/d1Drill.test.ts',
  },
  {
    // The alarm believes that everything was told.
    name: 'settles-without-telling',
    file: 'durable-objects/conversation/drain.ts',
    find: 'if (this.delivered(row)) return true',
    replace: 'if (this.delivered(row) || row.rev > 0) return true',
    suite: 'test/workers/crashPoints.test.ts',
  },
  {
    // Whoever comes back is sent the newest page, whatever they have.
    name: 'resume-forgets-from-where',
    file: 'durable-objects/conversation/resume.ts',
    find: 'return visible == null ? null',
    replace: 'return visible !== undefined ? null',
    suite: 'test/workers/reconnect.test.ts',
  },
  {
    // Every agent changes groups, and with them their own rights.
    name: 'agents-change-groups',
    file: 'worker/auth/authorize.ts',
    find: "'groups.change': ADMINS",
    replace: "'groups.change': AGENTS",
    suite: 'test/workers/rights.test.ts',
  },
  {
    // A clock that was set back days ago lets nobody write until it is where it was.
    name: 'limit-waits-for-the-clock',
    file: 'core/conversation/limits.ts',
    find: 'arrival > now + window ? now : Math.max(arrival, now)',
    replace: 'Math.max(arrival, now)',
    suite: 'test/workers/clock.test.ts',
  },
  {
    // An installation that was there before the newest migrations never gets them.
    name: 'old-database-as-it-is',
    file: 'scripts/local/database.mjs',
    find: " && readFileSync(noted, 'utf8') === digest) return",
    replace: ') return',
    suite: 'test/e2e/upgrade.e2e.ts',
  },
]
