/** What lists show of a conversation, wherever it lies by now: still in the inbox object, or already in D1. */
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import { eventually } from './eventually.ts'

interface Heard {
  rev: number
  status: string
  assignee: string | null
  formerAssignees: string[]
  /** Of the newest message. */
  text: string | null
}

const IN_D1 = `SELECT rev, status, assignee_id AS assignee, former_assignees AS formerAssignees, last_message_text AS text
  FROM conversations WHERE id = ?`

/** What the inbox has heard so far. First the object is asked: what it brings to D1 meanwhile is found there. */
export async function heardOf(workspace: string, id: string): Promise<Heard | undefined> {
  const { rows } = await env.INBOX.getByName(workspace).overlay()
  const row = rows.find((one) => one.id === id)
  if (row) {
    const { rev, status, assignee, formerAssignees, lastMessage } = row
    return { rev, status, assignee, formerAssignees, text: lastMessage?.text ?? null }
  }
  const stored = await env.DB.prepare(IN_D1)
    .bind(id)
    .first<Omit<Heard, 'formerAssignees'> & { formerAssignees: string }>()
  return stored ? { ...stored, formerAssignees: JSON.parse(stored.formerAssignees) } : undefined
}

/** Until the inbox has heard that it is so. */
export async function isHeard(workspace: string, id: string, as: Partial<Heard>): Promise<void> {
  await eventually(async () => expect(await heardOf(workspace, id)).toMatchObject(as))
}

/** What a conversation itself would tell the inbox now. */
export async function ownRow(workspace: string, id: string): Promise<ConversationRow> {
  const identity = { kind: 'system', workspace: workspace as WorkspaceId } as const
  const read = await env.CONVERSATION.getByName(id).read(identity)
  if (!read.ok) throw new Error(read.refusal.code)
  return read.row
}
