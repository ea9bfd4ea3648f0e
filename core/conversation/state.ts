/**
 * What a conversation is at a moment, as the fold of its entries. The same `apply` runs in the object and in the inbox,
 * and its public half in the widget, so all three agree. Small and free of dependencies: the widget ships that half.
 * A visitor's state has `team: null` and is built from public entries alone.
 */
import type { Author, ConversationId, MemberId } from '../ids.ts'
import {
  DEFAULT_PRIORITY,
  type Entry,
  type Priority,
  type PublicEntry,
  type Status,
  type TeamEntry,
} from './entries.ts'
import { rewrites } from './rewrite.ts'
import type { Score, Skin } from './score.ts'

export interface PublicState {
  id: ConversationId
  status: Status
  startedAt: number
  /** The newest public number, 0 before the first. */
  head: number
  /** Time of the newest public entry. */
  lastAt: number
  /** The conversation that was closed for good and goes on in this one (CV4). */
  continues?: ConversationId
  /** Where this one goes on. */
  continuedIn?: ConversationId
  /** Display names of the agents who served the visitor. */
  people: Partial<Record<Author, string>>
  /** Who serves now: the last agent who joined. */
  servedBy: Author | null
  /** The newest prompt, which is the open one; absent until a rating is asked for. */
  prompt?: Prompt
  /** The visitor's last answer, and the prompt that it answers; absent until there is one. */
  rating?: Answer & { prompt: number }
}

/** RT1: what asks the visitor. */
export interface Prompt {
  /** Its public number. */
  n: number
  skin: Skin
  /** How long an answer to it may be changed. */
  until: number
}

/** RT5: what the visitor answered. */
export interface Answer {
  score: Score
  comment?: string
}

/** RT8: the team's own score, and who gave it. */
export interface TeamScore {
  score: Score
  by: Author
  at: number
}

/** Who asked for a rating, whose the conversation was then, and what came of it. */
export interface RatingAsk {
  /** The public number of its prompt. */
  prompt: number
  by: Author
  at: number
  assignee: MemberId | null
  answer?: Answer & { at: number }
}

/** Who deleted it, and when (epoch milliseconds). */
export interface Deletion {
  by: Author
  at: number
}

export interface TeamState {
  head: number
  lastAt: number
  /** Raised by every entry of either log; what `PATCH` may expect. */
  rev: number
  assignee: MemberId | null
  /** CV9 */
  priority: Priority
  /** The visitor's messages so far; a member's unread count is a difference of it. */
  visitorMessages: number
  /** `text` is empty once it was deleted. */
  lastMessage: { n: number; author: Author; text: string; at: number } | null
  /** Members who follow (CV10), in order of joining. */
  collaborators: MemberId[]
  /** Members who had it and do not have it now (CV7), in order of losing it. */
  formerAssignees: MemberId[]
  /** CV12: while it is being deleted. */
  deletion: Deletion | null
  /** RT3: who asked for a rating, oldest first; absent until somebody did. */
  asks?: RatingAsk[]
  /** RT8; absent where the team gave none. */
  score?: TeamScore
}

export interface ConversationState {
  public: PublicState
  team: TeamState | null
}

export const PREVIEW_MAX = 140

/**
 * So many asks are remembered beside the last one of everybody who asked,
 * which RT3 needs; older ones are in the index.
 */
const ASKS_KEPT = 50

/** The public half after one more entry: all that a visitor's state is made of. */
export function applyPublic(state: PublicState, entry: PublicEntry): PublicState {
  const next = { ...state, head: entry.n, lastAt: entry.at }
  switch (entry.type) {
    case 'conversation.status_changed': {
      const { from, to, continues } = entry.body
      const begun = from === null ? { startedAt: entry.at, ...(continues && { continues }) } : {}
      return { ...next, status: to, ...begun }
    }
    case 'conversation.continued':
      return { ...next, continuedIn: entry.body.in }
    case 'agent.joined':
      return {
        ...next,
        // A program that writes now and then does not take a person's place.
        servedBy: entry.author.startsWith('key:') ? state.servedBy : entry.author,
        people: { ...state.people, [entry.author]: entry.body.name },
      }
    case 'rating.prompted':
      return { ...next, prompt: { ...entry.body, n: entry.n } }
    case 'rating.submitted':
      return { ...next, rating: entry.body }
    default:
      // What is said, and what only a newer server knows, moves nothing else.
      entry satisfies Extract<PublicEntry, { type: `message.${string}` | 'transcript.sent' }>
      return next
  }
}

