/** Channels: where conversations arrive. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Channel, ChannelChange, NewChannel } from '../../core/api/channels.ts'
import type { Policies } from '../../core/conversation/policy.ts'
import type { ChannelId, WorkspaceId } from '../../core/ids.ts'
import { newId } from '../ids.ts'
import { audited } from './audit.ts'
import { channelInMemory, forgetChannels, keepChannel } from './channelMemory.ts'
import { policiesColumn, policiesIn } from './policies.ts'
import { channels, workspaces } from './schema.ts'
import { database, statement, type Workspace } from './workspace.ts'

const CHANNEL = {
  id: channels.id,
  kind: channels.kind,
  name: channels.name,
  origins: channels.origins,
  colour: channels.colour,
  greeting: channels.greeting,
}

/** Makes a channel of any kind; only one of the web has a widget. */
export async function createChannel(
  workspace: Workspace,
  wanted: z.infer<typeof NewChannel>,
  now: number,
): Promise<Channel> {
  const channel: Channel = { id: newId('ch'), ...wanted }
  const { d1, db } = workspace
  const { id: subject, name } = channel
  await d1.batch([
    statement(d1, db.insert(channels).values({ ...channel, workspaceId: workspace.id, createdAt: now })),
    audited(workspace, { action: 'channel.created', subject, detail: { name } }, now),
  ])
  return channel
}

/** @param before as it was read a moment ago: what is not named in `to` stays whatever it is by now */
export async function changeChannel(
  workspace: Workspace,
  before: Channel,
  to: z.infer<typeof ChannelChange>,
  now: number,
): Promise<Channel> {
  const { d1, db } = workspace
  const { id } = before
  const own = and(eq(channels.workspaceId, workspace.id), eq(channels.id, id))
  const was: Record<string, unknown> = before
  const given = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined))
  const changed = Object.keys(given).filter((key) => JSON.stringify(given[key]) !== JSON.stringify(was[key]))
  if (changed.length === 0) return before
  const detail = { name: to.name ?? before.name, changed }
  await d1.batch([
    statement(d1, db.update(channels).set(given).where(own)),
    audited(workspace, { action: 'channel.changed', subject: id, detail }, now),
  ])
  forgetChannels(workspace.id)
  const [after] = await db.select(CHANNEL).from(channels).where(own)
  return after ?? before
}

/** All of them, as they were made. */
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
  /** What was decided in its workspace. */
  policies: Policies
}

const PUBLIC = {
  id: channels.id,
  workspace: channels.workspaceId,
  workspaceName: workspaces.name,
  origins: channels.origins,
  colour: channels.colour,
  greeting: channels.greeting,
  policies: sql<string>`${sql.raw(policiesColumn('workspaces.id'))}`,
}

/** A channel as its widget needs it, by the id that stands in the snippet; null if there is none. */
export async function findChannel(d1: D1Database, id: string): Promise<PublicChannel | null> {
  const rows = await database(d1)
    .select(PUBLIC)
    .from(channels)
    .innerJoin(workspaces, eq(workspaces.id, channels.workspaceId))
    .where(and(eq(channels.id, id), eq(channels.kind, 'web')))
  const channel = publicChannel(rows[0])
  if (channel) keepChannel(channel, Date.now())
  return channel
}

/** The same, perhaps as it was up to a minute ago: for what need not wait for the database. */
export async function recallChannel(d1: D1Database, id: string): Promise<PublicChannel | null> {
  return channelInMemory(id, Date.now()) ?? findChannel(d1, id)
}

/** The installation's first web channel: what the demo page shows. */
export async function firstChannel(d1: D1Database): Promise<PublicChannel | null> {
  const rows = await database(d1)
    .select(PUBLIC)
    .from(channels)
    .innerJoin(workspaces, eq(workspaces.id, channels.workspaceId))
    .where(eq(channels.kind, 'web'))
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .limit(1)
  return publicChannel(rows[0])
}

function publicChannel(
  row:
    | (Omit<PublicChannel, 'id' | 'workspace' | 'policies'> & Record<'id' | 'workspace' | 'policies', string>)
    | undefined,
): PublicChannel | null {
  if (!row) return null
  const { id, workspace, policies, ...same } = row
  return { ...same, id: id as ChannelId, workspace: workspace as WorkspaceId, policies: policiesIn(policies) }
}
