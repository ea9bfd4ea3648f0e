import { createSignal, onMount, Show } from 'solid-js'
import { saveFile } from '../lib/saveFile.ts'
import type { Visit } from './createVisit.ts'

/** The conversation on screen as a file (TR9). */
export function SaveDialog(props: { visit: Visit; onClose: () => void }) {
  let dialog: HTMLDialogElement | undefined
  onMount(() => dialog?.showModal())
  const [failed, setFailed] = createSignal(false)
  const save = async (kind: 'html' | 'txt'): Promise<void> => {
    setFailed(false)
    const id = props.visit.talk()?.state.public.id
    try {
      const headers = { authorization: `Bearer ${await props.visit.visitor.token()}` }
      const path = `/widget/v1/conversations/${id}/transcript.${kind}`
      const answer = await fetch(path, { headers, credentials: 'omit' })
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      saveFile(await answer.blob(), `conversation.${kind}`)
      dialog?.close()
    } catch {
      setFailed(true)
    }
  }
  return (
    <dialog class="dialog" aria-labelledby="save" ref={(element) => (dialog = element)} onClose={() => props.onClose()}>
      <h2 id="save">Download this conversation</h2>
      <Show when={failed()} fallback={<p>Everything that was said here, as a file of your own.</p>}>
        <p role="alert">It could not be downloaded. Check your connection and try again.</p>
      </Show>
      <form method="dialog">
        <button type="submit">Cancel</button>
        <button type="button" onClick={() => void save('txt')}>
          As text
        </button>
        <button type="button" class="main" onClick={() => void save('html')}>
          As a page
        </button>
      </form>
    </dialog>
  )
}
