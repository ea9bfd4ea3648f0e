import { createEffect, createSignal, For, on, Show } from 'solid-js'
import { FLOOD_LIMITS, type FloodLimits } from '../../../core/conversation/limits.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { chosen, INHERIT, type ShownPolicies } from './createPolicies.ts'
import { isRecommended, LIMIT_FIELDS, type LimitField, limitFault, limitsText } from './limitFields.ts'
import styles from './MessageLimits.module.css'
import { LIMITS_LABEL } from './policyChoices.ts'

type Limits = FloodLimits | typeof INHERIT

interface MessageLimitsProps {
  shown: ShownPolicies
  /** The channel that is looked at; empty for the workspace. */
  place: string
  onChange(to: Limits, before: Limits): Promise<void>
}

/** How much one visitor may write (DL9): as recommended, or in numbers of one's own. */
export function MessageLimits(props: MessageLimitsProps) {
  /** Whether the numbers are on screen though they are not one's own yet. */
  const [opened, setOpened] = createSignal(false)
  createEffect(
    on(
      () => props.place,
      () => setOpened(false),
      { defer: true },
    ),
  )
  const present = () => chosen(props.shown, 'limits')
  const inForce = () => props.shown.channel?.policy.limits ?? props.shown.workspace.limits
  const choice = () => {
    const limits = present()
    if (opened()) return 'own'
    return limits === INHERIT ? INHERIT : isRecommended(limits) ? 'recommended' : 'own'
  }
  const options = () => [
    ...(props.shown.channel ? [{ value: INHERIT, label: 'As in the workspace' }] : []),
    { value: 'recommended', label: 'As recommended' },
    { value: 'own', label: 'In numbers of your own' },
  ]
  function number(limits: FloodLimits) {
    // They stay where they are, also if they happen to be the recommended ones again.
    setOpened(true)
    return props.onChange(limits, present())
  }
  const hint = () => {
    const numbers = choice() === 'own' ? '' : `${limitsText(inForce())}. `
    return `${numbers}What comes sooner waits in the visitor’s browser and goes out by itself.`
  }
  function choose(to: string) {
    setOpened(to === 'own')
    if (to === 'own') return
    const limits = to === INHERIT ? INHERIT : FLOOD_LIMITS
    const isSo = limits === INHERIT ? present() === INHERIT : present() !== INHERIT && isRecommended(inForce())
    if (!isSo) void props.onChange(limits, present())
  }
  return (
    <div class={styles.limits}>
      <SelectField
        label={LIMITS_LABEL}
        hint={hint()}
        value={choice()}
        options={options()}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Show when={choice() === 'own'}>
        <div class={styles.numbers}>
          <For each={LIMIT_FIELDS}>{(field) => <LimitNumber field={field} limits={inForce()} onChange={number} />}</For>
        </div>
      </Show>
    </div>
  )
}

interface LimitNumberProps {
  field: LimitField
  /** What holds now. */
  limits: FloodLimits
  onChange(to: FloodLimits): Promise<void>
}

function LimitNumber(props: LimitNumberProps) {
  const [fault, setFault] = createSignal<string>()
  const value = () => String(props.field.of(props.limits))
  async function change(input: HTMLInputElement) {
    const text = input.value.trim()
    const wrong = text === value() ? undefined : limitFault(props.field, text, props.limits)
    setFault(wrong)
    if (wrong !== undefined || text === value()) return
    await props.onChange(props.field.with(props.limits, Number(text)))
    // What was not taken must not stay.
    input.value = value()
  }
  return (
    <TextField
      label={props.field.label}
      hint={props.field.hint}
      error={fault()}
      inputmode="numeric"
      autocomplete="off"
      value={value()}
      onChange={(event) => void change(event.currentTarget)}
    />
  )
}
