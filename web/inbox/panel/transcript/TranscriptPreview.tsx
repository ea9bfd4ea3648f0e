import { createSignal, Show } from 'solid-js'
import Download from '~icons/lucide/download'
import Printer from '~icons/lucide/printer'
import { Button } from '../../../ui/Button.tsx'
import { Message } from '../../../ui/Message.tsx'
import { Skeleton } from '../../../ui/Skeleton.tsx'
import styles from './Transcript.module.css'

/** The document itself, in a frame of its own: it brings styles that our own pages would not let in. */
export function TranscriptPreview(props: { id: string }) {
  const path = (file: string) => `/api/v1/conversations/${props.id}/transcript.${file}`
  const [shown, setShown] = createSignal<'loading' | 'ready' | { fault: string }>('loading')
  const fault = () => {
    const now = shown()
    return typeof now === 'object' ? now.fault : null
  }
  let frame: HTMLIFrameElement | undefined
  return (
    <section class={styles.preview} aria-label="Preview">
      <Show when={shown() === 'loading'}>
        <Skeleton label="Loading the preview" rows={4} shape="line" />
      </Show>
      <Show when={fault()}>{(sentence) => <Message tone="plain">{sentence()}</Message>}</Show>
      <iframe
        ref={frame}
        class={styles.frame}
        data-shown={shown() === 'ready' ? '' : undefined}
        title="The transcript as it is sent"
        src={path('html?as=mail')}
        onLoad={() => setShown(frame?.contentDocument ? shownIn(frame.contentDocument) : { fault: UNREADABLE })}
      />
      <Show when={shown() === 'ready'}>
        <div class={styles.keep}>
          <Button kind="quiet" onClick={() => frame?.contentWindow?.print()}>
            <Printer aria-hidden="true" /> Print
          </Button>
          <a href={path('html?download=1')} download="conversation.html" aria-label="Download as .html">
            <Download aria-hidden="true" /> .html
          </a>
          <a href={path('txt?download=1')} download="conversation.txt" aria-label="Download as .txt">
            <Download aria-hidden="true" /> .txt
          </a>
        </div>
      </Show>
    </section>
  )
}

const UNREADABLE = 'The preview could not be loaded.'

/** The document, or the sentence of a problem that came in its place. */
function shownIn({ contentType, body }: Document): 'ready' | { fault: string } {
  if (contentType === 'text/html') return 'ready'
  try {
    const problem: unknown = JSON.parse(body.textContent ?? '')
    const isProblem = typeof problem === 'object' && problem !== null && 'detail' in problem
    return { fault: isProblem ? String(problem.detail) : UNREADABLE }
  } catch {
    return { fault: UNREADABLE }
  }
}
