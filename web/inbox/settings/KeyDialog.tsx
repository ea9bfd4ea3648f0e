import { createSignal, Show } from 'solid-js'
import type { IssuedApiKey } from '../../../core/api/keys.ts'
import { SCOPE_WORDS, SCOPES } from '../../../core/scopes.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { Checks } from './Checks.tsx'
import styles from './Settings.module.css'

interface KeyDialogProps {
  onIssued(): void
  onClose(): void
}

/** Makes an API key and shows it, once. */
export function KeyDialog(props: KeyDialogProps) {
  const { request } = useSession()
  const [name, setName] = createSignal('')
  const [scopes, setScopes] = createSignal<readonly string[]>([])
  const [issued, setIssued] = createSignal<IssuedApiKey | null>(null)
  const form = createForm({
    check: () =>
      faultsIn({
        name: name().trim() === '' && 'Give the key a name: visitors see it beside what the key writes.',
        scopes: scopes().length === 0 && 'Choose at least one scope.',
      }),
    send: async () => {
      setIssued(await request<IssuedApiKey>('POST', '/api/v1/keys', { name: name().trim(), scopes: scopes() }))
      props.onIssued()
    },
  })
  return (
    <Dialog title={issued() ? 'Key made' : 'Make an API key'} onClose={() => props.onClose()}>
      <Show
        when={issued()}
        fallback={
          <form class={styles.form} onSubmit={form.submit} novalidate>
            <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
            <TextField
              label="Name"
              hint="The program that uses it. Visitors see it beside what the key writes."
              autocomplete="off"
              autofocus
              value={name()}
              error={form.fault('name')}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <Checks
              label="Scopes"
              choices={SCOPES.map((scope) => ({ value: scope, name: scope, about: SCOPE_WORDS[scope] }))}
              chosen={scopes()}
              error={form.fault('scopes')}
              onChange={setScopes}
            />
            <DialogActions>
              <Button kind="quiet" onClick={() => props.onClose()}>
                Cancel
              </Button>
              <Button kind="primary" type="submit" busy={form.busy()}>
                Make key
              </Button>
            </DialogActions>
          </form>
        }
      >
        {(made) => (
          <div class={styles.form}>
            <p>
              Keep the key of <bdi>{made().key.name}</bdi> where its program can read it and people cannot. It is shown
              only now.
            </p>
            <CopyField label="API key" text={made().secret} action="Copy key" />
            <DialogActions>
              <Button kind="primary" onClick={() => props.onClose()}>
                Done
              </Button>
            </DialogActions>
          </div>
        )}
      </Show>
    </Dialog>
  )
}
