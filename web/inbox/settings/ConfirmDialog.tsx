import { createSignal, type JSX } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import styles from './Settings.module.css'

interface ConfirmDialogProps {
  title: string
  /** What happens, in full. */
  children: JSX.Element
  /** The verb on the button. */
  action: string
  onConfirm(): Promise<void>
  onClose(): void
}

/** Asks before what cannot simply be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [busy, setBusy] = createSignal(false)
  async function confirm() {
    setBusy(true)
    await props.onConfirm().finally(() => setBusy(false))
  }
  return (
    <Dialog title={props.title} onClose={() => props.onClose()}>
      <p class={styles.consequence}>{props.children}</p>
      <DialogActions>
        <Button kind="quiet" autofocus onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Button kind="danger" busy={busy()} onClick={() => void confirm()}>
          {props.action}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
