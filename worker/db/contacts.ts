/** Contacts: the people behind the visitors. */
import { and, eq } from 'drizzle-orm'
import type { ContactChange } from '../../core/api/contacts.ts'
import type { ContactSummary } from '../../core/api/conversations.ts'
import type { ContactId, WorkspaceId } from '../../core/ids.ts'
import { contacts, devices } from './schema.ts'
import { database, type Workspace } from './workspace.ts'

const SUMMARY = { id: contacts.id, name: contacts.name, email: contacts.email }

/** Null where the workspace has no such contact, or not yet: its row comes with the index of its first conversation. */
export async function changeContact(
  workspace: Workspace,
  id: string,
  to: ContactChange,
): Promise<ContactSummary | null> {
  return change(workspace.db, workspace.id, id, to)
}

/** What a visitor tells of themself. Null as long as their contact has no row. */
export async function tellContact(
  d1: D1Database,
  workspace: WorkspaceId,
  id: ContactId,
  to: ContactChange,
): Promise<ContactSummary | null> {
  return change(database(d1), workspace, id, to)
}

async function change(
  db: Workspace['db'],
  workspace: string,
  id: string,
  to: ContactChange,
): Promise<ContactSummary | null> {
  const own = and(eq(contacts.workspaceId, workspace), eq(contacts.id, id))
  const given = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db.update(contacts).set(given).where(own)
  const rows = await db.select(SUMMARY).from(contacts).where(own)
  return rows[0] ?? null
}

/** The contact of a device, or null before it has one. */
export async function contactOfDevice(
  d1: D1Database,
  workspace: WorkspaceId,
  device: string,
): Promise<ContactSummary | null> {
  const rows = await database(d1)
    .select(SUMMARY)
    .from(devices)
    .innerJoin(contacts, eq(contacts.id, devices.contactId))
    .where(and(eq(devices.workspaceId, workspace), eq(devices.id, device)))
  return rows[0] ?? null
}
