import { createSignal, createUniqueId, Show } from 'solid-js'
import Pencil from '~icons/lucide/pencil'
import { ApiProblem } from '../../lib/api.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import styles from './EditableFact.module.css'

interface EditableFactProps {
  label: string
  value: string | null
  /** What stands there while nothing is known. */
  none: string
  type?: 'text' | 'email'
  /** Why it cannot be saved, as a sentence. */
  check(text: string): string | undefined
  /** Refused like the API's own call. Null takes the value away. */
  save(value: string | null): Promise<void>
  /** Shows the value in another way than as text: as a link. */
  href?: string | undefined
}

/** A fact that is changed in its place: Enter saves, Escape leaves it as it was (CP3). */
export function EditableFact(props: EditableFactProps) {
  const faultId = createUniqueId()
  const [text, setText] = createSignal<string | null>(null)
  const [fault, setFault] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  let pencil: HTMLSpanElement | undefined

  function leave() {
    setText(null)
    setFault(null)
    queueMicrotask(() => pencil?.querySelector('button')?.focus())
  }

  async function save() {
    const next = text()?.trim() ?? ''
    if (next === (props.value ?? '')) return leave()
    const wrong = next === '' ? undefined : props.check(next)
    if (wrong) return setFault(wrong)
    setBusy(true)
    try {
      await props.save(next === '' ? null : next)
      leave()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setFault(error.problem.detail)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <Show
          when={text() !== null}
          fallback={
            <span ref={pencil} class={styles.shown}>
              <Show when={props.value} fallback={<span class={styles.none}>{props.none}</span>}>
                {(value) => (
                  <Show when={props.href} fallback={<bdi>{value()}</bdi>}>
                    {(href) => (
                      <a href={href()}>
                        <bdi>{value()}</bdi>
                      </a>
                    )}
                  </Show>
                )}
              </Show>
              <IconButton
                label={`Edit ${props.label.toLowerCase()}`}
                tipSide="start"
                onClick={() => setText(props.value ?? '')}
              >
                <Pencil aria-hidden="true" />
              </IconButton>
            </span>
          }
        >
          <form
            class={styles.form}
            novalidate
            onSubmit={(event) => {
              event.preventDefault()
              if (!busy()) void save()
            }}
          >
            <input
              ref={(element) => queueMicrotask(() => element.focus())}
              type={props.type ?? 'text'}
              dir="auto"
              autocomplete="off"
              aria-label={props.label}
              aria-invalid={fault() ? true : undefined}
              aria-describedby={fault() ? faultId : undefined}
              value={text() ?? ''}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                event.preventDefault()
                event.stopPropagation()
                leave()
              }}
            />
            <Show when={fault()}>
              {(sentence) => (
                <p id={faultId} class={styles.fault} role="alert">
                  {sentence()}
                </p>
              )}
            </Show>
            <div class={styles.actions}>
              <Button kind="primary" type="submit" busy={busy()}>
                Save
              </Button>
              <Button kind="quiet" onClick={leave}>
                Cancel
              </Button>
            </div>
          </form>
        </Show>
      </dd>
    </div>
  )
}
