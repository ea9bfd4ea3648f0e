import { createMemo, createSignal } from 'solid-js'
import type { Member } from '../../../core/api/accounts.ts'
import type { Availability, MemberPresence } from '../../../core/protocol/inboxFrames.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'

/** The people of the workspace, for names and for choosing among them. */
export interface Members {
  /** Everybody, those who were disabled too: their names still stand in conversations. */
  list(): readonly Member[]
  /** The display name of a member; somebody who is not on the list (yet) is "A colleague". */
  nameOf(id: string): string
  /** Whether somebody is there (CV6); reactive. */
  availability(id: string): Availability
  /** Takes what the live link tells of who is there. */
  hear(list: readonly MemberPresence[]): void
  /** Reads the list again, where it may have changed. */
  refresh(): Promise<void>
}

const UNKNOWN = 'A colleague'

export function createMembers(request: SessionControl['request']): Members {
  const [list, setList] = createSignal<readonly Member[]>([])
  const [presence, setPresence] = createSignal<readonly MemberPresence[]>([])
  const names = createMemo(() => new Map(list().map((member) => [member.id, member.name])))
  const there = createMemo(() => new Map<string, Availability>(presence().map((p) => [p.member, p.availability])))
  const missed = new Set<string>()

  async function refresh(): Promise<void> {
    try {
      setList((await request<{ list: Member[] }>('GET', '/api/v1/members')).list)
    } catch (error) {
      // Names can wait; what needs them asks again.
      if (!(error instanceof ApiProblem)) throw error
    }
  }

  /** Somebody joined after the list was read: asked for once each. */
  function askFor(id: string): void {
    if (list().length === 0 || missed.has(id)) return
    missed.add(id)
    void refresh()
  }

  void refresh()
  return {
    list,
    refresh,
    hear: setPresence,
    availability: (id) => there().get(id) ?? 'offline',
    nameOf: (id) => {
      const name = names().get(id)
      if (name === undefined) queueMicrotask(() => askFor(id))
      return name ?? UNKNOWN
    },
  }
}
