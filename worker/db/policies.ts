/** Policies (⚙): read with what needs them anyway, and changed together with the word to live objects. */
import { DEFAULT_POLICIES, type Policies } from '../../core/conversation/policy.ts'
import { newId } from '../ids.ts'
import { audited } from './audit.ts'
import { NOTE_POLICIES } from './changes.ts'
import { forgetChannels } from './channelMemory.ts'
import type { Workspace } from './workspace.ts'

/** A column with all policies of the workspace whose id is `of`: for statements that read something else as well. */
export const policiesColumn = (of: string) => `(SELECT json_group_array(json_object(
    'channel', p.channel_id, 'version', p.version, 'settings', json(p.settings)
  )) FROM policies p WHERE p.workspace_id = ${of})`

type Part = { channel: string; version: number; settings: object }

/** What `policiesColumn` gave. Written by `changePolicies` below, and by nobody else. */
export function policiesIn(column: string | null): Policies {
  const parts = JSON.parse(column ?? '[]') as Part[]
  const channels = parts.filter(({ channel }) => channel !== '')
  return {
    version: Math.max(0, ...parts.map(({ version }) => version)),
    workspace: parts.find(({ channel }) => channel === '')?.settings ?? {},
    channels: Object.fromEntries(channels.map(({ channel, settings }) => [channel, settings])),
  }
}

/** From the primary: what was decided a moment ago is among it. */
export async function readPolicies(d1: D1Database, workspace: string): Promise<Policies> {
  const row = await d1
    .prepare(`SELECT ${policiesColumn('?1')} AS policies`)
    .bind(workspace)
    .first<{ policies: string }>()
  return policiesIn(row?.policies ?? null)
}

/**
 * Sets values, and forgets those that are to be inherited, each by itself: two who change different things at once both
 * succeed. The change for live objects is written with it, so that it cannot get lost.
 * @param channel null for the workspace as a whole
 */
export async function changePolicies(
  workspace: Workspace,
  channel: string | null,
  change: { set: Readonly<Record<string, unknown>>; inherit?: readonly string[] },
  now: number,
): Promise<void> {
  // The names become part of the statement: none that we have not written ourselves.
  const known = (name: string) => Object.hasOwn(DEFAULT_POLICIES, name)
  const set = Object.entries(change.set).filter(([name, value]) => known(name) && value !== undefined)
  const inherit = (change.inherit ?? []).filter(known)
  if (set.length + inherit.length === 0) return
  const changed = (settings: string) => {
    const values = set.map(([name], at) => `, '$.${name}', json(?${at + 3})`).join('')
    const forgotten = inherit.map((name) => `, '$.${name}'`).join('')
    return `json_remove(json_set(${settings}${values})${forgotten})`
  }
  const { d1, id } = workspace
  const action = channel === null ? 'workspace.policy_changed' : 'channel.policy_changed'
  // What is to be inherited has no value.
  const detail = { changed: [...set.map(([name]) => name), ...inherit], to: Object.fromEntries(set) }
  await d1.batch([
    d1
      .prepare(
        `INSERT INTO policies (workspace_id, channel_id, version, settings)
         VALUES (?1, ?2, 1 + (SELECT coalesce(max(version), 0) FROM policies WHERE workspace_id = ?1), ${changed("'{}'")})
         ON CONFLICT (workspace_id, channel_id) DO UPDATE SET version = excluded.version, settings = ${changed('settings')}
         WHERE settings <> ${changed('settings')}`,
      )
      .bind(id, channel ?? '', ...set.map(([, value]) => JSON.stringify(value))),
    audited(workspace, { action, subject: channel ?? id, detail }, now),
    d1.prepare(NOTE_POLICIES).bind(newId('x'), id, now),
  ])
  forgetChannels(id)
}
