import { createSignal, For, Show } from 'solid-js'
import { Dialog } from '../../ui/Dialog.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { createShortcuts } from './createShortcuts.ts'
import styles from './KeySheet.module.css'

const KEYS: ReadonlyArray<readonly [keys: string, does: string]> = [
  ['J', 'Next conversation'],
  ['K', 'Previous conversation'],
  ['R', 'Reply, or quote the message that has the focus'],
  ['N', 'Write a note'],
  ['E', 'Close or reopen'],
  ['U', 'Mark as unread'],
  ['A', 'Assign'],
  ['#', 'Delete, with the right to'],
  ['↑ ↓', 'In the timeline: from message to message'],
  ['?', 'This list'],
]

const [open, setOpen] = createSignal(false)

/** Opens the list of keys from elsewhere. */
export const openKeySheet = () => setOpen(true)

/** All keys at a glance (IB12), and the switch for them. */
export function KeySheet() {
  const { preferences } = useInbox()
  createShortcuts({ '?': openKeySheet })
  return (
    <Show when={open()}>
      <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
        <dl class={styles.keys}>
          <For each={KEYS}>
            {([keys, does]) => (
              <div>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            )}
          </For>
        </dl>
        <label class={styles.switch}>
          <input
            type="checkbox"
            checked={preferences.choices.keys}
            onChange={(event) => preferences.choose('keys', event.currentTarget.checked)}
          />
          Use single keys as shortcuts
        </label>
      </Dialog>
    </Show>
  )
}
