import { createUniqueId, type JSX, onCleanup, onMount } from 'solid-js'
import X from '~icons/lucide/x'
import { IconButton } from './Button.tsx'
import styles from './Dialog.module.css'

interface DialogProps {
  title: string
  children: JSX.Element
  /** Called on Escape, the X, and a click beside it. The owner stops rendering the dialog. */
  onClose(): void
  /** `side`: a drawer from the right, for what is a column on wider screens. */
  placement?: 'centre' | 'side'
}

/** A modal dialog: open for as long as it is rendered; the browser keeps the focus inside and gives it back. */
export function Dialog(props: DialogProps) {
  const titleId = createUniqueId()
  let element: HTMLDialogElement | undefined
  onMount(() => {
    element?.showModal()
    onCleanup(() => element?.close())
  })
  return (
    <dialog
      ref={element}
      class={styles.dialog}
      data-placement={props.placement ?? 'centre'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      // A click on the backdrop has the dialog itself as its target, one inside never does.
      onMouseDown={(event) => event.target === element && props.onClose()}
    >
      <div class={styles.content}>
        <header class={styles.header}>
          <h2 id={titleId}>{props.title}</h2>
          <IconButton label="Close dialog" tipSide="start" onClick={() => props.onClose()}>
            <X aria-hidden="true" />
          </IconButton>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}

/** The row of buttons at the foot of a dialog; the main one last. */
export function DialogActions(props: { children: JSX.Element }) {
  return <div class={styles.actions}>{props.children}</div>
}
