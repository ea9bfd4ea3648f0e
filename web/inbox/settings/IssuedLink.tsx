import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { DialogActions } from '../../ui/Dialog.tsx'
import { momentOf } from '../session/moment.ts'
import styles from './Settings.module.css'

interface IssuedLinkProps {
  label: string
  link: string
  expiresAt: number
  /** To whom it is to be sent, and to nobody else. */
  to: string
  onClose(): void
}

/** A link that was just made: its secret is kept nowhere, so it is shown this once. */
export function IssuedLink(props: IssuedLinkProps) {
  return (
    <div class={styles.form}>
      <p>
        Send this link to <bdi>{props.to}</bdi> and nobody else. It is shown only now, works once, and expires{' '}
        {momentOf(props.expiresAt)}.
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
