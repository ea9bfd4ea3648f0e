/**
 * The document of a conversation: read from its public log and nothing else,
 * with the names that the reader may know.
 */
import { isTeam, type PublicEntry } from '../core/conversation/entries.ts'
import { transcriptOf } from '../core/conversation/transcript.ts'
import { DAY_MS } from '../core/durations.ts'
import { type ContactId, isVisitorAuthor, type WorkspaceId } from '../core/ids.ts'
import { PAGE_SIZE } from '../core/protocol/frames.ts'
import type { Identity } from '../core/protocol/identity.ts'
import { seal, unseal } from './auth/sealed.ts'
import { readContact } from './db/contacts.ts'
import { openFor, readWorkspace } from './db/workspace.ts'
import { conversationObject } from './objects.ts'
import { refused } from './problem.ts'

export interface Reading {
  conversation: string
  /** Who reads; the conversation shows it to whom it shows itself. */
  as: Identity
  workspace: WorkspaceId
  /** The person it is with; null where the reader may not know their name. */
  contact: ContactId | null
  /** TR7: up to this public number; without one all of it. */
  until?: number
}

/**
 * @returns null where there is no message, or none that was not deleted
 * @throws Problem `not_found` where the conversation does not exist for the reader
 */
export async function readTranscript(env: Env, { conversation, as, workspace: id, contact, until }: Reading) {
  const [entries, facts, person] = await Promise.all([
    publicLog(env, conversation, as),
    readWorkspace(openFor(env.DB, id, 'system')),
    contact === null ? null : readContact(env.DB, id, contact),
  ])
  return transcriptOf(entries, {
    workspace: facts.name,
    timeZone: facts.timeZone,
    nameOf: (author) => (isVisitorAuthor(author) ? (person?.name ?? undefined) : undefined),
    ...(until !== undefined && { until }),
  })
}

/** All of it, to its very end: what is erased while it is read is found there. */
async function publicLog(env: Env, conversation: string, as: Identity): Promise<PublicEntry[]> {
  const entries: PublicEntry[] = []
  for (let after = 0; ; ) {
    const stub = conversationObject(env, conversation)
    const page = await stub.page(as, { after: { public: after }, only: 'public', limit: PAGE_SIZE })
    if (!page.ok) throw refused(page.refusal)
    entries.push(...page.list.filter((entry) => !isTeam(entry)))
    if (page.next === null) return entries
    after = page.next.public
  }
}

/** How long the link in the mail of a very long conversation opens the whole of it. */
const LINK_MS = 30 * DAY_MS
const LINK_PLACE = 'transcript link'

interface Linked {
  conversation: string
  workspace: WorkspaceId
  /** Null where whoever asked for the link may not know the name. */
  contact: ContactId | null
  until: number
  expiresAt: number
}

/** An address that opens the whole document for whoever has it, for 30 days, while the conversation exists. */
export async function linkTo(env: Env, linked: Omit<Linked, 'expiresAt'>, now: number): Promise<string> {
  const token = await seal(env.ID_SECRET, LINK_PLACE, JSON.stringify({ ...linked, expiresAt: now + LINK_MS }))
  return new URL(`/api/v1/transcripts/${token}`, env.BASE_URL).href
}

/** What a link opens; null for one that was not made here, or has expired. */
export async function linkedBy(env: Env, token: string, now: number): Promise<Reading | null> {
  const opened = await unseal(env.ID_SECRET, LINK_PLACE, token)
  if (opened === null) return null
  // Sealed by `linkTo`, and by nobody else.
  const { expiresAt, ...linked } = JSON.parse(opened) as Linked
  return expiresAt <= now ? null : { ...linked, as: { kind: 'system', workspace: linked.workspace } }
}
