import { For, Show } from 'solid-js'
import styles from './Settings.module.css'

export interface Check {
  value: string
  name: string
  /** What it means, in a sentence. */
  about?: string
}

interface ChecksProps {
  label: string
  choices: readonly Check[]
  chosen: readonly string[]
  /** In place of an empty list. */
  none?: string
  error?: string | undefined
  onChange(chosen: string[]): void
}

/** Several of a short list, as checkboxes. */
export function Checks(props: ChecksProps) {
  const toggled = (value: string) =>
    props.choices.map((choice) => choice.value).filter((each) => (each === value) !== props.chosen.includes(each))
  return (
    <fieldset class={styles.roles} aria-invalid={props.error ? true : undefined}>
      <legend>{props.label}</legend>
      <Show when={props.error}>{(sentence) => <p role="alert">{sentence()}</p>}</Show>
      <Show when={props.choices.length > 0} fallback={<p>{props.none}</p>}>
        <For each={props.choices}>
          {(choice) => (
            <label>
              <input
                type="checkbox"
                checked={props.chosen.includes(choice.value)}
                onChange={() => props.onChange(toggled(choice.value))}
              />
              <bdi>{choice.name}</bdi>
              <Show when={choice.about}>
                <span>{choice.about}</span>
              </Show>
            </label>
          )}
        </For>
      </Show>
    </fieldset>
  )
}
