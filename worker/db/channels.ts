/** Channels: where conversations arrive. */
import { and, asc, eq } from 'drizzle-orm'
import type { Channel } from '../../core/api/channels.ts'
import type { ChannelId, WorkspaceId } from '../../core/ids.ts'
import { channels, workspaces } from './schema.ts'
import { database, type Workspace } from './workspace.ts'

export async function listChannels(workspace: Workspace): Promise<Channel[]> {
  return workspace.db
    .select({ id: channels.id, kind: channels.kind, name: channels.name, origins: channels.origins })
    .from(channels)
    .where(eq(channels.workspaceId, workspace.id))
    .orderBy(asc(channels.createdAt), asc(channels.id))
}

export interface PublicChannel {
  id: ChannelId
  workspace: WorkspaceId
  /** What visitors are told they talk to. */
  workspaceName: string
  origins: string[]
}

const PUBLIC = {
  id: channels.id,
  workspace: channels.workspaceId,
  workspaceName: workspaces.name,
  origins: channels.origins,
}

/** A channel as its widget needs it, by the id that stands in the snippet; null if there is none. */
export async function findChannel(d1: D1Database, id: string): Promise<PublicChannel | null> {
  const rows = await database(d1)
    .select(PUBLIC)
    .from(channels)
    .innerJoin(workspaces, eq(workspaces.id, channels.workspaceId))
    .where(and(eq(channels.id, id), eq(channels.kind, 'web')))
  return publicChannel(rows[0])
}

/** The installation's first web channel: what the demo page shows. */
export async function firstChannel(d1: D1Database): Promise<PublicChannel | null> {
  const rows = await database(d1)
    .select(PUBLIC)
    .from(channels)
    .innerJoin(workspaces, eq(workspaces.id, channels.workspaceId))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .limit(1)
  return publicChannel(rows[0])
}

function publicChannel(
  row: { id: string; workspace: string; workspaceName: string; origins: string[] } | undefined,
): PublicChannel | null {
  return row ? { ...row, id: row.id as ChannelId, workspace: row.workspace as WorkspaceId } : null
}
