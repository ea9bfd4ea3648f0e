import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useRight, useSession } from '../session/SessionProvider.tsx'
import { chosen, createPolicies, INHERIT, type ShownPolicies } from './createPolicies.ts'
import { MessageLimits } from './MessageLimits.tsx'
import {
  CHANNEL_CHOICES,
  CHANNEL_PARTS,
  type ChosenValue,
  labelOf,
  optionsWith,
  type PolicyChoice,
  type PolicyName,
  type PolicyValue,
  TEAM_CHOICES,
  VISITOR_CHOICES,
} from './policyChoices.ts'
import { policyName } from './policyWords.ts'
import styles from './Settings.module.css'

/** /dashboard/settings/policies: what holds for conversations (⚙), in the workspace and otherwise in a channel. */
export function PoliciesPage() {
  const mayManage = useRight('settings')
  createTitle(() => 'Policies')
  return (
    <Show
      when={mayManage()}
      fallback={
        <section class={styles.section}>
          <div class={styles.head}>
            <h2>Policies</h2>
          </div>
          <Message tone="plain">
            Administrators and groups with the right “Settings” decide these. Ask one of them if something should be
            otherwise.
          </Message>
        </section>
      }
    >
      <Policies />
    </Show>
  )
}

function Policies() {
  const { request } = useSession()
  const { channels } = useInbox()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const policies = createPolicies(request)
  const [place, setPlace] = createSignal('')
  createEffect(on(place, (channel) => void policies.show(channel === '' ? null : channel)))

  type Value = PolicyValue | typeof INHERIT
  async function change(name: PolicyName, to: Value, before: Value, where = policies.place()) {
    if (!(await attempt(() => policies.change(where, name, to)))) return policies.retry()
    notify(`Saved: ${policyName(name)}`, 'plain', {
      action: { label: 'Undo', run: () => void change(name, before, to, where) },
    })
  }

  const ready = () => {
    const now = policies.read()
    return now.status === 'ready' ? now : null
  }
  const fault = () => {
    const now = policies.read()
    return now.status === 'failed' ? now.fault : null
  }
  return (
    <>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h2>Policies</h2>
            <p>What conversations may do and who may do what. Every change is saved at once.</p>
          </div>
        </div>
        <div class={styles.form}>
          <SelectField
            label="Decide for"
            hint="What a channel does not decide for itself is as in the workspace."
            value={place()}
            options={[
              { value: '', label: 'The whole workspace' },
              ...(channels.list() ?? []).map(({ id, name }) => ({ value: id, label: `Channel: ${name}` })),
            ]}
            onChange={(event) => setPlace(event.currentTarget.value)}
          />
          <Show when={!ready() && !fault()}>
            <Skeleton label="Loading policies" rows={4} shape="line" />
          </Show>
          <Show when={fault()}>
            {(sentence) => (
              <Message tone="bad">
                <div class={styles.failed}>
                  {sentence()}
                  <Button onClick={() => void policies.retry()}>Try again</Button>
                </div>
              </Message>
            )}
          </Show>
        </div>
      </section>
      <Show when={ready()}>{(shown) => <ChannelParts shown={shown()} place={place()} onChange={change} />}</Show>
      <Show when={place() === '' && ready()}>
        {(shown) => (
          <For
            each={[
              { title: 'Visitors', choices: VISITOR_CHOICES },
              { title: 'The team', choices: TEAM_CHOICES },
            ]}
          >
            {({ title, choices }) => (
              <section class={styles.section}>
                <div class={styles.head}>
                  <div>
                    <h3>{title}</h3>
                    <p>The same in all channels.</p>
                  </div>
                </div>
                <Choices choices={choices} shown={shown()} onChange={change} />
              </section>
            )}
          </For>
        )}
      </Show>
    </>
  )
}

type Change = (
  name: PolicyName,
  to: PolicyValue | typeof INHERIT,
  before: PolicyValue | typeof INHERIT,
) => Promise<void>

/** What a channel may decide otherwise, by what it is about. */
function ChannelParts(props: { shown: ShownPolicies; place: string; onChange: Change }) {
  return (
    <For each={CHANNEL_PARTS}>
      {({ part, title }) => (
        <section class={styles.section}>
          <div class={styles.head}>
            <h3>{title}</h3>
          </div>
          <div class={styles.form}>
            <Choices
              choices={CHANNEL_CHOICES.filter((choice) => choice.part === part)}
              shown={props.shown}
              onChange={props.onChange}
            />
            <Show when={part === 'messages'}>
              <MessageLimits
                shown={props.shown}
                place={props.place}
                onChange={(to, before) => props.onChange('limits', to, before)}
              />
            </Show>
          </div>
        </section>
      )}
    </For>
  )
}

interface ChoicesProps {
  choices: readonly PolicyChoice[]
  shown: ShownPolicies
  onChange(name: PolicyName, to: ChosenValue | typeof INHERIT, before: ChosenValue | typeof INHERIT): Promise<void>
}

function Choices(props: ChoicesProps) {
  const optionsOf = (choice: PolicyChoice, present: ChosenValue | typeof INHERIT) => {
    const { channel, workspace } = props.shown
    const common = workspace[choice.name]
    return [
      ...(channel ? [{ value: INHERIT, label: `As in the workspace (${labelOf(choice, common)})` }] : []),
      ...optionsWith(choice, present === INHERIT ? common : present).map(({ value, label }) => ({
        value: JSON.stringify(value),
        label,
      })),
    ]
  }
  const held = () => ({ ...props.shown.workspace, ...props.shown.channel?.policy })
  const shown = createMemo(() => props.choices.filter(({ applies }) => applies?.(held()) ?? true))
  return (
    <div class={styles.form}>
      <For each={shown()}>
        {(choice) => {
          const present = () => chosen(props.shown, choice.name)
          const textOf = (value: ReturnType<typeof present>) => (value === INHERIT ? INHERIT : JSON.stringify(value))
          return (
            <SelectField
              label={choice.label}
              hint={choice.about}
              value={textOf(present())}
              options={optionsOf(choice, present())}
              onChange={(event) => {
                const text = event.currentTarget.value
                // Written by `optionsOf` above.
                const to: ReturnType<typeof present> = text === INHERIT ? INHERIT : JSON.parse(text)
                void props.onChange(choice.name, to, present())
              }}
            />
          )
        }}
      </For>
    </div>
  )
}
