import { useNavigate } from '@solidjs/router'
import { type Accessor, createSignal } from 'solid-js'
import { UNDO_MS } from '../../../core/conversation/deletion.ts'
import type { View } from '../../../core/conversation/filter.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useRight, useSession } from '../session/SessionProvider.tsx'

export interface DeletionActs {
  /** PR1: whether one has the right to. */
  may(): boolean
  /** Whether one is being asked if it is meant. */
  asked: Accessor<boolean>
  ask(): void
  cancel(): void
  /** Deletes it, leaves it, and offers to undo that as long as it goes (CV12). */
  finish(): Promise<void>
  undo(): Promise<unknown>
}

/** The way there and back of the answer to "undo", which must not come too late. */
const MARGIN_MS = 1_000

/** Deleting a conversation, and taking that back. @param view the list that one is led back to */
export function createDeletion(id: ConversationId, view: View): DeletionActs {
  const session = useSession()
  const navigate = useNavigate()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const [asked, setAsked] = createSignal(false)
  const path = `/api/v1/conversations/${id}`

  const undo = () =>
    attempt(async () => {
      await session.request('POST', `${path}/restoration`, {})
      navigate(`/inbox/${view}?id=${id}`)
      notify('Conversation restored.')
    })
  const remove = async () => {
    await session.request('DELETE', path)
    // First: a dialog that closes gives the focus back, and it belongs to "Undo".
    setAsked(false)
    navigate(`/inbox/${view}`)
    const lastsMs = UNDO_MS - MARGIN_MS
    notify('Conversation deleted.', 'plain', {
      lastsMs,
      counted: true,
      action: { label: 'Undo', run: () => void undo() },
    })
  }

  return {
    may: useRight('delete_conversations'),
    asked,
    ask: () => setAsked(true),
    cancel: () => setAsked(false),
    finish: async () => {
      await attempt(remove)
      setAsked(false)
    },
    undo,
  }
}
