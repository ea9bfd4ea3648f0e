/** Channels: where conversations arrive. */
import { and, asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Channel, ChannelChange, NewChannel } from '../../core/api/channels.ts'
import type { ChannelId, WorkspaceId } from '../../core/ids.ts'
import { newId } from '../ids.ts'
import { channels, workspaces } from './schema.ts'
import { database, type Workspace } from './workspace.ts'

const CHANNEL = {
  id: channels.id,
  kind: channels.kind,
  name: channels.name,
  origins: channels.origins,
  colour: channels.colour,
  greeting: channels.greeting,
}

export async function createChannel(
  workspace: Workspace,
  wanted: z.infer<typeof NewChannel>,
  now: number,
): Promise<Channel> {
  const channel: Channel = { id: newId('ch'), kind: 'web', ...wanted }
  await workspace.db.insert(channels).values({ ...channel, workspaceId: workspace.id, createdAt: now })
  return channel
}

/** Null where the workspace has no such channel. */
export async function changeChannel(
  workspace: Workspace,
  id: string,
  to: z.infer<typeof ChannelChange>,
): Promise<Channel | null> {
  const own = and(eq(channels.workspaceId, workspace.id), eq(channels.id, id))
  const given = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await workspace.db.update(channels).set(given).where(own)
  const rows = await workspace.db.select(CHANNEL).from(channels).where(own)
  return rows[0] ?? null
}

export async function listChannels(workspace: Workspace): Promise<Channel[]> {
  return workspace.db
    .select(CHANNEL)
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
  colour: string
  greeting: string
}

const PUBLIC = {
  id: channels.id,
  workspace: channels.workspaceId,
  workspaceName: workspaces.name,
  origins: channels.origins,
  colour: channels.colour,
  greeting: channels.greeting,
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
  row: (Omit<PublicChannel, 'id' | 'workspace'> & { id: string; workspace: string }) | undefined,
): PublicChannel | null {
  return row ? { ...row, id: row.id as ChannelId, workspace: row.workspace as WorkspaceId } : null
}
