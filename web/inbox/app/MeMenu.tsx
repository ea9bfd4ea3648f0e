import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import CircleCheck from '~icons/lucide/circle-check'
import Keyboard from '~icons/lucide/keyboard'
import LogOut from '~icons/lucide/log-out'
import Monitor from '~icons/lucide/monitor'
import Moon from '~icons/lucide/moon'
import Plus from '~icons/lucide/plus'
import Sun from '~icons/lucide/sun'
import User from '~icons/lucide/user'
import { Avatar } from '../../ui/Avatar.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel } from '../../ui/Menu.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { openKeySheet } from '../keyboard/KeySheet.tsx'
import { AVAILABILITY_WORDS } from '../members/availability.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { useInbox } from './InboxContext.tsx'
import styles from './MeMenu.module.css'
import { NewWorkspaceDialog } from './NewWorkspaceDialog.tsx'
import { chooseTheme, theme } from './theme.ts'

/** Who one is here, whether one is there, the look of the page, the other workspaces, and the way out. */
export function MeMenu() {
  const session = useSession()
  const me = useMe()
  const inbox = useInbox()
  const navigate = useNavigate()
  const { attempt } = createAttempt(useNotify())
  const [founding, setFounding] = createSignal(false)
  const availability = () => inbox.members.availability(inbox.me)
  const isOn = () => inbox.members.list().find(({ id }) => id === inbox.me)?.available ?? true

  const become = (available: boolean) =>
    attempt(async () => {
      await session.request('PATCH', '/api/v1/me', { available })
      await inbox.members.refresh()
    })

  return (
    <>
      <Menu
        label="Your account"
        tipSide="end"
        trigger={<Avatar name={me().membership.name} id={me().membership.member} dot={availability()} />}
      >
        <div class={styles.who}>
          <strong dir="auto">{me().membership.name}</strong>
          <span>{me().user.email}</span>
          <span dir="auto">
            {me().membership.workspace.name} · {AVAILABILITY_WORDS[availability()]}
          </span>
        </div>
        <hr />
        <MenuLabel>Availability</MenuLabel>
        <MenuChoice chosen={isOn()} icon={<CircleCheck aria-hidden="true" />} onSelect={() => void become(true)}>
          Available
        </MenuChoice>
        <MenuChoice chosen={!isOn()} icon={<Moon aria-hidden="true" />} onSelect={() => void become(false)}>
          Away
        </MenuChoice>
        <hr />
        <Workspaces onNew={() => setFounding(true)} />
        <hr />
        <MenuLabel>Theme</MenuLabel>
        <MenuChoice
          chosen={theme() === 'system'}
          icon={<Monitor aria-hidden="true" />}
          onSelect={() => chooseTheme('system')}
        >
          System
        </MenuChoice>
        <MenuChoice
          chosen={theme() === 'light'}
          icon={<Sun aria-hidden="true" />}
          onSelect={() => chooseTheme('light')}
        >
          Light
        </MenuChoice>
        <MenuChoice chosen={theme() === 'dark'} icon={<Moon aria-hidden="true" />} onSelect={() => chooseTheme('dark')}>
          Dark
        </MenuChoice>
        <hr />
        <MenuItem icon={<User aria-hidden="true" />} onSelect={() => navigate('/settings/profile')}>
          Profile
        </MenuItem>
        <MenuItem icon={<Keyboard aria-hidden="true" />} shortcut="?" onSelect={openKeySheet}>
          Keyboard shortcuts
        </MenuItem>
        <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => void attempt(session.signOut)}>
          Sign out
        </MenuItem>
      </Menu>
      <Show when={founding()}>
        <NewWorkspaceDialog onClose={() => setFounding(false)} />
      </Show>
    </>
  )
}

/** The workspaces one belongs to; the chosen one is remembered. */
function Workspaces(props: { onNew(): void }) {
  const session = useSession()
  const navigate = useNavigate()
  const all = () => {
    const state = session.state()
    return 'session' in state ? state.session.memberships.map(({ workspace }) => workspace) : []
  }
  return (
    <>
      <MenuLabel>Workspace</MenuLabel>
      <For each={all()}>
        {(workspace) => (
          <MenuChoice
            chosen={session.membership()?.workspace.id === workspace.id}
            onSelect={() => {
              // An open conversation belongs to the workspace that is left.
              navigate('/inbox/all')
              session.choose(workspace.id)
            }}
          >
            <bdi>{workspace.name}</bdi>
          </MenuChoice>
        )}
      </For>
      <MenuItem icon={<Plus aria-hidden="true" />} onSelect={props.onNew}>
        New workspace…
      </MenuItem>
    </>
  )
}
