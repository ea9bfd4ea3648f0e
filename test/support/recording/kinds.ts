/**
 * Everything that may be said between clients, Worker and objects,
 * by kind: the compiler sees to it that none is missing.
 */
import type { Command } from '../../../core/conversation/command.ts'
import type { EffectCall } from '../../../core/protocol/effectCalls.ts'
import type { ClientFrame, ServerFrame } from '../../../core/protocol/frames.ts'
import type { Identity } from '../../../core/protocol/identity.ts'
import type { InboxClientFrame, InboxFrame } from '../../../core/protocol/inboxFrames.ts'
import type { Recording } from './library.ts'
import { type Call, callsOf, OBJECTS } from './recorder.ts'

type All<Kind extends string> = Record<Kind, true>

const COMMANDS: All<Command['type']> = {
  start: true,
  send_message: true,
  add_note: true,
  edit_message: true,
  delete_message: true,
  accept: true,
  assign: true,
  release: true,
  add_collaborator: true,
  remove_collaborator: true,
  set_priority: true,
  set_status: true,
  hand_off: true,
  close: true,
  continue_in: true,
  reopen: true,
  send_transcript: true,
  retry_transcript: true,
  settle_transcript: true,
  request_rating: true,
  submit_rating: true,
  score_conversation: true,
  delete: true,
  restore: true,
  tell_ban: true,
}
const EFFECTS: All<EffectCall['do']> = { claim: true, tell: true, list: true }
const CALLERS: All<Identity['kind']> = { visitor: true, agent: true, key: true, assistant: true, system: true }
const FROM_CLIENTS: All<ClientFrame['type']> = { command: true, seen: true, typing: true, more: true }
const FROM_DASHBOARDS: All<InboxClientFrame['type']> = { read: true, mark_unread: true, presence: true }
const TO_CLIENTS: All<ServerFrame['type']> = {
  welcome: true,
  entries: true,
  refused: true,
  cursors: true,
  policy: true,
  signal: true,
  present: true,
  error: true,
}
const TO_DASHBOARDS: All<InboxFrame['type']> = {
  welcome: true,
  policy: true,
  rows: true,
  removed: true,
  markers: true,
  members: true,
  counts: true,
  contact: true,
  ban: true,
  changed: true,
}

const named = (group: string, kinds: object) => Object.keys(kinds).map((kind) => `${group} ${kind}`)

/** Every kind there is today. */
export function kindsOfToday(): string[] {
  return [
    ...(Object.keys(OBJECTS) as Array<Call['object']>).flatMap((object) =>
      callsOf(OBJECTS[object]).map((name) => `${object} ${name}`),
    ),
    ...named('command', COMMANDS),
    ...named('effect', EFFECTS),
    ...named('caller', CALLERS),
    ...named('from client', FROM_CLIENTS),
    ...named('from dashboard', FROM_DASHBOARDS),
    ...named('to client', TO_CLIENTS),
    ...named('to dashboard', TO_DASHBOARDS),
  ].sort()
}

/** Every kind that a recording holds. */
export function kindsIn({ calls, sent, received }: Pick<Recording, 'calls' | 'sent' | 'received'>): Set<string> {
  const found = new Set<string>()
  for (const { object, name, args } of calls) {
    found.add(`${object} ${name}`)
    const given = args[0] as { identity?: Identity; envelope?: { command: Command } } & Partial<EffectCall>
    if (name === 'dispatch') found.add(`command ${given.envelope?.command.type}`).add(`caller ${given.identity?.kind}`)
    if (name === 'effect') found.add(`effect ${given.do}`)
  }
  for (const { who, text } of sent) {
    const { type, command } = JSON.parse(text)
    found.add(`from ${who === 'inbox' ? 'dashboard' : 'client'} ${type}`)
    if (command) found.add(`command ${command.type}`)
  }
  for (const [who, frames] of Object.entries(received))
    for (const { type } of frames) found.add(`to ${who === 'inbox' ? 'dashboard' : 'client'} ${type}`)
  return found
}
