/** Seeded bugs: what `core` decides. */
import type { Mutant } from '../mutants.ts'

export const RULES: readonly Mutant[] = [
  {
    // A program reopens what was closed for good while nobody looked.
    name: 'key-brings-no-policies',
    file: 'core/protocol/identity.ts',
    find: 'identity.workspace === workspace ? identity.policies : undefined',
    replace: 'undefined',
    suite: 'test/core/policy.test.ts',
  },
  {
    // A mail that was sent is changed here, and stands there as it was.
    name: 'edits-what-was-mailed',
    file: 'core/channelKinds.ts',
    find: 'ticks: false, edits: false',
    replace: 'ticks: false, edits: true',
    suite: 'test/core/editing.test.ts',
  },
  {
    // Who lost the conversation puts new words into an old message.
    name: 'edit-by-who-may-not-write',
    file: 'core/conversation/editing.ts',
    find: "writer.kind === 'agent' && !mayWrite(where.policy, where.team, writer)",
    replace: 'mayWrite === undefined',
    suite: 'test/core/policy.test.ts',
  },
  {
    // A millisecond too early: no test that asks at once and a day later sees it.
    name: 'rating-window-a-millisecond-short',
    file: 'core/conversation/rating.ts',
    find: 'now < again',
    replace: 'now + 1 < again',
    suite: 'test/core/rating.test.ts',
  },
  {
    // The prompt carries the name of who asked.
    name: 'prompt-names-who-asked',
    file: 'core/conversation/append.ts',
    find: "return event.type === 'rating.prompted' ? 'system' : author",
    replace: 'return event.type ? author : author',
    suite: 'test/core/rating.test.ts',
  },
  {
    // Whoever is banned comes back with the same address, written as IPv6.
    name: 'mapped-address-is-another',
    file: 'core/bans/network.ts',
    find: 'return v4 === null ? null : MAPPED | v4',
    replace: 'return v4',
    suite: 'test/core/bans.test.ts',
  },
  {
    // A message for somebody who is blocked passes as a correction of an old one.
    name: 'block-lets-edits-pass',
    file: 'core/conversation/blocking.ts',
    find: "'edit_message', 'request_rating'",
    replace: "'request_rating'",
    suite: 'test/core/bans.test.ts',
  },
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
    // The assistant says what it thought of before somebody stepped in and gave the conversation back.
    name: 'epoch-ignored',
    file: 'core/conversation/assisting.ts',
    find: ' || command.epoch !== record.epoch)',
    replace: ')',
    suite: 'test/workers/assistant.test.ts',
  },
  {
    // A person steps in, and the assistant is told of no change.
    name: 'epoch-not-raised',
    file: 'core/conversation/assisting.ts',
    find: "type === 'conversation.status_changed'",
    replace: "type === 'agent.joined'",
    suite: 'test/workers/model.test.ts',
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
    find: '(isEnded(record) ? endedFor(record) : heard(record))',
    replace: 'heard(record)',
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
    // What is read from the log again has cost the visitor nothing.
    name: 'replay-without-limits',
    file: 'core/conversation/replay.ts',
    find: 'flood: taken?.ok ? taken.arrivals : record.flood',
    replace: 'flood: record.flood',
    suite: 'test/core/append.test.ts',
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
    find: "if (audience === 'team' || isForAll(entries)) return [...entries]",
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
    // A conversation that slept since before there were collaborators has no list of them.
    name: 'old-record-as-it-was',
    file: 'core/conversation/record.ts',
    find: 'collaborators: team.collaborators ?? [],',
    replace: '',
    suite: 'test/workers/skew.test.ts',
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
    // A limit that refuses one millisecond too long.
    name: 'limit-off-by-one',
    file: 'core/conversation/limits.ts',
    find: 'return next - now <= window',
    replace: 'return next - now < window',
    suite: 'test/core/limits.test.ts',
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
    // Answers of the team count as unread.
    name: 'own-messages-are-unread',
    file: 'core/conversation/state.ts',
    find: "(entry.author.startsWith('visitor:') ? 1 : 0)",
    replace: '1',
    suite: 'test/workers/readMarkers.test.ts',
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
    // Counts in memory what was said through one connection, not what the visitor said.
    name: 'limit-not-kept',
    file: 'core/conversation/append.ts',
    find: 'flood: decision.flood,',
    replace: 'flood: { ...decision.flood, quick: 0 },',
    suite: 'test/workers/flood.test.ts',
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
    // A command of a key is not asked for its scope.
    name: 'command-scope-ignored',
    file: 'core/conversation/decide.ts',
    find: '  if (!key.scopes.includes(scope)) return scopeMissing(scope)\n',
    replace: '',
    suite: 'test/workers/keys.test.ts',
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
    // What is delivered twice is sent twice.
    name: 'effect-claimed-twice',
    file: 'core/conversation/effects.ts',
    find: "if (effect.state !== 'pending') return null\n  return {",
    replace: "if (effect.state === 'done') return null\n  return {",
    suite: 'test/core/effects.test.ts',
  },
  {
    // The alarm is asked for anew, and what was promised is forgotten.
    name: 'armed-forgets-promises',
    file: 'core/conversation/timers.ts',
    find: 'timers: { ...timers, drain, alarm:',
    replace: 'timers: { drain, alarm:',
    suite: 'test/core/timers.test.ts',
  },
  {
    // The sixth transcript goes out a moment too early.
    name: 'transcript-window-opens-early',
    file: 'core/conversation/transcriptRequests.ts',
    find: 'Math.abs(now - at) < TRANSCRIPT_WINDOW_MS',
    replace: 'Math.abs(now - at) < TRANSCRIPT_WINDOW_MS - 1',
    suite: 'test/core/transcriptRequests.test.ts',
  },
  {
    // A clock that was set back days ago lets nobody write until it is where it was.
    name: 'limit-waits-for-the-clock',
    file: 'core/conversation/limits.ts',
    find: 'arrival > now + window ? now : Math.max(arrival, now)',
    replace: 'Math.max(arrival, now)',
    suite: 'test/workers/clock.test.ts',
  },
]
