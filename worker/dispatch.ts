/** Commands of agents over HTTP: the same dispatch as from a socket, refusals as problems. */
import type { Context } from 'hono'
import type { Command } from '../core/conversation/command.ts'
import { canonical } from '../core/conversation/digest.ts'
import { type ClientId, isClientId, type MemberId, type WorkspaceId } from '../core/ids.ts'
import type { Identity } from '../core/protocol/identity.ts'
import type { Caller } from './auth/principal.ts'
import type { AppEnv } from './context.ts'
import { workspaceOfMember } from './db/members.ts'
import { newId } from './ids.ts'
import { conversationObject, identityOf } from './objects.ts'
import { problem, refused } from './problem.ts'

export interface Sent {
  /** Recognised if sent again; without one a repeat is a new command. */
  clientId?: string | undefined
  retry?: boolean | undefined
  expectedRev?: number | undefined
  /** The header that names the request (AP2). */
  idempotencyKey?: string | undefined
}

/** A request by its name: two callers may choose the same one. */
export function namedRequest(caller: Caller, key: string | undefined, asked: string) {
  return key === undefined ? undefined : { key: `${nameOf(caller)} ${key}`, asked }
}

/** Who asks, whichever workspace it is about. */
export function nameOf(caller: Caller): string {
  return caller.kind === 'key' ? `key:${caller.id}` : `user:${caller.userId}`
}

/** Sends one command to a conversation. @throws Problem for every refusal */
export async function command(c: Context<AppEnv>, id: string, command: Command, sent: Sent = {}, as?: Identity) {
  const stub = conversationObject(c.env, id)
  const { clientId, retry, expectedRev, idempotencyKey } = sent
  const idempotency = namedRequest(c.get('principal'), idempotencyKey, canonical(command))
  const envelope = { id: (clientId ?? singleUseId()) as ClientId, retry, expectedRev, idempotency, command }
  const outcome = await stub.dispatch({ identity: as ?? identityOf(c.get('principal')), envelope })
  if (!outcome.ok) throw refused(outcome.refusal, outcome.row?.rev)
  return { entries: outcome.entries, rev: outcome.row?.rev ?? 0, repeated: outcome.repeated }
}

/**
 * Somebody whom a command names, and the caller cut down to that workspace: only a member of the very workspace can be
 * named in a conversation of it, and the object compares.
 * @throws Problem `unknown_member`
 */
export async function named(c: Context<AppEnv>, member: string): Promise<{ member: MemberId; as: Identity }> {
  const found = await workspaceOfMember(c.env.DB, member)
  const as = found && cutDown(c.get('principal'), found.workspace)
  if (!as) throw problem('unknown_member')
  return { member: found.member, as }
}

/** A caller in one workspace and in no other; null where they are not in it. */
function cutDown(caller: Caller, workspace: WorkspaceId): Identity | null {
  if (caller.kind === 'key') return caller.workspace === workspace ? identityOf(caller) : null
  const memberships = caller.memberships.filter((m) => m.workspace === workspace)
  return memberships.length > 0 ? identityOf({ ...caller, memberships }) : null
}

function singleUseId(): ClientId {
  const id = `${newId('http')}:1`
  if (!isClientId(id)) throw new Error('a made client id has its shape')
  return id
}
