import LogOut from '~icons/lucide/log-out'
import Monitor from '~icons/lucide/monitor'
import Moon from '~icons/lucide/moon'
import Sun from '~icons/lucide/sun'
import { ApiProblem } from '../../lib/api.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel } from '../../ui/Menu.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import styles from './MeMenu.module.css'
import { chooseTheme, theme } from './theme.ts'

/** Who one is here, the look of the page, and the way out. */
export function MeMenu() {
  const session = useSession()
  const me = useMe()
  const notify = useNotify()

  async function signOut() {
    try {
      await session.signOut()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
  }

  return (
    <Menu
      label="Your account"
      tipSide="end"
      trigger={<Avatar name={me().membership.name} id={me().membership.member} />}
    >
      <div class={styles.who}>
        <strong dir="auto">{me().membership.name}</strong>
        <span>{me().user.email}</span>
        <span dir="auto">{me().membership.workspace.name}</span>
      </div>
      <hr />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice
        chosen={theme() === 'system'}
        icon={<Monitor aria-hidden="true" />}
        onSelect={() => chooseTheme('system')}
      >
        System
      </MenuChoice>
      <MenuChoice chosen={theme() === 'light'} icon={<Sun aria-hidden="true" />} onSelect={() => chooseTheme('light')}>
        Light
      </MenuChoice>
      <MenuChoice chosen={theme() === 'dark'} icon={<Moon aria-hidden="true" />} onSelect={() => chooseTheme('dark')}>
        Dark
      </MenuChoice>
      <hr />
      <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
