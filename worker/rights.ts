/**
 * Tells live objects that a member's rights, the workspace's policies or its bans changed, or a session ended (PR2).
 * What could not be told, the cron tells.
 */
import { type ContactId, type DeviceId, deviceOf, type WorkspaceId } from '../core/ids.ts'
import { bansSince, conversationsOfDevices } from './db/bans.ts'
import { type Change, heard, unheard } from './db/changes.ts'
import { isDisabled } from './db/members.ts'
import { readPolicies } from './db/policies.ts'
import { report } from './report.ts'

/** A change is told at once by who made it; only what is older than this was not heard. */
const LATE_MS = 10_000

/** Tells of one change and forgets it. Never throws: what was not heard is told again. */
export async function tell(env: Env, change: Change): Promise<void> {
  try {
    const inbox = env.INBOX.getByName(change.workspace as WorkspaceId)
    if (change.what === 'rights') await tellRights(env, inbox, change)
    else if (change.what === 'policies') await inbox.policiesChanged(await readPolicies(env.DB, change.workspace))
    else await tellBans(env, inbox, change.workspace)
    await heard(env.DB, change)
  } catch (error) {
    report('a change could not be told', error)
  }
}

/** Who tells last may have looked first, and has to look again: what is told in the end is what holds. */
async function tellRights(
  env: Env,
  inbox: ReturnType<Env['INBOX']['getByName']>,
  { member, disabled }: Pick<Extract<Change, { what: 'rights' }>, 'member' | 'disabled'>,
): Promise<void> {
  await inbox.rightsChanged(member, disabled)
  const holds = disabled === null ? null : await isDisabled(env.DB, member)
  if (holds !== disabled) await tellRights(env, inbox, { member, disabled: holds })
}

/** Whatever the inbox object has not heard of, with the conversations that it concerns. */
async function tellBans(env: Env, inbox: ReturnType<Env['INBOX']['getByName']>, workspace: string): Promise<void> {
  const facts = await bansSince(env.DB, workspace, await inbox.bansVersion())
  const devices = facts.flatMap(({ scope, target }) => {
    if (scope === 'network') return []
    return scope === 'device' ? (target as DeviceId) : deviceOf(target as ContactId)
  })
  await inbox.bansChanged(facts, await conversationsOfDevices(env.DB, workspace, devices))
}

/** A person's sessions ended: every socket of theirs, in every workspace, has to show a session again. */
export async function tellSignedOut(env: Env, userId: string): Promise<void> {
  await Promise.all((await unheard(env.DB, { userId })).map((change) => tell(env, change)))
}

/** A group changed: everybody who is or was in it is known by what stands in `changes`. */
export async function tellWorkspace(env: Env, workspace: WorkspaceId): Promise<void> {
  const changes = await unheard(env.DB, { workspace })
  const regrouped = changes.filter((change) => change.what === 'rights' && change.disabled === null)
  const others = changes.filter((change) => !regrouped.includes(change))
  await Promise.all([tellOfMany(env, workspace, regrouped), ...others.map((change) => tell(env, change))])
}

async function tellOfMany(env: Env, workspace: WorkspaceId, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  try {
    const members = changes.flatMap((change) => (change.what === 'rights' ? [change.member] : []))
    await env.INBOX.getByName(workspace).rightsOfManyChanged(members, null)
    await heard(env.DB, ...changes)
  } catch (error) {
    report('changed rights could not be told', error)
  }
}

/** Once a minute: whatever was not heard. */
export async function tellUnheard(env: Env, now: number): Promise<void> {
  await Promise.all((await unheard(env.DB, { before: now - LATE_MS })).map((change) => tell(env, change)))
}
