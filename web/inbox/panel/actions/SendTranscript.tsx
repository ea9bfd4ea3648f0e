import { createSignal, lazy, Show, Suspense } from 'solid-js'
import { Portal } from 'solid-js/web'
import Mail from '~icons/lucide/mail'
import { ActionButton } from './ActionButton.tsx'
import type { ActionProps } from './Actions.tsx'

// Most days nobody asks for one.
const TranscriptDialog = lazy(() =>
  import('../transcript/TranscriptDialog.tsx').then((m) => ({ default: m.TranscriptDialog })),
)

/** Opens the dialog in which a transcript is looked at and sent (TR1). */
export function SendTranscript(props: ActionProps) {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <ActionButton icon={<Mail aria-hidden="true" />} onClick={() => setOpen(true)}>
        Send transcript
      </ActionButton>
      <Show when={open()}>
        {/* Outside of the list of actions: it is none of them. */}
        <Portal>
          <Suspense>
            <TranscriptDialog id={props.id} email={props.row.contact.email} onClose={() => setOpen(false)} />
          </Suspense>
        </Portal>
      </Show>
    </>
  )
}
