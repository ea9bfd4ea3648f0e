import { Show } from 'solid-js'
import { momentOf } from '../../lib/moment.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { DialogActions } from '../../ui/Dialog.tsx'
import { Message } from '../../ui/Message.tsx'
import styles from './Settings.module.css'

interface IssuedLinkProps {
  label: string
  link: string
  expiresAt: number
  /** To whom it is to be sent, and to nobody else. */
  to: string
  /** It is on its way by mail already. */
  mailed?: boolean
  onClose(): void
}

/** A link that was just made: its secret is kept nowhere, so it is shown this once. */
export function IssuedLink(props: IssuedLinkProps) {
  return (
    <div class={styles.form}>
      <Show when={props.mailed}>
        <Message tone="good">
          A mail with this link is on its way to <bdi>{props.to}</bdi>.
        </Message>
      </Show>
      <p>
        {props.mailed ? 'If it does not arrive, send' : 'Send'} this link to <bdi>{props.to}</bdi> and nobody else. It
        is shown only now, works once, and expires {momentOf(props.expiresAt)}.
      </p>
      <CopyField label={props.label} text={props.link} action="Copy link" />
      <DialogActions>
        <Button kind="primary" onClick={() => props.onClose()}>
          Done
        </Button>
      </DialogActions>
    </div>
  )
}
