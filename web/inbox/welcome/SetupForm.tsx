import { Show } from 'solid-js'
import type { NewInstallation } from '../../../core/api/accounts.ts'
import { websiteFault } from '../../../core/website.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField, SelectField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { emailFault, faultsIn } from '../form/faults.ts'
import { PASSWORD_MIN, passwordFault } from './password.ts'
import { localTimeZone, timeZones } from './timeZones.ts'
import styles from './Welcome.module.css'

type Wishes = Omit<NewInstallation, 'token'>

/** Owner, workspace, website. */
export function SetupForm(props: { onSetUp(wishes: Wishes): Promise<void> }) {
  // Nothing on the page follows it: it is only what will be sent.
  const typed: Wishes = {
    owner: { name: '', email: '', password: '' },
    workspace: { name: '', timeZone: localTimeZone() },
    website: '',
  }
  const form = createForm({
    check: () =>
      faultsIn({
        'owner.name': typed.owner.name.trim() === '' && 'Enter your name: visitors will see it.',
        'owner.email': emailFault(typed.owner.email),
        'owner.password': passwordFault(typed.owner.password),
        'workspace.name': typed.workspace.name.trim() === '' && 'Enter the name of your company or team.',
        website:
          typed.website.trim() === ''
            ? 'Enter the address of your website, like https://shop.example.'
            : websiteFault([typed.website]),
      }),
    send: () => props.onSetUp({ ...typed, owner: { ...typed.owner, email: typed.owner.email.trim() } }),
    explain: (problem) =>
      problem.status === 403
        ? 'This set-up link is not the right one. Use the link that was printed when Foyer was last started.'
        : problem.status === 409
          ? 'Somebody has set up Foyer in the meantime. Sign in instead.'
          : undefined,
  })
  return (
    <form class={styles.form} onSubmit={form.submit} novalidate>
      <fieldset class={styles.group}>
        <legend>You, the owner</legend>
        <TextField
          label="Your name"
          autocomplete="name"
          hint="Visitors see it when you answer."
          error={form.fault('owner.name')}
          onInput={(event) => {
            typed.owner.name = event.currentTarget.value
          }}
        />
        <TextField
          label="Email"
          type="email"
          autocomplete="username"
          error={form.fault('owner.email')}
          onInput={(event) => {
            typed.owner.email = event.currentTarget.value
          }}
        />
        <PasswordField
          label="Password"
          autocomplete="new-password"
          minLength={PASSWORD_MIN}
          error={form.fault('owner.password')}
          onInput={(event) => {
            typed.owner.password = event.currentTarget.value
          }}
        />
      </fieldset>
      <fieldset class={styles.group}>
        <legend>Your workspace</legend>
        <TextField
          label="Workspace name"
          autocomplete="organization"
          error={form.fault('workspace.name')}
          onInput={(event) => {
            typed.workspace.name = event.currentTarget.value
          }}
        />
        <SelectField
          label="Time zone"
          hint="For opening hours and transcripts."
          options={timeZones()}
          value={typed.workspace.timeZone}
          error={form.fault('workspace.timeZone')}
          onChange={(event) => {
            typed.workspace.timeZone = event.currentTarget.value
          }}
        />
      </fieldset>
      <fieldset class={styles.group}>
        <legend>Your website</legend>
        <TextField
          label="Address of your website"
          type="url"
          autocomplete="url"
          placeholder="https://shop.example"
          hint="Only there the chat can be shown. More addresses can be allowed later."
          error={form.fault('website')}
          onInput={(event) => {
            typed.website = event.currentTarget.value
          }}
        />
      </fieldset>
      <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <Button kind="primary" type="submit" busy={form.busy()}>
        Set up Foyer
      </Button>
    </form>
  )
}
