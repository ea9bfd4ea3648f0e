import type { AuditEntry } from '../../../core/api/audit.ts'
import type { AuditAction, AuditKind } from '../../../core/audit.ts'
import { contactName } from '../../../core/contactName.ts'
import { RIGHT_WORDS, RIGHTS } from '../../../core/rights.ts'
import { decision, policyName } from './policyWords.ts'
import { ROLE_WORDS } from './roles.ts'

/** Kinds of entries, as the filter names them. */
export const KIND_WORDS: Readonly<Record<AuditKind, string>> = {
  member: 'Members',
  invitation: 'Invitations',
  group: 'Groups',
  key: 'API keys',
  sender: 'Senders',
  smtp: 'Mail server',
  ban: 'Bans',
  channel: 'Channels',
  conversation: 'Conversations',
  report: 'Reports',
  workspace: 'Workspace',
}

/** A name in a sentence of another direction must not turn it around. */
const isolated = (name: string) => `\u2068${name}\u2069`
const word = (value: unknown): string => (typeof value === 'string' ? value : '?')
const roleName = (value: unknown): string =>
  value === 'owner' || value === 'admin' || value === 'agent' ? ROLE_WORDS[value].name : word(value)
const CHANNEL_PARTS: Readonly<Record<string, string>> = { origins: 'allowed websites' }
const parts = (value: unknown): string =>
  Array.isArray(value) ? value.map((part) => CHANNEL_PARTS[String(part)] ?? String(part)).join(', ') : '?'

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const rightNames = (value: unknown): string =>
  RIGHTS.filter((right) => listed(value).includes(right))
    .map((right) => RIGHT_WORDS[right].name)
    .join(', ') || 'none'
const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

function groupParts(detail: AuditEntry['detail']): string {
  const said = [
    detail['from'] === undefined ? '' : `it was called ${isolated(word(detail['from']))}`,
    detail['rights'] === undefined ? '' : `its rights are now: ${rightNames(detail['rights'])}`,
    detail['added'] === undefined ? '' : `${counted(listed(detail['added']).length, 'member')} put in`,
    detail['removed'] === undefined ? '' : `${counted(listed(detail['removed']).length, 'member')} taken out`,
  ].filter(Boolean)
  return said.length > 0 ? `; ${said.join('; ')}` : ''
}

/** A receipt says how many entries there were, of both logs. */
function entryCount(entries: unknown): string {
  if (typeof entries !== 'object' || entries === null) return ''
  const numbers = Object.values(entries).filter((n) => typeof n === 'number')
  return `: ${numbers.reduce((sum, n) => sum + n, 0)} entries`
}

const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
/** A day of the workspace's calendar, as the reader writes days. */
const dayName = (date: unknown): string => {
  const midnight = Date.parse(`${word(date)}T00:00:00Z`)
  return Number.isNaN(midnight) ? word(date) : calendar.format(midnight)
}
const span = ({ from, to }: AuditEntry['detail']): string =>
  from === to ? dayName(to) : `${dayName(from)} to ${dayName(to)}`
const onlyOf = (channel: unknown): string =>
  channel === undefined ? '' : `, of the channel ${isolated(word(channel))} alone`

/** Entries from before it was kept say what was decided, and not how. */
function decisions({ changed, to }: AuditEntry['detail']): string {
  const names = listed(changed).map(word)
  if (typeof to !== 'object' || to === null) return names.map(policyName).join(', ')
  const values = new Map<string, unknown>(Object.entries(to))
  return names.map((name) => decision(name, values.get(name))).join('; ')
}

type Say = (subject: string, detail: AuditEntry['detail'], isOwn: boolean) => string

