/** Changing what is known of a contact, whoever tells it: kept in D1, and shown in every open dashboard. */
import type { ContactChange } from '../core/api/contacts.ts'
import type { ContactSummary } from '../core/api/conversations.ts'
import type { ContactId, WorkspaceId } from '../core/ids.ts'
import { changeContact, introduceContact } from './db/contacts.ts'

/** Null for a contact that the workspace does not have. */
export async function changeAndAnnounce(
  env: Env,
  workspace: WorkspaceId,
  id: string,
  to: ContactChange,
): Promise<ContactSummary | null> {
  const inbox = env.INBOX.getByName(workspace)
  let contact = await changeContact(env.DB, workspace, id, to)
  if (!contact) {
    // Its first conversation may be so young that the index has not come to D1.
    const first = (await inbox.overlay()).rows.find((row) => row.contact === id)
    if (!first) return null
    await introduceContact(env.DB, first)
    contact = await changeContact(env.DB, workspace, id, to)
  }
  if (contact) await inbox.announce({ type: 'contact', contact: { ...contact, id: contact.id as ContactId } })
  return contact
}
