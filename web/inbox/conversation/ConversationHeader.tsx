import { Show } from 'solid-js'
import ArrowLeft from '~icons/lucide/arrow-left'
import PanelRight from '~icons/lucide/panel-right'
import type { View } from '../../../core/conversation/filter.ts'
import type { ConversationId } from '../../../core/ids.ts'
import type { SocketCommand } from '../../../core/protocol/frames.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { BanBadge } from '../bans/BanBadge.tsx'
import { nameOfContact } from '../list/preview.ts'
import type { InboxRow } from '../list/rows.ts'
import { Colleagues } from './Colleagues.tsx'
import styles from './ConversationHeader.module.css'
import { ConversationMenu } from './ConversationMenu.tsx'
import type { Closing } from './createClosing.ts'
import type { Permissions } from './createPermissions.ts'
import type { Standing } from './createStanding.ts'
import { StatusPill } from './StatusPill.tsx'

interface ConversationHeaderProps {
  id: ConversationId
  view: View
  /** Who it is with; undefined until that is known. */
  row: InboxRow | undefined
  live: LiveConversation
  standing: Standing
  permissions: Permissions
  closing: Closing
  panelOpen: boolean
  onPanel(): void
  onAssign(): void
  onMarkUnread(): void
  /** Undefined without the right to. */
  onDelete: (() => void) | undefined
}

/** Who this is with, how it stands, who else is here, and what can be done with it. */
export function ConversationHeader(props: ConversationHeaderProps) {
  const { me, members } = useInbox()
  const contact = () => props.row?.contact
  // What somebody is busy with is taken from them by assigning it, on purpose.
  const isToAccept = () => {
    const { status, assignee } = props.standing
    if (props.permissions.assignFault() !== null) return false
    return status() !== undefined && status() !== 'closed' && !(status() === 'active_human' && assignee() !== null)
  }
  const asking = (type: SocketCommand['type']) => props.live.pending.some((p) => p.command.type === type)
  const assigneeName = () => {
    const member = props.standing.assignee()
    return member === null ? 'Unassigned' : member === me ? 'Assigned to you' : `Assigned to ${members.nameOf(member)}`
  }
  return (
    <header class={styles.header}>
      <a class={styles.back} href={`/dashboard/inbox/${props.view}`} aria-label="Back to the list">
        <ArrowLeft aria-hidden="true" />
      </a>
      <Show when={contact()} fallback={<span class={styles.unknown} />}>
        {(contact) => <Avatar name={nameOfContact(contact())} id={contact().id} />}
      </Show>
      <div class={styles.who}>
        <h2>
          <Show when={contact()} fallback={<span class="visuallyHidden">Loading…</span>}>
            {(contact) => <bdi>{nameOfContact(contact())}</bdi>}
          </Show>
        </h2>
        <div class={styles.standing}>
          <Show when={props.standing.status()}>
            {(present) => (
              <>
                <StatusPill status={present()} />
                <BanBadge bans={props.row?.bans} />
                <span class={styles.assignee} dir="auto">
                  {assigneeName()}
                </span>
              </>
            )}
          </Show>
          <Colleagues live={props.live} />
        </div>
      </div>
      <div class={styles.actions}>
        <Show when={isToAccept()}>
          <Button kind="primary" busy={asking('accept')} onClick={() => props.live.send({ type: 'accept' })}>
            Accept
          </Button>
        </Show>
        <Show when={props.standing.status() !== undefined}>
          <Button aria-keyshortcuts="A" onClick={() => props.onAssign()}>
            Assign
          </Button>
          <Show
            when={props.standing.status() === 'closed'}
            fallback={
              <Button aria-keyshortcuts="E" busy={asking('close')} onClick={() => props.closing.close()}>
                Close
              </Button>
            }
          >
            <Show when={props.permissions.mayReopen()}>
              <Button aria-keyshortcuts="E" busy={asking('reopen')} onClick={() => props.live.send({ type: 'reopen' })}>
                Reopen
              </Button>
            </Show>
          </Show>
        </Show>
        <ConversationMenu
          id={props.id}
          row={props.row}
          collaborators={props.standing.collaborators()}
          onMarkUnread={() => props.onMarkUnread()}
          onDelete={props.onDelete}
        />
        <IconButton label="Details" tipSide="start" aria-expanded={props.panelOpen} onClick={() => props.onPanel()}>
          <PanelRight aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  )
}
