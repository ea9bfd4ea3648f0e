import { Show } from 'solid-js'
import Ban from '~icons/lucide/ban'
import Bell from '~icons/lucide/bell'
import BellOff from '~icons/lucide/bell-off'
import Ellipsis from '~icons/lucide/ellipsis'
import Link from '~icons/lucide/link'
import Mail from '~icons/lucide/mail'
import Trash from '~icons/lucide/trash-2'
import type { ConversationId } from '../../../core/ids.ts'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { BanDialog } from '../bans/BanDialog.tsx'
import { createBan } from '../bans/createBan.ts'
import type { InboxRow } from '../list/rows.ts'
import { createCollaboration } from './createCollaboration.ts'
import { createCopyLink } from './createCopyLink.ts'

interface ConversationMenuProps {
  id: ConversationId
  /** Undefined until it is known. */
  row: InboxRow | undefined
  collaborators: readonly string[]
  onMarkUnread(): void
  /** Undefined without the right to. */
  onDelete?: (() => void) | undefined
}

/** What can be done with a conversation and is not needed every minute (AC1). */
export function ConversationMenu(props: ConversationMenuProps) {
  const { me } = useInbox()
  const collaboration = createCollaboration(props.id)
  const copyLink = createCopyLink()
  const ban = createBan(props.id, () => props.row)
  const follows = () => props.collaborators.includes(me)
  return (
    <>
      <Menu label="More actions" trigger={<Ellipsis aria-hidden="true" />}>
        <MenuItem icon={<Mail aria-hidden="true" />} shortcut="U" onSelect={() => props.onMarkUnread()}>
          Mark as unread
        </MenuItem>
        <MenuItem icon={<Link aria-hidden="true" />} onSelect={() => copyLink(props.id)}>
          Copy link
        </MenuItem>
        <MenuItem
          icon={follows() ? <BellOff aria-hidden="true" /> : <Bell aria-hidden="true" />}
          onSelect={() => void (follows() ? collaboration.remove(me) : collaboration.add(me))}
        >
          {follows() ? 'Stop following' : 'Follow'}
        </MenuItem>
        <Show when={ban.may() && props.row}>
          <hr />
          <MenuItem icon={<Ban aria-hidden="true" />} onSelect={() => void (ban.kind() ? ban.lift() : ban.ask())}>
            {ban.kind() ? 'Unban' : 'Ban or block…'}
          </MenuItem>
        </Show>
        <Show when={props.onDelete}>
          {(remove) => (
            <>
              <hr />
              <MenuItem icon={<Trash aria-hidden="true" />} shortcut="#" onSelect={() => remove()()}>
                Delete…
              </MenuItem>
            </>
          )}
        </Show>
      </Menu>
      <BanDialog ban={ban} />
    </>
  )
}
