/** A visitor's own conversations, as they may see them: the public view of the index, with what they have not seen. */
import type { WidgetConversation } from '../core/api/widget.ts'
import type { DeviceId, WorkspaceId } from '../core/ids.ts'
import { listOfDevice } from './db/conversations.ts'
import { identityOf } from './objects.ts'

/** What a list in the widget shows at most. */
const LIST_MAX = 30
/** Only in the newest ones it is counted what is unread: each asks its conversation. */
const COUNTED_MAX = 10

/** @returns newest message first; lines of the team appear in none of it */
export async function conversationsOf(
  env: Env,
  workspace: WorkspaceId,
  device: DeviceId,
): Promise<WidgetConversation[]> {
  const { rows } = await env.INBOX.getByName(workspace).overlay()
  const stored = await listOfDevice(env.DB, workspace, device, LIST_MAX)
  const known = new Map(stored.map((row) => [row.id, row]))
  for (const row of rows.filter((r) => r.device === device)) {
    if (row.rev < (known.get(row.id)?.rev ?? 0)) continue
    const { id, rev, status, startedAt, lastMessageAt, lastMessage, deletedAt } = row
    // CV12: hidden at once.
    if (deletedAt) {
      known.delete(id)
      continue
    }
    known.set(id, {
      id,
      rev,
      status,
      startedAt,
      lastMessageAt,
      author: lastMessage?.author ?? null,
      text: lastMessage?.text ?? null,
    })
  }
  const newest = [...known.values()].sort((a, b) => b.lastMessageAt - a.lastMessageAt).slice(0, LIST_MAX)
  const identity = identityOf({ kind: 'visitor', workspace, device })
  return Promise.all(
    newest.map(async ({ id, status, startedAt, lastMessageAt, author, text }, place) => ({
      id,
      status,
      startedAt,
      lastMessageAt,
      lastMessage: author !== null && text !== null ? { author, text, at: lastMessageAt } : null,
      unread:
        place < COUNTED_MAX
          ? await env.CONVERSATION.getByName(id)
              .unread(identity)
              .catch(() => 0)
          : 0,
    })),
  )
}
