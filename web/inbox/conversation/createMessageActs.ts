/**
 * What an agent can do with a single message or note:
 * quote it, and edit or delete their own for a while (MS4, MS8).
 */
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { type Entry, type EntryRef, isTeam, type MessageEntry } from '../../../core/conversation/entries.ts'
import { DEFAULT_POLICY } from '../../../core/conversation/policy.ts'
import { type MemberId, memberOf } from '../../../core/ids.ts'
import type { Role } from '../../../core/rights.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { Notify } from '../../ui/Notices.tsx'
import { clock } from '../app/clock.ts'
import type { Permissions } from './createPermissions.ts'

/** A message or a note. */
export type Said = Extract<Entry, { type: 'message.created' | 'note.created' }>

export interface MessageActs {
  /** What the next message quotes. */
  quoted: Accessor<Said | null>
  quote(said: Said | null): void
  /** The number of the message that is being edited, or null. */
  editing: Accessor<number | null>
  edit(ref: number | null): void
  mayEdit(said: Said): boolean
  mayDelete(said: Said): boolean
  /** Deletes it unless that is undone within a few seconds. */
  remove(message: MessageEntry): void
  /** It is about to be deleted. */
  isGoing(said: Said): boolean
}

interface ActsDeps {
  me: MemberId
  role(): Role
  /** Whether what was sent can be changed where the visitor reads it. */
  edits(): boolean
  live: Pick<LiveConversation, 'send' | 'policy'>
  permissions: Pick<Permissions, 'editFault'>
  notify: Notify
}

/** How long a message that was deleted can be had back: it is sent for deletion only then. */
const UNDO_MS = 5_000

/** How an entry is referred to: a note by its number in the team's log. */
export function refOf(entry: Entry): EntryRef {
  return isTeam(entry) ? `t${entry.n}` : entry.n
}

/** Whether somebody said it, rather than did it. */
export function isSaid(entry: Entry): entry is Said {
  return entry.type === 'message.created' || entry.type === 'note.created'
}

export function createMessageActs({ me, role, edits, live, permissions, notify }: ActsDeps): MessageActs {
  const [quoted, quote] = createSignal<Said | null>(null)
  const [editing, edit] = createSignal<number | null>(null)
  const [going, setGoing] = createSignal<ReadonlyMap<number, ReturnType<typeof setTimeout>>>(new Map())

  const windowMs = () => live.policy()?.editWindowMs ?? DEFAULT_POLICY.editWindowMs
  const isLeft = (said: Said) => said.type === 'message.created' && said.body.deletedAt === undefined
  const isOwnAndRecent = (said: Said) => edits() && memberOf(said.author) === me && clock() - said.at < windowMs()

  function forget(ref: number): void {
    clearTimeout(going().get(ref))
    setGoing((now) => new Map([...now].filter(([other]) => other !== ref)))
  }

  function finish(ref: number): void {
    forget(ref)
    live.send({ type: 'delete_message', ref })
  }

  // Who leaves the conversation, or the page, has decided.
  const finishAll = () => {
    for (const ref of going().keys()) finish(ref)
  }
  addEventListener('pagehide', finishAll)
  onCleanup(() => {
    removeEventListener('pagehide', finishAll)
    finishAll()
  })

  return {
    quoted,
    quote,
    editing,
    edit,
    mayEdit: (said) => isLeft(said) && isOwnAndRecent(said) && permissions.editFault() === null,
    mayDelete: (said) => isLeft(said) && (role() !== 'agent' || isOwnAndRecent(said)),
    remove: ({ n }) => {
      setGoing((now) =>
        new Map(now).set(
          n,
          setTimeout(() => finish(n), UNDO_MS),
        ),
      )
      notify('Message deleted.', 'plain', {
        action: { label: 'Undo', run: () => forget(n) },
        lastsMs: UNDO_MS,
      })
    },
    isGoing: (said) => said.type === 'message.created' && going().has(said.n),
  }
}