/** What comes after the name of who did it. */
const SAY: Readonly<Record<AuditAction, Say>> = {
  'workspace.created': (subject) => `opened the workspace ${subject}`,
  'member.joined': (_, detail) => `joined as ${roleName(detail['role'])}`,
  'member.renamed': (_, detail) =>
    `changed their name from ${isolated(word(detail['from']))} to ${isolated(word(detail['to']))}`,
  'member.role_changed': (subject, detail, isOwn) =>
    `changed ${isOwn ? 'their own role' : `the role of ${subject}`} from ${roleName(detail['from'])} to ${roleName(detail['to'])}`,
  'member.disabled': (subject) => `disabled ${subject}`,
  'member.enabled': (subject) => `enabled ${subject}`,
  'member.reset_issued': (subject, _, isOwn) =>
    `made a link to reset ${isOwn ? 'their own password' : `the password of ${subject}`}`,
  'member.reset_requested': () => 'asked for a new password by mail',
  'member.password_set': () => 'set a new password by a reset link',
  'member.signed_out': () => 'signed out everywhere',
  'invitation.created': (subject, detail) => `invited ${subject} as ${roleName(detail['role'])}`,
  'invitation.revoked': (subject) => `withdrew the invitation of ${subject}`,
  'group.created': (subject, detail) => `added the group ${subject} with the rights: ${rightNames(detail['rights'])}`,
  'group.changed': (subject, detail) => `changed the group ${subject}${groupParts(detail)}`,
  'group.deleted': (subject) => `deleted the group ${subject}`,
  'key.created': (subject, detail) =>
    `made the API key ${subject} with the scopes: ${listed(detail['scopes']).join(', ')}`,
  'key.revoked': (subject) => `revoked the API key ${subject}`,
  'sender.added': (subject) => `added the sender ${subject}`,
  'sender.verified': (subject) => `verified the sender ${subject}`,
  'sender.removed': (subject) => `removed the sender ${subject}`,
  'smtp.changed': (_, detail) => `set the mail server to ${isolated(word(detail['name']))}`,
  'smtp.removed': (_, detail) => `removed the mail server ${isolated(word(detail['name']))}`,
  'ban.placed': (subject, detail) =>
    detail['kind'] === 'ban'
      ? `banned ${subject}`
      : `${detail['scope'] === 'network' ? 'banned' : 'blocked'} ${subject}`,
  'ban.lifted': (subject) => `unbanned ${subject}`,
  'channel.created': (subject) => `added the channel ${subject}`,
  'conversation.deleted': (subject, detail) =>
    `deleted the conversation ${subject} for good${entryCount(detail['entries'])}`,
  'report.exported': (subject, detail) =>
    `downloaded the report ${subject}, ${span(detail)}${onlyOf(detail['channel'])}`,
  'channel.changed': (subject, detail) => `changed the channel ${subject}: ${parts(detail['changed'])}`,
  'channel.policy_changed': (subject, detail) => `changed policies of the channel ${subject}: ${decisions(detail)}`,
  'workspace.policy_changed': (_, detail) => `changed policies: ${decisions(detail)}`,
}

function isKnown(action: string): action is AuditAction {
  return action in SAY
}

/** Who did it, in a word. */
export function actorOf(entry: AuditEntry): string {
  return entry.actorName ?? (entry.actor === 'system' ? 'Foyer' : 'Somebody who has left')
}

/** A visitor who gave no name, or their device, by the name that the lists call them. */
function namelessOf(subject: string | null): string | null {
  return subject?.replace(/^[cd]_.*/, (id) => contactName(`c${id.slice(1)}`)) ?? null
}

/** An entry as the rest of a sentence that begins with who did it. One of a newer server is told by its bare action. */
export function sentenceOf(entry: AuditEntry): string {
  const subject = isolated(entry.subjectName ?? namelessOf(entry.subject) ?? '?')
  const isOwn = entry.actor === `agent:${entry.subject}`
  if (isKnown(entry.action)) return SAY[entry.action](subject, entry.detail, isOwn)
  return `${entry.action.replaceAll(/[._]/g, ' ')} ${subject}`
}
