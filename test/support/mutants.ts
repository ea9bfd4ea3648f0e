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
    // Code that was taken back does not touch what a newer version wrote.
    name: 'rollback-refuses-newer',
    file: 'core/conversation/record.ts',
    find: '  if (stored.schema === RECORD_SCHEMA) return stored\n',
    replace:
      "  if (stored.schema > RECORD_SCHEMA) throw new Error('newer')\n  if (stored.schema === RECORD_SCHEMA) return stored\n",
    suite: 'test/workers/rollback.test.ts',
  },
  {
    // An upgrade replaces the secrets: every conversation is lost to its link.
    name: 'deploy-replaces-secrets',
    file: 'scripts/deploy/secrets.ts',
    find: "!present.includes(name) || (name === 'SETUP_TOKEN' && !isSetUp)",
    replace: "!present.includes(name) || !isSetUp || name === 'ID_SECRET'",
    suite: 'test/core/deploy.test.ts',
  },
  {
    // An upgrade from another machine takes the domain away.
    name: 'deploy-forgets-domain',
    file: 'scripts/deploy/plan.ts',
    find: '(worker?.origin ? new URL(worker.origin).hostname : WORKERS_DEV)',
    replace: '(worker ? WORKERS_DEV : WORKERS_DEV)',
    suite: 'test/core/deploy.test.ts',
  },
  {
    // A database that opens late is not heard of until the next page.
    name: 'late-database-ignored',
    file: 'web/widget/outbox/createOutbox.ts',
    find: '    moveTo(late)\n',
    replace: '',
    suite: 'test/web/widgetOutbox.test.ts',
  },
  {
    // Given to somebody whose dashboard nobody looks at.
    name: 'assigns-who-is-away',
    file: 'core/assignment.ts',
    find: "availability === 'available' && !disabled",
    replace: '!disabled',
    suite: 'test/core/assignment.test.ts',
  },
  {
    // One more than somebody may have.
    name: 'assigns-above-the-maximum',
    file: 'core/assignment.ts',
    find: 'open < maxOpen)',
    replace: 'open <= maxOpen)',
    suite: 'test/workers/assigning.test.ts',
  },
  {
    // Somebody was faster, and it is taken from them.
    name: 'assigns-what-somebody-has',
    file: 'core/conversation/decide.ts',
    find: "  if (record.team.assignee !== null) return 'already_assigned'\n",
    replace: '',
    suite: 'test/workers/assigning.test.ts',
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
    // What was taken from somebody is hidden from the next who looks, not from who is looking.
    name: 'hidden-but-still-open',
    file: 'durable-objects/conversation/conversation.ts',
    find: '    if (hidden) expel(this.#sockets, outcome.record)\n',
    replace: '',
    suite: 'test/workers/history.test.ts',
  },
  {
    // A program that runs wild fills a conversation.
    name: 'programs-unlimited',
    file: 'durable-objects/conversation/conversation.ts',
    find: 'this.#pace.tooSoon(actor) ?? ',
    replace: '',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // The audit log forgets a year too early.
    name: 'audit-log-forgets',
    file: 'worker/db/sweep.ts',
    find: 'now - AUDIT_KEPT_MS',
    replace: 'now',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // The list names it until what else is said there has been gathered.
    name: 'hidden-when-gathered',
    file: 'durable-objects/conversation/drain.ts',
    find: 'if (wait <= 0 || this.#atOnce)',
    replace: 'if (wait <= 0)',
    suite: 'test/workers/drain.test.ts',
  },
  {
    // The list shows what the sockets hide.
    name: 'sql-hides-nothing',
    file: 'worker/db/conversations.ts',
    find: 'return sql`(NOT ',
    replace: 'return sql`(1 OR NOT ',
    suite: 'test/workers/history.test.ts',
  },
  {
    // Who had it and lost it is forgotten with the next who has it.
    name: 'former-assignee-forgotten',
    file: 'core/conversation/state.ts',
    find: 'from === null ? others : [...others, from]',
    replace: 'from === null ? others : [from]',
    suite: 'test/core/state.test.ts',
  },
  {
    // Closed for good, until the visitor writes.
    name: 'ended-reopens',
    file: 'core/conversation/decide.ts',
    find: 'isEnded(record) ? endedFor(record) : [...reopened(record), said(text, command.quote)]',
    replace: '[...reopened(record), said(text, command.quote)]',
    suite: 'test/workers/model.test.ts',
  },
  {
    // Two tabs go on in two conversations.
    name: 'continues-twice',
    file: 'core/conversation/ending.ts',
    find: '  if (record.public.continuedIn) return endedFor(record)\n',
    replace: '',
    suite: 'test/workers/continuing.test.ts',
  },
  {
    // Who follows lets themself answer.
    name: 'followers-let-themselves-in',
    file: 'core/conversation/decide.ts',
    find: '|| mayWrite(record.policy, record.team, agent)',
    replace: "|| mayWrite({ mayWrite: 'anyone' }, record.team, agent)",
    suite: 'test/core/policy.test.ts',
  },
  {
    // An agent gives away what nobody has.
    name: 'assigns-what-nobody-has',
    file: 'core/conversation/may.ts',
    find: '(people.assignee === null && to === member)',
    replace: 'people.assignee === null',
    suite: 'test/workers/model.test.ts',
  },
  {
    // What was decided long ago comes late, and holds again.
    name: 'policy-goes-back',
    file: 'core/conversation/policy.ts',
    find: 'offered.version > kept.version',
    replace: 'offered.version !== kept.version',
    suite: 'test/workers/policies.test.ts',
  },
  {
    // Changed policies are told once, and whoever could not hear it never does.
    name: 'policy-told-once',
    file: 'worker/db/policies.ts',
    find: "    d1.prepare(NOTE_POLICIES).bind(newId('x'), id, now),\n",
    replace: '',
    suite: 'test/workers/policies.test.ts',
  },
  {
    // Acknowledges what it has not written yet; shows only when the power goes in between.
    name: 'ack-before-write',
    file: 'durable-objects/conversation/store.ts',
    find: '    this.logs.insert(entry, null)\n    this.#tail += 1\n',
    replace: '    setTimeout(() => this.logs.insert(entry, null), 30)\n    this.#tail += 1\n',
    suite: 'test/e2e/kill.e2e.ts',
  },
  {
    // Messages whose record was not written are forgotten by the next instance.
    name: 'tail-forgotten',
    file: 'durable-objects/conversation/store.ts',
    find: 'return tail.reduce(replayed, record)',
    replace: 'return record',
    suite: 'test/workers/durability.test.ts',
  },
  {
    // What is read from the log again has cost the visitor nothing.
    name: 'replay-without-limits',
    file: 'core/conversation/replay.ts',
    find: 'flood: taken?.ok ? taken.arrivals : record.flood',
    replace: 'flood: record.flood',
    suite: 'test/core/append.test.ts',
  },
  {
    // A message that was edited answers its writer as if it had been said so at first.
    name: 'repeat-of-the-edited',
    file: 'durable-objects/conversation/logs.ts',
    find: 'digest = coalesce(digest, ?)',
    replace: 'digest = nullif(digest, ?)',
    suite: 'test/workers/editing.test.ts',
  },
  {
    // Keeps what it knows in memory alone: all is well until the object sleeps.
    name: 'record-not-stored',
    file: 'durable-objects/conversation/store.ts',
    find: '      this.#write(json)\n    })',
    replace: '      if (entries.length > 2 || record.public.head < 3) this.#write(json)\n    })',
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
    file: 'durable-objects/conversation/timers.ts',
    find: '    if (set) this.#deps.setAlarm(timers.alarm)\n',
    replace: '',
    suite: 'test/workers/durability.test.ts',
  },
  {
    // A conversation that slept since before there were collaborators has no list of them.
    name: 'old-record-as-it-was',
    file: 'core/conversation/record.ts',
    find: 'collaborators: team.collaborators ?? [],',
    replace: '',
    suite: 'test/workers/skew.test.ts',
  },
  {
    // A welcome that clients of yesterday cannot read.
    name: 'welcome-renamed',
    file: 'durable-objects/conversation/welcome.ts',
    find: '    you: authorOf(actor),',
    replace: '    me: authorOf(actor),',
    suite: 'test/workers/skew.test.ts',
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
    // The alarm is asked for with every message, because of a silence that is days away.
    name: 'silence-costs-an-alarm',
    file: 'core/conversation/timers.ts',
    find: 'if (timers.alarm > now &&',
    replace: 'if (timers.alarm > now && record.policy.closeAfterMs === null &&',
    suite: 'test/workers/timers.test.ts',
  },
  {
    // An agent is promised half a minute, and one millisecond is missing.
    name: 'undo-off-by-one',
    file: 'core/conversation/deletion.ts',
    find: 'now >= undoneUntil(team.deletion)',
    replace: 'now >= undoneUntil(team.deletion) - 1',
    suite: 'test/core/decide.test.ts',
  },
  {
    // Hidden where it is live, and still in the pages of the index.
    name: 'deleted-stays-listed',
    file: 'worker/db/conversations.ts',
    find: 'isNull(conversations.deletedAt)',
    replace: 'undefined',
    suite: 'test/workers/deletion.test.ts',
  },
  {
    // Writes a step down before it is done: a crash in between, and what it was to remove stays for ever.
    name: 'purge-step-skipped',
    file: 'durable-objects/conversation/purge.ts',
    find: '        await within(STEP_MS, step.run(receipt))',
    replace: '        this.#keep([...done, step.name])\n        await within(STEP_MS, step.run(receipt))',
    suite: 'test/workers/purge.test.ts',
  },
  {
    // The first message, sent once more by a browser that never got the answer, begins what was deleted anew.
    name: 'tombstone-comes-to-life',
    file: 'durable-objects/conversation/conversation.ts',
    find: ' || this.#store.tombstone()) return null',
    replace: ') return null',
    suite: 'test/workers/deletion.test.ts',
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
    find: 'return [...cleared, ...statementsFor(db, { row, introduce: true })]',
    replace: 'return [...cleared.slice(1), ...statementsFor(db, { row, introduce: true })]',
    suite: 'test/workers/rebuild.test.ts',
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
  {
    // An edit is told to everybody who is here, and the message stays as it was said.
    name: 'edit-keeps-the-old-text',
    file: 'durable-objects/conversation/logs.ts',
    find: 'this.#sql.exec(set, JSON.stringify(body), first, n)',
    replace: 'this.#sql.exec(set, JSON.stringify(body), first, -n)',
    suite: 'test/workers/editing.test.ts',
  },
  {
    // Gone from the timeline, and still the last line of the list.
    name: 'preview-keeps-the-old-text',
    file: 'core/conversation/state.ts',
    find: 'if (ref === null || last?.n !== ref) return next',
    replace: 'if (ref === null || last?.n !== ref || last) return next',
    suite: 'test/workers/editing.test.ts',
  },
  {
    // One millisecond too few to edit.
    name: 'edit-window-off-by-one',
    file: 'core/conversation/editing.ts',
    find: 'now - message.at > policy.editWindowMs',
    replace: 'now - message.at >= policy.editWindowMs',
    suite: 'test/core/editing.test.ts',
  },
  {
    // That somebody writes a note shows as a frame that says nothing.
    name: 'note-typing-shows',
    file: 'durable-objects/conversation/signals.ts',
    find: 'else if (wasReplying)',
    replace: 'else if (wasReplying || where)',
    suite: 'test/workers/signals.test.ts',
  },
  {
    // Who closes the last tab is still shown as here.
    name: 'presence-outlives-the-socket',
    file: 'durable-objects/conversation/signals.ts',
    find: "if (attachment.actor.kind === 'agent') this.presenceChanged(socket)",
    replace: '',
    suite: 'test/workers/signals.test.ts',
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
    // Answers of the team count as unread.
    name: 'own-messages-are-unread',
    file: 'core/conversation/state.ts',
    find: "(entry.author.startsWith('visitor:') ? 1 : 0)",
    replace: '1',
    suite: 'test/workers/readMarkers.test.ts',
  },
  {
    // Of two tabs only one is closed when a member is disabled.
    name: 'disabled-keeps-a-socket',
    file: 'durable-objects/conversation/conversation.ts',
    find: 'for (const socket of this.#sockets.ofMember(member)) socket',
    replace: 'for (const socket of this.#sockets.ofMember(member).slice(1)) socket',
    suite: 'test/workers/rights.test.ts',
  },
  {
    // A socket that was on its way while the rights changed gets in.
    name: 'stale-rights-get-in',
    file: 'durable-objects/inbox/rights.ts',
    find: 'return !changed || changed.at < asOf',
    replace: 'return !changed || changed.at < asOf + 60_000',
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
    // Two owners who show each other out at once both succeed.
    name: 'last-owner-goes',
    file: 'worker/db/members.ts',
    find: "AND other.role = 'owner' AND other.disabled_at IS NULL",
    replace: '',
    suite: 'test/workers/rights.test.ts',
  },
  {
    // Takes the clock as it is: after it was set back, new messages stand before old ones.
    name: 'times-go-back',
    file: 'core/conversation/append.ts',
    find: 'at: Math.max(now, record.public.lastAt)',
    replace: 'at: now',
    suite: 'test/workers/clock.test.ts',
  },
  {
    // Whoever asks with an old revision is listened to all the same.
    name: 'stale-revision-wins',
    file: 'durable-objects/conversation/execute.ts',
    find: 'envelope.expectedRev !== record.team.rev',
    replace: 'envelope.expectedRev > record.team.rev',
    suite: 'test/workers/races.test.ts',
  },
  {
    // Counts in memory what was said through one connection, not what the visitor said.
    name: 'limit-not-kept',
    file: 'core/conversation/append.ts',
    find: 'flood: decision.flood,',
    replace: 'flood: { ...decision.flood, quick: 0 },',
    suite: 'test/workers/flood.test.ts',
  },
  {
    // The audit log tells of changes that were refused.
    name: 'audit-tells-what-was-not',
    file: 'worker/db/audit.ts',
    find: ' WHERE changes() > 0',
    replace: '',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // The audit log is written after the change, and may get lost.
    name: 'audit-beside-the-change',
    file: 'worker/db/members.ts',
    find: '    ...happened(before, to).map((what) => audited(workspace, what, now)),\n  ])\n',
    replace:
      '  ])\n  await d1.batch([d1.prepare("UPDATE members SET id = id WHERE id = ?").bind(before.id), ...happened(before, to).map((what) => audited(workspace, what, now))])\n',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // Who is taken out of a group keeps its rights until they happen to connect again.
    name: 'lost-right-not-felt',
    file: 'worker/db/groups.ts',
    find: '    d1.prepare(NOTE_GROUP).bind(workspace.id, id, now),\n    statement(d1, db.delete(groups)',
    replace: "    d1.prepare(NOTE_GROUP).bind(workspace.id, 'g_none', now),\n    statement(d1, db.delete(groups)",
    suite: 'test/workers/groups.test.ts',
  },
  {
    // An agent without the right takes over what is somebody else's by accepting it.
    name: 'accept-without-right',
    file: 'core/conversation/decide.ts',
    find: "  if (!mayReassign(agent, record.team.assignee, agent.member)) return 'not_allowed'\n",
    replace: '',
    suite: 'test/workers/groups.test.ts',
  },
  {
    // Who may change settings may change groups, and so give themself every right.
    name: 'settings-gives-all-rights',
    file: 'worker/auth/authorize.ts',
    find: "'groups.change': ADMINS",
    replace: "'groups.change': 'settings'",
    suite: 'test/workers/groups.test.ts',
  },
  {
    // Lost when the tab is closed right after Enter: the page goes before the browser has been told to keep it.
    name: 'kept-when-the-page-has-heard',
    file: 'web/widget/outbox/outboxStore.ts',
    find: '      transaction.commit()\n',
    replace: '',
    suite: 'test/web/widgetOutbox.test.ts',
  },
  {
    // One visitor who holds a key down floods every dashboard that has the conversation open.
    name: 'typing-without-pace',
    file: 'durable-objects/conversation/signals.ts',
    find: "if (this.#pace.takes('typing', actor))",
    replace: "if (this.#pace.takes('typing', actor) || true)",
    suite: 'test/workers/signals.test.ts',
  },
  {
    // Drops the end with everything else that comes too fast: somebody who has gone is said to be writing.
    name: 'end-of-typing-is-dropped',
    file: 'durable-objects/conversation/signals.ts',
    find: 'else if (told !== null && told !== where)',
    replace: 'else if (told === where && told !== where)',
    suite: 'test/workers/signals.test.ts',
  },
  {
    // Who gives another email a thousand times over has every dashboard draw each of them.
    name: 'contact-without-limit',
    file: 'worker/routes/widget.ts',
    find: "if (retryAt !== null) throw problem('too_many_attempts', { retryAt })",
    replace: '',
    suite: 'test/workers/visitors.test.ts',
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
    // A key that was revoked goes on working.
    name: 'revoked-key-works',
    file: 'worker/db/apiKeys.ts',
    find: 'WHERE key_hash = ?1 AND revoked_at IS NULL',
    replace: 'WHERE key_hash = ?1',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // A key may ask for everything that any key may.
    name: 'scope-ignored',
    file: 'worker/auth/authorize.ts',
    find: "  if (!key.scopes.includes(scope)) throw problem('scope_missing')\n",
    replace: '',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // A command of a key is not asked for its scope.
    name: 'command-scope-ignored',
    file: 'core/conversation/decide.ts',
    find: "  if (!key.scopes.includes(scope)) return 'scope_missing'\n",
    replace: '',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // Every key reads the team's log.
    name: 'key-reads-notes',
    file: 'durable-objects/conversation/sockets.ts',
    find: "actor.scopes.includes('notes:read') ? 'team' : 'visitor'",
    replace: "'team'",
    suite: 'test/workers/keys.test.ts',
  },
  {
    // A key opens the conversations of every workspace.
    name: 'key-of-another-workspace',
    file: 'durable-objects/conversation/admission.ts',
    find: 'return workspace === conversation.workspace ? key : null',
    replace: 'return workspace ? key : null',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // What is asked a second time under one name is answered with the first, whatever it was.
    name: 'idempotency-conflict-missed',
    file: 'durable-objects/conversation/execute.ts',
    find: 'if (earlier.digest !== digestOfRequest(this.#deps.secret, record.id, asked))',
    replace: 'if (earlier.digest === asked)',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // Only what came of it is looked at: a line break in a header is found when it has become a header.
    name: 'mail-breaks-let-through',
    file: 'worker/mail/faults.ts',
    find: 'BREAKS.test(line) || ',
    replace: '',
    suite: 'test/workers/mailComposed.test.ts',
  },
  {
    // A name stands in the mail as somebody typed it.
    name: 'mail-name-as-it-is',
    file: 'worker/mail/compose.ts',
    find: '    To: address(mail.to),',
    replace: "    To: mail.to.name + ' <' + mail.to.address + '>',",
    suite: 'test/workers/mailComposed.test.ts',
  },
  {
    // The server fell silent after it had the mail: sent again, the mail may arrive twice.
    name: 'mail-silence-is-no',
    file: 'worker/mail/smtp/deliver.ts',
    find: '    dotSent = true\n',
    replace: '',
    suite: 'test/workers/mailTransports.test.ts',
  },
  {
    // A line that is a dot alone ends the mail.
    name: 'mail-ends-early',
    file: 'worker/mail/smtp/deliver.ts',
    find: "raw.replace(/^\\./gm, '..')",
    replace: 'raw',
    suite: 'test/workers/mailTransports.test.ts',
  },
  {
    // What shows mails to everybody on one's own machine is deployed, too.
    name: 'mailbox-deployed',
    file: 'worker/app.ts',
    find: 'if (LOCAL_MAILBOX) app.route',
    replace: 'if (app) app.route',
    suite: 'test/e2e/mailbox.e2e.ts',
  },
  {
    // Whoever got hold of an older link sets the password once more.
    name: 'other-reset-links-live-on',
    file: 'worker/db/accounts.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one
    find: 'WHERE user_id = (${link}) RETURNING',
    replace: 'WHERE token_hash = ?1 AND expires_at > ?2 RETURNING',
    suite: 'test/workers/accountMails.test.ts',
  },
  {
    // A code of six digits is guessed, given the time.
    name: 'sender-code-guessed',
    file: 'worker/db/senders.ts',
    find: ' AND tries_left > 0',
    replace: '',
    suite: 'test/workers/senders.test.ts',
  },
  {
    // Mail leaves in the name of a domain that only looks like ours.
    name: 'sender-of-another-domain',
    file: 'worker/mail/workspaceMail.ts',
    find: '.includes(domainOf(address))',
    replace: '.some((domain) => address.includes(domain))',
    suite: 'test/workers/senders.test.ts',
  },
  {
    // What was deleted is told once more, in the transcript.
    name: 'transcript-tells-deleted',
    file: 'core/conversation/transcript.ts',
    find: '.filter(({ body }) => body.deletedAt === undefined)',
    replace: '',
    suite: 'test/core/transcript.test.ts',
  },
  {
    // What was said after somebody asked for it, and what was erased since, is told as it was then.
    name: 'transcript-of-then',
    file: 'core/conversation/transcript.ts',
    find: '    const ref = rewrites(entry)',
    replace: '    const ref = entry.n > until ? null : rewrites(entry)',
    suite: 'test/core/transcript.test.ts',
  },
  {
    // The size of a mail is that of its bodies, before base64 makes a third more of it.
    name: 'transcript-too-large',
    file: 'worker/mail/transcript.tsx',
    find: 'return base64 + Math.ceil(base64 / 76) * 2',
    replace: 'return plain',
    suite: 'test/workers/transcript.test.ts',
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
