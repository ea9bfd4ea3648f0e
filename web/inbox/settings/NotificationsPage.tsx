import { type JSX, Match, Switch } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { Message } from '../../ui/Message.tsx'
import type { Choices } from '../app/createPreferences.ts'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { askForNotifications, notificationPermission } from '../notify/permission.ts'
import { ring } from '../notify/sound.ts'
import styles from './Settings.module.css'

/** /dashboard/settings/notifications: how and of what one hears; kept in this browser (IB8). */
export function NotificationsPage() {
  const { preferences } = useInbox()
  createTitle(() => 'Notifications')

  async function switchBrowser(on: boolean) {
    preferences.choose('browser', on && (await askForNotifications()) === 'granted')
  }

  return (
    <>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h2>Notifications</h2>
            <p>New messages in your conversations and in those you follow. Kept for you in this browser.</p>
          </div>
        </div>
        <div class={styles.list}>
          <Choice
            name="unassigned"
            label="Also conversations that nobody has, or that wait"
            about="So that no visitor waits unseen."
          />
          <Choice name="toast" label="On the page" about="A short notice with the message; a click opens it." />
          <Choice name="sound" label="Sound" about="Two soft tones.">
            <Button kind="quiet" onClick={ring}>
              Listen
            </Button>
          </Choice>
          <Choice
            name="browser"
            label="By the browser"
            about="When you look at something else. The browser asks for its permission."
            onChoose={switchBrowser}
          />
        </div>
        <Switch>
          <Match when={notificationPermission() === 'denied'}>
            <Message tone="warn">
              This browser blocks notifications of this address. Allow them in its settings for this site, then switch
              them on here.
            </Message>
          </Match>
          <Match when={notificationPermission() === 'unsupported'}>
            <Message tone="plain">This browser cannot show notifications.</Message>
          </Match>
        </Switch>
      </section>
      <section class={styles.section}>
        <div class={styles.head}>
          <h3>Keyboard</h3>
        </div>
        <div class={styles.list}>
          <Choice
            name="keys"
            label="Single keys as shortcuts"
            about="J, K, R, N and the others. Switch them off if you speak or type with an aid that presses keys."
          />
        </div>
      </section>
    </>
  )
}

interface ChoiceProps {
  name: keyof Choices
  label: string
  about: string
  onChoose?(on: boolean): Promise<void>
  children?: JSX.Element
}

function Choice(props: ChoiceProps) {
  const { preferences } = useInbox()
  const choose = (box: HTMLInputElement) => {
    if (!props.onChoose) return preferences.choose(props.name, box.checked)
    void props.onChoose(box.checked).then(() => {
      box.checked = preferences.choices[props.name]
    })
  }
  return (
    <div class={styles.item}>
      <label class={styles.choice}>
        <input
          type="checkbox"
          checked={preferences.choices[props.name]}
          onChange={(event) => choose(event.currentTarget)}
        />
        <span class={styles.who}>
          <strong>{props.label}</strong>
          <span>{props.about}</span>
        </span>
      </label>
      {props.children}
    </div>
  )
}
