import { createResource, createSignal, Match, Show, Switch } from 'solid-js'
import type { Smtp, SmtpTest } from '../../../core/api/senders.ts'
import { ApiProblem } from '../../lib/api.ts'
import { Button } from '../../ui/Button.tsx'
import { Message } from '../../ui/Message.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import styles from './Settings.module.css'
import { SmtpDialog } from './SmtpDialog.tsx'

interface Read {
  smtp: Smtp | null
  fault: string | null
}

/** A mail server of one's own: entered, tested, forgotten. */
export function SmtpSection(props: { onChanged(): void }) {
  const { request } = useSession()
  const notify = useNotify()
  const [open, setOpen] = createSignal<'edit' | 'remove' | null>(null)
  const [read, { refetch }] = createResource<Read>(async () => {
    const answer = await reported(request<{ smtp: Smtp | null }>('GET', '/api/v1/smtp'))
    return typeof answer === 'string' ? { smtp: null, fault: answer } : { smtp: answer.smtp, fault: null }
  })

  function changed() {
    setOpen(null)
    void refetch()
    props.onChanged()
  }

  async function remove() {
    const fault = await reported(request('DELETE', '/api/v1/smtp', {}))
    if (typeof fault === 'string') notify(fault, 'bad')
    changed()
  }

  return (
    <section class={styles.section}>
      <div class={styles.head}>
        <div>
          <h3>Your mail server</h3>
          <p>With one, mail leaves in your name and by your own provider.</p>
        </div>
        <Show when={read()?.fault === null}>
          <Button onClick={() => setOpen('edit')}>{read()?.smtp ? 'Change' : 'Enter a server'}</Button>
        </Show>
      </div>
      <Switch fallback={<p class={styles.none}>None: mail goes by the service of this installation.</p>}>
        <Match when={read.loading}>{null}</Match>
        <Match when={read()?.fault}>{(fault) => <Message tone="bad">{fault()}</Message>}</Match>
        <Match when={read()?.smtp}>{(smtp) => <SmtpCard smtp={smtp()} onRemove={() => setOpen('remove')} />}</Match>
      </Switch>
      <Show when={open() === 'edit'}>
        <SmtpDialog smtp={read()?.smtp ?? null} onSaved={changed} onClose={() => setOpen(null)} />
      </Show>
      <Show when={open() === 'remove'}>
        <ConfirmDialog
          title="Forget the mail server?"
          action="Forget server"
          onConfirm={remove}
          onClose={() => setOpen(null)}
        >
          Mail goes by the service of this installation from then on. The password is deleted.
        </ConfirmDialog>
      </Show>
    </section>
  )
}

function SmtpCard(props: { smtp: Smtp; onRemove(): void }) {
  const { request } = useSession()
  const [busy, setBusy] = createSignal(false)
  const [told, setTold] = createSignal<{ tone: 'good' | 'warn' | 'bad'; sentence: string } | null>(null)

  async function test() {
    setBusy(true)
    setTold(null)
    const answer = await reported(request<SmtpTest>('POST', '/api/v1/smtp/tests', {}))
    setBusy(false)
    if (typeof answer === 'string') return setTold({ tone: 'bad', sentence: answer })
    setTold(
      answer.outcome === 'accepted'
        ? { tone: 'good', sentence: `The server took it: look into the mail of ${answer.to}.` }
        : { tone: answer.outcome === 'unknown' ? 'warn' : 'bad', sentence: answer.reason ?? '' },
    )
  }

  return (
    <article class={styles.card} aria-label="Mail server">
      <dl class={styles.facts}>
        <dt>Server</dt>
        <dd dir="ltr">
          {props.smtp.host}:{props.smtp.port}
        </dd>
        <dt>Encryption</dt>
        <dd>{props.smtp.security === 'tls' ? 'TLS' : 'STARTTLS'}</dd>
        <dt>User</dt>
        <dd dir="ltr">{props.smtp.user}</dd>
        <dt>Password</dt>
        <dd>Kept encrypted</dd>
      </dl>
      <Show when={told()}>
        {(outcome) => (
          <div role="status">
            <Message tone={outcome().tone}>{outcome().sentence}</Message>
          </div>
        )}
      </Show>
      <div class={styles.actions}>
        <Button busy={busy()} onClick={() => void test()}>
          Send a test
        </Button>
        <Button kind="quiet" onClick={() => props.onRemove()}>
          Forget
        </Button>
      </div>
    </article>
  )
}

/** The answer, or the sentence that says why there is none. */
async function reported<T>(asked: Promise<T>): Promise<T | string> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return error.problem.detail
  }
}
