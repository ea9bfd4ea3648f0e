/** Plays that went wrong once with a seeded bug, as short as they were shrunk: each is played again in every run. */
import type { Command, Rules } from '../referenceWords.ts'
import { MEMBERS, type Who } from '../scripted.ts'

export interface Step {
  who: Who
  command: Command
  /** Sends an earlier client id of the same writer once more, with this command or with the one it had. */
  again: number | null
  /** The object is evicted after it. */
  sleep: boolean
  /** Before it is durable or after; in either case the writer hears nothing, and sends it again. */
  crash: 'before' | 'after' | null
  /** How the clock moves before it, in milliseconds. */
  jump: number
  retry: boolean
  /** The assistant names who handled it before the last change. */
  late: boolean
}

export const does = (who: Who, command: Command, how: Partial<Step> = {}): Step => ({
  ...{ again: null, sleep: false, crash: null, jump: 0, retry: false, late: false },
  ...{ who, command, ...how },
})

const FIRST: Rules = {
  reopen: 'any_message',
  mayWrite: 'anyone',
  mayAssign: 'anyone',
  history: 'keep',
  assistant: true,
}

type Play = [steps: Step[], sameCommand: boolean, rules: Rules]

export const SHRUNK: Play[] = [
  // epoch-not-raised
  [[], false, FIRST],
  // ended-reopens
  [
    [does('robot', { type: 'set_status', to: 'closed' }), does('visitor', { type: 'send_message', text: 'hello' })],
    false,
    { ...FIRST, reopen: 'never' },
  ],
  // assigns-what-nobody-has
  [[does('ben', { type: 'assign', to: MEMBERS.ana })], false, { ...FIRST, mayAssign: 'assignee_and_admins' }],
  // repeats-not-recognised
  [[does('visitor', { type: 'delete_message', ref: 1 }, { again: 0 })], false, FIRST],
  // deleting-answers-repeats
  [[does('ana', { type: 'delete' }), does('ana', { type: 'release', from: MEMBERS.ana }, { again: 0 })], false, FIRST],
  // edit-by-who-may-not-write
  [
    [
      does('ana', { type: 'send_message', text: 'hello' }),
      does('ben', { type: 'edit_message', ref: 1, text: 'hello' }),
    ],
    false,
    { ...FIRST, mayWrite: 'assignee_and_collaborators' },
  ],
]
