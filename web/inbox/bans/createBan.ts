import { type Accessor, createSignal } from 'solid-js'
import type { Ban, BanList } from '../../../core/api/bans.ts'
import { type BanKind, type BanScope, strongest } from '../../../core/bans/ban.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { clock } from '../app/clock.ts'
import { createAttempt } from '../form/createAttempt.ts'
import { nameOfContact } from '../list/preview.ts'
import type { InboxRow } from '../list/rows.ts'
import { useRight, useSession } from '../session/SessionProvider.tsx'

/** What is asked for in the dialog. */
export interface BanWish {
  /** `network`: the address that they write from, which is known while they are here. */
  scope: BanScope
  kind: BanKind
  reason: string
  /** Epoch milliseconds; null: until somebody lifts it. */
  expiresAt: number | null
  /** Also where one's own address is shut out with it. */
  evenMine?: boolean
}

export interface BanActs {
  /** PR1: whether one has the right to. */
  may(): boolean
  /** What the visitor of this conversation is under, if anything. */
  kind(): BanKind | null
  contact(): InboxRow['contact'] | undefined
  busy: Accessor<boolean>
  /** Whether the dialog is open. */
  asked: Accessor<boolean>
  ask(): void
  cancel(): void
  /** Refused like the API's own call, which the dialog shows. */
  place(wish: BanWish): Promise<void>
  lift(): Promise<void>
}

const DONE = { ban: 'banned', block: 'blocked' } as const

/** Banning the visitor of a conversation, and lifting it again; the conversation says who did it (BN1). */
export function createBan(id: ConversationId, row: () => InboxRow | undefined): BanActs {
  const session = useSession()
  const notify = useNotify()
  const [asked, setAsked] = createSignal(false)
  const { attempt, busy } = createAttempt(notify)
  const name = () => nameOfContact(row()?.contact ?? { id: '', name: null, email: null, createdAt: null })

  function hold(scope: 'contact' | 'device', target: string, how: Pick<Ban, 'kind' | 'reason' | 'expiresAt'>) {
    const body = { ...how, conversation: id }
    return scope === 'contact'
      ? session.request('PUT', `/api/v1/contacts/${target}/ban`, body)
      : session.request('POST', '/api/v1/bans', { scope, target, ...body })
  }

  /** What holds the visitor, with reason and end: lifting it forgets them. */
  async function holding({ contact, device }: InboxRow): Promise<Ban[]> {
    // A contact and its device share what follows the first letter of their ids.
    const { list } = await session.request<BanList>('GET', `/api/v1/bans?search=${contact.id.slice(1)}`)
    return list.filter(({ target }) => target === contact.id || target === device)
  }

  async function restore(held: readonly Ban[]): Promise<void> {
    for (const { scope, target, kind, reason, expiresAt } of held)
      if (scope !== 'network') await hold(scope, target, { kind, reason, expiresAt })
    notify(`${name()} is ${DONE[held.some(({ kind }) => kind === 'block') ? 'block' : 'ban']} again.`)
  }

  return {
    may: useRight('ban'),
    kind: () => strongest(row()?.bans, clock()),
    contact: () => row()?.contact,
    ...{ busy, asked },
    ask: () => setAsked(true),
    cancel: () => setAsked(false),
    place: async ({ scope, kind, evenMine, ...wish }) => {
      const known = row()
      if (!known) return
      if (scope === 'network')
        await session.request('POST', '/api/v1/bans', { scope, ...wish, conversation: id, evenMine })
      else await hold(scope, scope === 'contact' ? known.contact.id : known.device, { kind, ...wish })
      setAsked(false)
      notify(scope === 'network' ? `The address of ${name()} is banned.` : `${name()} is ${DONE[kind]}.`)
    },
    lift: async () => {
      const known = row()
      if (!known || busy()) return
      // Taken before: once it is lifted the row knows of none.
      const done = DONE[strongest(known.bans, 0) ?? 'ban']
      await attempt(async () => {
        const held = await holding(known)
        await session.request('DELETE', `/api/v1/contacts/${known.contact.id}/ban?conversation=${id}`)
        const undo = { label: 'Undo', run: () => void attempt(() => restore(held)) }
        notify(`${name()} is no longer ${done}.`, 'plain', held.length > 0 ? { action: undo } : {})
      }, 'not_found')
    },
  }
}
