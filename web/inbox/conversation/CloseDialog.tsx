import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import type { Closing } from './createClosing.ts'

/** Asks before a conversation is closed for good, and says what that means (CV4). */
export function CloseDialog(props: { contact: string; closing: Closing }) {
  return (
    <Dialog title="Close this conversation for good?" onClose={() => props.closing.cancel()}>
      <p>
        Nobody can open it again. What <bdi>{props.contact}</bdi> writes next begins a new conversation that is linked
        to this one.
      </p>
      <DialogActions>
        <Button kind="quiet" autofocus onClick={() => props.closing.cancel()}>
          Cancel
        </Button>
        <Button kind="danger" onClick={() => props.closing.finish()}>
          Close for good
        </Button>
      </DialogActions>
    </Dialog>
  )
}
