/** Contacts: the people behind the visitors. */
import { and, eq } from 'drizzle-orm'
import type { ContactChange } from '../../core/api/contacts.ts'
import type { ContactSummary } from '../../core/api/conversations.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import { contacts, devices } from './schema.ts'
import { database } from './workspace.ts'

/** What a list or a panel shows of a contact. */
export const CONTACT_SUMMARY = {
  id: contacts.id,
  name: contacts.name,
  email: contacts.email,
  createdAt: contacts.createdAt,
}

/** Null where the workspace has no such contact, or not yet: its row comes with the index of its first conversation. */
export async function changeContact(
  d1: D1Database,
  workspace: WorkspaceId,
  id: string,
  to: ContactChange,
): Promise<ContactSummary | null> {
  const given = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await database(d1).update(contacts).set(given).where(own(workspace, id))
  return readContact(d1, workspace, id)
}

/** Null where the workspace has no such contact, or not yet. */
export async function readContact(d1: D1Database, workspace: WorkspaceId, id: string): Promise<ContactSummary | null> {
  const rows = await database(d1).select(CONTACT_SUMMARY).from(contacts).where(own(workspace, id))
  return rows[0] ?? null
}

const own = (workspace: WorkspaceId, id: string) => and(eq(contacts.workspaceId, workspace), eq(contacts.id, id))

/** Makes the row of a contact that has a conversation already; the index, when it comes, leaves it as it is. */
export async function introduceContact(
  d1: D1Database,
  first: Pick<ConversationRow, 'contact' | 'workspace' | 'source' | 'startedAt'>,
): Promise<void> {
  await database(d1)
    .insert(contacts)
    .values({ id: first.contact, workspaceId: first.workspace, firstSource: first.source, createdAt: first.startedAt })
    .onConflictDoNothing()
}

/** The contact of a device, or null before it has one. */
export async function contactOfDevice(
  d1: D1Database,
  workspace: WorkspaceId,
  device: string,
): Promise<ContactSummary | null> {
  const rows = await database(d1)
    .select(CONTACT_SUMMARY)
    .from(devices)
    .innerJoin(contacts, eq(contacts.id, devices.contactId))
    .where(and(eq(devices.workspaceId, workspace), eq(devices.id, device)))
  return rows[0] ?? null
}
