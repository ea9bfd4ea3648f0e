/**
 * A conversation as a document (TR2): what was said, by whom, when, and nothing else. Pure: of public entries it keeps
 * messages alone; how it looks is for whoever renders it. Preview, print, downloads and mail render the same document.
 */
import { type Author, authorKind } from '../ids.ts'
import type { PublicEntry } from './entries.ts'
import { rewrites, rewritten } from './rewrite.ts'

export interface TranscriptMessage {
  /** Its number in the conversation. */
  n: number
  at: number
  /** The time of day in the workspace's zone, `14:05`. */
  time: string
  by: string
  /** Whether the visitor said it: so documents can set it apart. */
  side: 'visitor' | 'team'
  text: string
  edited: boolean
}

export interface TranscriptDay {
  /** ISO 8601, in the workspace's zone. */
  date: string
  /** As people write it: `Friday, 20 November 2026`. */
  name: string
  messages: TranscriptMessage[]
}

export interface Transcript {
  /** What the visitor talked to. */
  workspace: string
  timeZone: string
  /** How many messages there are in all; fewer stand here where it was cut (`lastPart`). */
  count: number
  days: TranscriptDay[]
  /** Messages at the beginning that this document leaves out. */
  omitted: number
}

export interface TranscriptOptions {
  workspace: string
  /** IANA name; days and times are its own. */
  timeZone: string
  /** What each author is called where the conversation itself does not say. */
  nameOf(author: Author): string | undefined
  /** TR7: entries up to this public number; what was edited or deleted since is as it is now. */
  until?: number
}

/** What somebody is called of whom nothing is known. */
const NAMELESS = { visitor: 'Visitor', agent: 'Agent', assistant: 'Assistant', key: 'Integration', system: 'System' }

/**
 * The document of a conversation.
 * @param entries all of the public log, in order; edits and deletions may be applied already or not
 * @returns null where there is nothing to say: no message, or none that is not deleted
 */
export function transcriptOf(entries: readonly PublicEntry[], options: TranscriptOptions): Transcript | null {
  const messages = messagesOf(entries, options.until ?? Number.POSITIVE_INFINITY)
  if (messages.length === 0) return null
  const names = displayNames(entries)
  const clock = clockIn(options.timeZone)
  const days: TranscriptDay[] = []
  for (const { n, at, author, body } of messages) {
    const { date, time, name } = clock(at)
    let day = days.at(-1)
    if (day?.date !== date) {
      day = { date, name, messages: [] }
      days.push(day)
    }
    const kind = authorKind(author)
    const by = shown(names.get(author) ?? options.nameOf(author) ?? NAMELESS[kind])
    const side = kind === 'visitor' ? 'visitor' : 'team'
    day.messages.push({ n, at, time, by, side, text: shown(body.text), edited: body.editedAt !== undefined })
  }
  return { workspace: options.workspace, timeZone: options.timeZone, count: messages.length, days, omitted: 0 }
}

function messagesOf(entries: readonly PublicEntry[], until: number) {
  const messages = new Map<number, Extract<PublicEntry, { type: 'message.created' }>>()
  for (const entry of entries) {
    if (entry.type === 'message.created' && entry.n <= until) messages.set(entry.n, entry)
    // Also those after `until`: what was erased since stays out.
    const ref = rewrites(entry)
    const message = ref === null ? undefined : messages.get(ref)
    if (message) messages.set(message.n, rewritten(message, entry))
  }
  return [...messages.values()].filter(({ body }) => body.deletedAt === undefined)
}

/** Control characters have no look, and no place in a mail. */
const shown = (text: string) => text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '\uFFFD')

/** The names under which agents joined: the newest of each, as visitors know them. */
function displayNames(entries: readonly PublicEntry[]): Map<Author, string> {
  return new Map(entries.flatMap((entry) => (entry.type === 'agent.joined' ? [[entry.author, entry.body.name]] : [])))
}

/** Says day and time of a moment in a zone. One formatter for all: making them is what takes time. */
function clockIn(timeZone: string): (at: number) => { date: string; time: string; name: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const words = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full' })
  return (at) => {
    const part = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
    const date = `${part['year']}-${part['month']}-${part['day']}`
    return { date, time: `${part['hour']}:${part['minute']}`, name: words.format(at) }
  }
}

/** Without its first messages: what is left is whole, and says how many are missing. */
export function lastPart(transcript: Transcript, kept: number): Transcript {
  let left = transcript.days.reduce((sum, { messages }) => sum + messages.length, 0) - kept
  if (left <= 0) return transcript
  const omitted = transcript.omitted + left
  const days = transcript.days.flatMap((day) => {
    const messages = day.messages.slice(Math.min(left, day.messages.length))
    left -= day.messages.length - messages.length
    return messages.length > 0 ? [{ ...day, messages }] : []
  })
  return { ...transcript, omitted, days }
}
