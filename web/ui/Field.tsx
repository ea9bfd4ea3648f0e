import {
  type ComponentProps,
  createEffect,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  Show,
  splitProps,
} from 'solid-js'
import Check from '~icons/lucide/check'
import Eye from '~icons/lucide/eye'
import EyeOff from '~icons/lucide/eye-off'
import { IconButton } from './Button.tsx'
import styles from './Field.module.css'

interface Described {
  label: string
  /** What to know before typing. */
  hint?: JSX.Element
  /** What is wrong, as a sentence; replaces the hint. */
  error?: string | undefined
}

interface FrameProps extends Described {
  id: string
  children: JSX.Element
}

/** Label, control, and one line below it that is either the hint or the error. */
function FieldFrame(props: FrameProps) {
  return (
    <div class={styles.field} data-invalid={props.error ? '' : undefined}>
      <label for={props.id}>{props.label}</label>
      {props.children}
      <Show when={props.error ?? props.hint}>
        <p id={`${props.id}-about`} class={styles.about} role={props.error ? 'alert' : undefined}>
          {props.error ?? props.hint}
        </p>
      </Show>
    </div>
  )
}

function describedBy(id: string, props: Described) {
  return {
    'aria-invalid': props.error ? true : undefined,
    'aria-describedby': props.error || props.hint ? `${id}-about` : undefined,
  } as const
}

type TextFieldProps = Described & Omit<ComponentProps<'input'>, 'id'>

/** One line of text with its label. */
export function TextField(props: TextFieldProps) {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'error'])
  return (
    <FieldFrame id={id} {...own}>
      <input type="text" dir="auto" {...rest} {...describedBy(id, own)} id={id} class={styles.control} />
    </FieldFrame>
  )
}

type TextAreaProps = Described & Omit<ComponentProps<'textarea'>, 'id'>

/** A few lines of text with their label. */
export function TextArea(props: TextAreaProps) {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'error'])
  return (
    <FieldFrame id={id} {...own}>
      <textarea dir="auto" {...rest} {...describedBy(id, own)} id={id} class={styles.control} />
    </FieldFrame>
  )
}

type PasswordFieldProps = TextFieldProps & {
  /** Shows the rule below the field and ticks it off while one types. */
  minLength?: number
}

/** A password that can be shown. */
export function PasswordField(props: PasswordFieldProps) {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'error', 'minLength', 'onInput'])
  const [shown, setShown] = createSignal(false)
  const [length, setLength] = createSignal(0)
  const rule = (minimum: number) => (
    <span class={styles.rule} data-met={length() >= minimum ? '' : undefined}>
      <Check aria-hidden="true" />
      At least {minimum} characters
      <span class="visuallyHidden">{length() >= minimum ? ' (reached)' : ''}</span>
    </span>
  )
  return (
    <FieldFrame id={id} label={own.label} error={own.error} hint={own.minLength ? rule(own.minLength) : own.hint}>
      <div class={styles.password}>
        <input
          spellcheck={false}
          autocapitalize="off"
          {...rest}
          {...describedBy(id, { label: own.label, error: own.error, hint: own.minLength || own.hint })}
          id={id}
          type={shown() ? 'text' : 'password'}
          class={styles.control}
          onInput={(event) => {
            setLength(event.currentTarget.value.length)
            if (typeof own.onInput === 'function') own.onInput(event)
          }}
        />
        <IconButton
          label={shown() ? 'Hide password' : 'Show password'}
          tipSide="start"
          aria-pressed={shown()}
          onClick={() => setShown(!shown())}
        >
          <Show when={shown()} fallback={<Eye aria-hidden="true" />}>
            <EyeOff aria-hidden="true" />
          </Show>
        </IconButton>
      </div>
    </FieldFrame>
  )
}

type SelectFieldProps = Described &
  Omit<ComponentProps<'select'>, 'id'> & { options: ReadonlyArray<{ value: string; label: string }>; value: string }

/** One of several, by the browser's own list. */
export function SelectField(props: SelectFieldProps) {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'error', 'options', 'value'])
  let select: HTMLSelectElement | undefined
  // After the options are drawn: what was chosen by hand and not taken must not stay either.
  createEffect(() => {
    if (own.options && select) select.value = own.value
  })
  return (
    <FieldFrame id={id} label={own.label} hint={own.hint} error={own.error}>
      <select ref={select} {...rest} {...describedBy(id, own)} id={id} class={styles.control}>
        <For each={own.options}>
          {(option) => (
            <option value={option.value} selected={option.value === own.value}>
              {option.label}
            </option>
          )}
        </For>
      </select>
    </FieldFrame>
  )
}
