/**
 * The one door through which an agent hears of a new message (IB8): what concerns them, never what is on the screen, in
 * one tab only. Each announcement is also an event of the window, `foyer:announced`, for whoever wants to watch.
 */
import { isVisitorAuthor, type MemberId } from '../../../core/ids.ts'
import type { Preferences } from '../app/createPreferences.ts'
import { nameOfContact } from '../list/preview.ts'
import type { InboxRow } from '../list/rows.ts'

export interface Announcement {
  conversation: string
  /** The contact's. */
  name: string
  text: string
}

export interface Outlets {
  toast(news: Announcement): void
  sound(): void
  browser(news: Announcement): void
}

export interface DoorDeps {
  me: MemberId
  preferences: Preferences
  /** The conversation that is open on this page, or null. */
  shown(): string | null
  outlets: Outlets
  /** Resolves true in the one tab that may announce it. */
  claim(key: string, rank: number): Promise<boolean>
}

/** The event of the window that tells of an announcement. */
export const ANNOUNCED = 'foyer:announced'

/** Answers what to call with the row of a conversation in which a visitor wrote just now. */
export function createDoor(deps: DoorDeps): (row: InboxRow) => Promise<void> {
  return async (row) => {
    if (!concerns(row, deps)) return
    const key = `${deps.me} ${row.id} ${row.visitorMessages} ${row.status === 'waiting_human'}`
    const rank = rankOf(row.id, deps.shown())
    if (!(await deps.claim(key, rank)) || rank === 0) return
    const news = { conversation: row.id, name: nameOfContact(row.contact), text: textOf(row) }
    announce(news, deps)
  }
}

function announce(news: Announcement, { preferences, outlets }: DoorDeps): void {
  const { toast, sound, browser } = preferences.choices
  const by: string[] = []
  if (toast) by.push('toast')
  if (sound) by.push('sound')
  // In front of the page the toast says it already.
  if (browser && !isLookedAt()) by.push('browser')
  if (by.includes('toast')) outlets.toast(news)
  if (by.includes('sound')) outlets.sound()
  if (by.includes('browser')) outlets.browser(news)
  if (by.length > 0) dispatchEvent(new CustomEvent(ANNOUNCED, { detail: { ...news, by } }))
}

/** What the visitor wrote, or that a person is waited for where nobody but the assistant has written since (AI2). */
function textOf({ lastMessage: last }: InboxRow): string {
  return last && isVisitorAuthor(last.author) ? last.text : 'Waiting for a person'
}

/**
 * Mine, followed, and those that nobody has or that wait for somebody, unless switched off. While the assistant answers
 * nobody else needs to know.
 */
function concerns(row: InboxRow, { me, preferences }: DoorDeps): boolean {
  if (row.assignee === me || row.collaborators.includes(me)) return true
  if (row.status === 'active_ai') return false
  return preferences.choices.unassigned && (row.assignee === null || row.status === 'waiting_human')
}

/** On the screen, looked at, visible, hidden: in this order. */
function rankOf(id: string, shown: string | null): number {
  if (isLookedAt()) return id === shown ? 0 : 1
  return document.visibilityState === 'visible' ? 2 : 3
}

function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}