/** The first characters of a message, on one line. */
export function preview(text: string): string {
  // A single blank is one already: to replace each of them by another takes longer than to make the message JSON.
  const line = text.replace(/\s{2,}|[^\S ]/g, ' ').trim()
  return line.length <= PREVIEW_MAX ? line : `${line.slice(0, PREVIEW_MAX - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function noticePublic(team: TeamState, entry: PublicEntry): TeamState {
  const next = { ...team, rev: team.rev + 1 }
  if (entry.type === 'message.created') {
    return {
      ...next,
      visitorMessages: team.visitorMessages + (entry.author.startsWith('visitor:') ? 1 : 0),
      lastMessage: { n: entry.n, author: entry.author, text: preview(entry.body.text), at: entry.at },
    }
  }
  if (entry.type === 'rating.submitted') {
    const { prompt, ...answer } = entry.body
    const asks = (team.asks ?? []).map((ask) =>
      ask.prompt === prompt ? { ...ask, answer: { ...answer, at: entry.at } } : ask,
    )
    return { ...next, asks }
  }
  const ref = rewrites(entry)
  const last = team.lastMessage
  if (ref === null || last?.n !== ref) return next
  return { ...next, lastMessage: { ...last, text: entry.type === 'message.edited' ? preview(entry.body.text) : '' } }
}

function applyTeam(team: TeamState, entry: TeamEntry): TeamState {
  const next = { ...team, head: entry.n, lastAt: entry.at, rev: team.rev + 1 }
  switch (entry.type) {
    case 'conversation.assigned': {
      const { from, to } = entry.body
      const others = team.formerAssignees.filter((member) => member !== from && member !== to)
      return { ...next, assignee: to, formerAssignees: from === null ? others : [...others, from] }
    }
    case 'conversation.priority_changed':
      return { ...next, priority: entry.body.to }
    case 'collaborator.added':
      return { ...next, collaborators: [...team.collaborators, entry.body.member] }
    case 'collaborator.removed':
      return { ...next, collaborators: team.collaborators.filter((member) => member !== entry.body.member) }
    case 'conversation.deleted':
      return { ...next, deletion: { by: entry.author, at: entry.at } }
    case 'conversation.restored':
      return { ...next, deletion: null }
    case 'rating.requested': {
      // The prompt is of the same command and comes next.
      const ask = { prompt: entry.after + 1, by: entry.author, at: entry.at, assignee: team.assignee }
      return { ...next, asks: remembered([...(team.asks ?? []), ask]) }
    }
    case 'rating.scored': {
      const { score: _, ...unscored } = next
      const { to } = entry.body
      return to === null ? unscored : { ...unscored, score: { score: to, by: entry.author, at: entry.at } }
    }
    case 'note.created':
    case 'transcript.requested':
    case 'transcript.retried':
    case 'transcript.settled':
    case 'contact.banned':
    case 'contact.unbanned':
      return next
    default:
      // Of a newer server than this page: it counts, and says nothing here.
      entry satisfies never
      return next
  }
}

/** Without the oldest, but for the last of each who asked. */
function remembered(asks: RatingAsk[]): RatingAsk[] {
  const surplus = asks.length - ASKS_KEPT
  return asks.filter((ask, at) => at >= surplus || asks.findLast(({ by }) => by === ask.by) === ask)
}

/** The state after one more entry. Entries must come in the order of their log, without a gap. */
export function apply(state: ConversationState, entry: Entry): ConversationState {
  if ('after' in entry) return state.team ? { public: state.public, team: applyTeam(state.team, entry) } : state
  return { public: applyPublic(state.public, entry), team: state.team && noticePublic(state.team, entry) }
}

/** The public half before any entry. */
export function emptyPublic(id: ConversationId): PublicState {
  return { id, status: 'waiting_human', startedAt: 0, head: 0, lastAt: 0, people: {}, servedBy: null }
}

const NOTHING_YET: TeamState = {
  head: 0,
  lastAt: 0,
  rev: 0,
  assignee: null,
  priority: DEFAULT_PRIORITY,
  visitorMessages: 0,
  lastMessage: null,
  collaborators: [],
  formerAssignees: [],
  deletion: null,
}

/** The state before any entry; `team` is null for visitors. */
export function emptyState(id: ConversationId, audience: 'public' | 'team'): ConversationState {
  return {
    public: emptyPublic(id),
    team: audience === 'team' ? { ...NOTHING_YET } : null,
  }
}
