/** Changing what is known of a contact, whoever tells it: kept in D1, and shown in every open dashboard. */
import type { ContactChange } from '../core/api/contacts.ts'
import type { ContactSummary } from '../core/api/conversations.ts'
import { NO_SOURCE } from '../core/conversation/record.ts'
import type { ContactId, WorkspaceId } from '../core/ids.ts'
import { tellDashboards } from './dashboards.ts'
import { changeContact, introduceContact, readContact } from './db/contacts.ts'

/**
 * Somebody who has just begun to write, with what is known of them; nothing to do where that is nothing, or where they
 * were introduced before: what somebody has changed since stays.
 */
export async function introduceAndAnnounce(
  env: Env,
  { id, workspace }: { id: ContactId; workspace: WorkspaceId },
  known: ContactChange,
  now: number,
): Promise<void> {
  if (known.name === undefined && known.email === undefined) return
  const before = await readContact(env.DB, workspace, id)
  if (before && (before.name !== null || before.email !== null)) return
  await introduceContact(env.DB, { contact: id, workspace, source: NO_SOURCE, startedAt: now })
  await changeAndAnnounce(env, workspace, id, known)
}

/**
 * A contact as it is now, or null where the workspace has none;
 * one that has only just begun to write has a row by then.
 */
export async function knownContact(env: Env, workspace: WorkspaceId, id: string): Promise<ContactSummary | null> {
  return (await readContact(env.DB, workspace, id)) ?? (await introduced(env, workspace, id))
}

/** A contact whose first conversation is so young that the index has not come to D1. */
async function introduced(env: Env, workspace: WorkspaceId, id: string): Promise<ContactSummary | null> {
  const first = (await env.INBOX.getByName(workspace).overlay()).rows.find((row) => row.contact === id)
  if (!first) return null
  await introduceContact(env.DB, first)
  return readContact(env.DB, workspace, id)
}

/** Null for a contact that the workspace does not have. */
export async function changeAndAnnounce(
  env: Env,
  workspace: WorkspaceId,
  id: string,
  to: ContactChange,
): Promise<ContactSummary | null> {
  let contact = await changeContact(env.DB, workspace, id, to)
  if (!contact && (await introduced(env, workspace, id))) contact = await changeContact(env.DB, workspace, id, to)
  if (contact) {
    const told = { ...contact, id: contact.id as ContactId }
    await tellDashboards(env, workspace, (inbox) => inbox.announce({ type: 'contact', contact: told }))
  }
  return contact
}
