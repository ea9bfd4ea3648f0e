import { createEffect, createUniqueId, type JSX, on, onCleanup, onMount } from 'solid-js'
import X from '~icons/lucide/x'
import { IconButton } from './Button.tsx'
import styles from './Dialog.module.css'

interface DialogProps {
  title: string
  children: JSX.Element
  /**
   * Called on Escape, the X, and a click beside it as long as nothing was written in it.
   * The owner stops rendering the dialog.
   */
  onClose(): void
  /** `side`: a drawer from the right, for what is a column on wider screens. */
  placement?: 'centre' | 'side'
  /** `wide`: for what is shown beside what is typed. */
  size?: 'wide'
}

/**
 * A modal dialog: open for as long as it is rendered; the browser keeps the focus inside and gives it back. It begins
 * on what is marked `autofocus`, otherwise on the first control of the content, and never on Close because that stands
 * first. A drawer is there to be read, so its heading has it.
 */
export function Dialog(props: DialogProps) {
  const titleId = createUniqueId()
  let element: HTMLDialogElement | undefined
  // A slip of the hand must not cost what was typed, nor a secret that is shown once because of it.
  let written = false
  onMount(() => {
    element?.showModal()
    const heading = element?.querySelector('h2')
    if (props.placement === 'side') heading?.focus()
    else firstControl(element)?.focus()
    onCleanup(() => element?.close())
  })
  // What it was for is done, and it shows what came of it: its heading says so, and a key pressed twice does nothing.
  createEffect(
    on(
      () => props.title,
      (title, before) => {
        if (title !== before) (markedControl(element) ?? element?.querySelector('h2'))?.focus()
      },
      { defer: true },
    ),
  )
  return (
    <dialog
      ref={element}
      class={styles.dialog}
      data-placement={props.placement ?? 'centre'}
      data-size={props.size}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      // A click on the backdrop has the dialog itself as its target, one inside never does.
      onMouseDown={(event) => event.target === element && !written && props.onClose()}
      onInput={() => {
        written = true
      }}
    >
      <div class={styles.content}>
        <header class={styles.header}>
          <h2 id={titleId} tabindex="-1">
            {props.title}
          </h2>
          <IconButton label="Close dialog" tipSide="start" onClick={() => props.onClose()}>
            <X aria-hidden="true" />
          </IconButton>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}

const CONTROLS = ['input', 'select', 'textarea', 'button', 'a[href]'].map((name) => `${name}:not(:disabled)`).join()

function firstControl(dialog: HTMLElement | undefined): HTMLElement | undefined {
  return markedControl(dialog) ?? controlsIn(dialog).find((control) => !control.closest('header'))
}

function markedControl(dialog: HTMLElement | undefined): HTMLElement | undefined {
  return controlsIn(dialog).find(({ autofocus }) => autofocus)
}

function controlsIn(dialog: HTMLElement | undefined): HTMLElement[] {
  return [...(dialog?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])]
}

/** The row of buttons at the foot of a dialog; the main one last. */
export function DialogActions(props: { children: JSX.Element }) {
  return <div class={styles.actions}>{props.children}</div>
}
