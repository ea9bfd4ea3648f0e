/** Seeded bugs: what the inbox object keeps and brings to D1. */
import type { Mutant } from '../mutants.ts'

export const INBOX: readonly Mutant[] = [
  {
    // A conversation takes for told what a crash within a twentieth of a second makes untold: nobody hears of it again.
    name: 'told-before-stored',
    file: 'durable-objects/inbox/inbox.ts',
    find: '    await this.#rows.stored(id)\n',
    replace: '',
    suite: 'test/workers/gathering.test.ts',
  },
  {
    // What a conversation was told of a ban, and lost, it never hears again.
    name: 'bans-told-once',
    file: 'durable-objects/inbox/inbox.ts',
    find: 'if (!this.#bans.differs(standing, Date.now())) return',
    replace: 'if (this.#bans.version >= 0) return',
    suite: 'test/workers/bans.test.ts',
  },
  {
    // What was decided before a sleep is decided anew, for another.
    name: 'assigns-anew-after-sleep',
    file: 'durable-objects/inbox/assigning.ts',
    find: 'choose(policy, before) ?? ',
    replace: '',
    suite: 'test/workers/assigning.test.ts',
  },
  {
    // Who has closed one is given no other until somebody new comes.
    name: 'freed-unnoticed',
    file: 'durable-objects/inbox/assigning.ts',
    find: 'return this.#isLeft || isNobodys(status, assignee)',
    replace: 'return isNobodys(status, assignee)',
    suite: 'test/workers/assigning.test.ts',
  },
  {
    // What could not be given is tried again when something else happens, or never.
    name: 'assigns-once',
    file: 'durable-objects/inbox/assigning.ts',
    find: 'this.#due = failed.size > 0 ? Date.now() : null',
    replace: 'this.#due = null',
    suite: 'test/workers/assigning.test.ts',
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
    // Shown at once, and gone with the next reading of the list.
    name: 'priority-not-indexed',
    file: 'durable-objects/inbox/d1Index.ts',
    find: ', priority = excluded.priority',
    replace: '',
    suite: 'test/workers/priority.test.ts',
  },
  {
    // A row that was on its way puts a purged conversation back into the list.
    name: 'late-row-comes-back',
    file: 'durable-objects/inbox/inbox.ts',
    find: 'this.#burials.has(row.id) ? null : this.#rows.keep',
    replace: 'this.#rows.keep',
    suite: 'test/workers/deletion.test.ts',
  },
  {
    // Writes what differs only where the index does not claim to be newer.
    name: 'rebuild-believes-the-index',
    file: 'durable-objects/inbox/d1Index.ts',
    find: 'return [...cleared, ...statementsFor(db, [{ row, introduce: true }])]',
    replace: 'return [...cleared.slice(1), ...statementsFor(db, [{ row, introduce: true }])]',
    suite: 'test/workers/rebuild.test.ts',
  },
  {
    // A tab that is further up takes back what another has read.
    name: 'marker-goes-back',
    file: 'durable-objects/inbox/markers.ts',
    find: 'visitor: Math.max(held?.visitor ?? 0, seen.visitor)',
    replace: 'visitor: seen.visitor',
    suite: 'test/workers/readMarkers.test.ts',
  },
  {
    // The same in the index, where it shows only after the object has forgotten.
    name: 'stored-marker-goes-back',
    file: 'durable-objects/inbox/d1Index.ts',
    find: 'seen_visitor = max(seen_visitor, excluded.seen_visitor)',
    replace: 'seen_visitor = excluded.seen_visitor',
    suite: 'test/workers/readMarkers.test.ts',
  },
  {
    // A socket that was on its way while the rights changed gets in.
    name: 'stale-rights-get-in',
    file: 'durable-objects/inbox/rights.ts',
    find: 'if (!changed || changed.at < asOf)',
    replace: 'if (!changed || changed.at < asOf + 60_000)',
    suite: 'test/workers/rights.test.ts',
  },
  {
    // Closed conversations lose who served them, too.
    name: 'closed-ones-are-given-back',
    file: 'durable-objects/inbox/rows.ts',
    find: "WHERE assignee = ? AND status <> 'closed'",
    replace: 'WHERE assignee = ?',
    suite: 'test/workers/rights.test.ts',
  },
  {
    // What the inbox object forgets with a sleep: a row that comes late puts the counts back to what they were.
    name: 'late-row-after-sleep',
    file: 'durable-objects/inbox/rows.ts',
    find: "        this.#db.sql.exec('UPDATE known SET rev = ?2 WHERE id = ?1 AND rev < ?2', id, rev)\n",
    replace: '',
    suite: 'test/workers/readMarkers.test.ts',
  },
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
    // What a start took of a limit is forgotten with the next sleep where no conversation came of it.
    name: 'limit-kept-in-memory-alone',
    file: 'durable-objects/inbox/limits.ts',
    find: '    if (this.#unwritten.size === 0) setTimeout(() => this.write(), WRITTEN_AFTER_MS)\n',
    replace: '',
    suite: 'test/workers/admission.test.ts',
  },
]
