import { createSignal } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import type { DeletionActs } from './createDeletion.ts'

/** Asks before a conversation is deleted, and says what that means (CV12). */
export function DeleteDialog(props: { contact: string; deletion: DeletionActs }) {
  const [busy, setBusy] = createSignal(false)
  async function finish() {
    setBusy(true)
    await props.deletion.finish().finally(() => setBusy(false))
  }
  return (
    <Dialog title="Delete this conversation?" onClose={() => props.deletion.cancel()}>
      <p>
        Everything that was said with <bdi>{props.contact}</bdi> disappears for the team and for the visitor. For 30
        seconds this can be undone; then it is gone for good.
      </p>
      <DialogActions>
        <Button kind="quiet" autofocus onClick={() => props.deletion.cancel()}>
          Cancel
        </Button>
        <Button kind="danger" busy={busy()} onClick={() => void finish()}>
          Delete conversation
        </Button>
      </DialogActions>
    </Dialog>
  )
}
