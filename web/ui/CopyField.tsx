import { createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import Check from '~icons/lucide/check'
import Copy from '~icons/lucide/copy'
import { Button } from './Button.tsx'
import styles from './CopyField.module.css'

const CONFIRMED_MS = 2_000

interface CopyFieldProps {
  label: string
  /** Shown whole and copied as it is. */
  text: string
  /** Words on the button: "Copy link". */
  action: string
}

/** A text to take along: link or code, with a button that copies it. */
export function CopyField(props: CopyFieldProps) {
  const id = createUniqueId()
  const [copied, setCopied] = createSignal(false)
  let code: HTMLElement | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  async function copy() {
    try {
      await navigator.clipboard.writeText(props.text)
    } catch {
      // Without the right to the clipboard the text is selected, ready for Ctrl+C.
      if (code) getSelection()?.selectAllChildren(code)
      return
    }
    setCopied(true)
    clearTimeout(timer)
    timer = setTimeout(() => setCopied(false), CONFIRMED_MS)
  }

  return (
    <fieldset class={styles.copyField} aria-labelledby={id}>
      <span id={id} class={styles.label}>
        {props.label}
      </span>
      <code ref={code} dir="ltr">
        {props.text}
      </code>
      <Button onClick={() => void copy()}>
        <Show when={copied()} fallback={<Copy aria-hidden="true" />}>
          <Check aria-hidden="true" />
        </Show>
        {copied() ? 'Copied' : props.action}
      </Button>
      <span class="visuallyHidden" role="status">
        {copied() ? 'Copied to the clipboard' : ''}
      </span>
    </fieldset>
  )
}
