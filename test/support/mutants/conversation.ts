/** Seeded bugs: how a conversation stores, tells and wakes. */
import type { Mutant } from '../mutants.ts'

export const CONVERSATION: readonly Mutant[] = [
  {
    // Whoever sent a message gets it again out of a conversation that is being deleted.
    name: 'deleting-answers-repeats',
    file: 'durable-objects/conversation/execute.ts',
    find: '      if (repeat && hidden) return',
    replace: '      if (repeat && !repeat) return',
    suite: 'test/workers/model.test.ts',
  },
  {
    // What the team says among itself goes into the prompt.
    name: 'assistant-reads-notes',
    file: 'durable-objects/conversation/sockets.ts',
    find: "actor.kind === 'visitor' || actor.kind === 'assistant' ? 'visitor'",
    replace: "actor.kind === 'visitor' ? 'visitor'",
    suite: 'test/workers/assistant.test.ts',
  },
  {
    // Any assistant of the workspace speaks in every channel.
    name: 'assistant-of-another-channel',
    file: 'durable-objects/conversation/admission.ts',
    find: ' && assistant.id === conversation.policy.assistant ? assistant',
    replace: ' ? assistant',
    suite: 'test/workers/matrix.test.ts',
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
    // The list names it until what else is said there has been gathered.
    name: 'hidden-when-gathered',
    file: 'durable-objects/conversation/drain.ts',
    find: 'if (wait <= 0 || this.#atOnce)',
    replace: 'if (wait <= 0)',
    suite: 'test/workers/drain.test.ts',
  },
  {
    // After a burst whoever wakes reads everything that was said in it, and so does whoever wakes after that.
    name: 'tail-never-shortened',
    file: 'durable-objects/conversation/rooms.ts',
    find: '.finally(() => store.shorten())',
    replace: '',
    suite: 'test/workers/burst.test.ts',
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
    // The safety alarm is forgotten: what could not be told is never told.
    name: 'no-safety-alarm',
    file: 'durable-objects/conversation/timers.ts',
    find: '    if (set) this.#deps.setAlarm(timers.alarm)\n',
    replace: '',
    suite: 'test/workers/durability.test.ts',
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
    // An edit is told to everybody who is here, and the message stays as it was said.
    name: 'edit-keeps-the-old-text',
    file: 'durable-objects/conversation/logs.ts',
    find: 'this.#sql.exec(set, JSON.stringify(body), first, n)',
    replace: 'this.#sql.exec(set, JSON.stringify(body), first, -n)',
    suite: 'test/workers/editing.test.ts',
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
    // Of two tabs only one is closed when a member is disabled.
    name: 'disabled-keeps-a-socket',
    file: 'durable-objects/conversation/conversation.ts',
    find: 'for (const socket of this.#sockets.ofMember(member)) socket',
    replace: 'for (const socket of this.#sockets.ofMember(member).slice(1)) socket',
    suite: 'test/workers/rights.test.ts',
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
    // Who asks for a page has one more row read, to be told by it that the object is still the one.
    name: 'page-confirmed-by-a-row',
    file: 'durable-objects/conversation/conversation.ts',
    find: 'this.#store.living(this.#store.recall())',
    replace: 'this.#store.living()',
    suite: 'test/workers/counters.test.ts',
  },
  {
    // Every socket from the visitor's address passes for the one that was announced.
    name: 'one-announced-socket-for-all',
    file: 'durable-objects/conversation/registry.ts',
    find: '    this.#beginner = null\n    return beginner.opened',
    replace: '    return beginner.opened',
    suite: 'test/workers/admission.test.ts',
  },
]
