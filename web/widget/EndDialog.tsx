import { onMount } from 'solid-js'

/** Asks before a conversation is ended. */
export function EndDialog(props: { onEnd: () => void; onClose: () => void }) {
  let dialog: HTMLDialogElement | undefined
  onMount(() => dialog?.showModal())
  return (
    <dialog class="dialog" aria-labelledby="end" ref={(element) => (dialog = element)} onClose={() => props.onClose()}>
      <h2 id="end">End this conversation?</h2>
      <p>You can write here again whenever you like.</p>
      <form method="dialog">
        <button type="submit">Keep talking</button>
        <button type="submit" class="main" onClick={() => props.onEnd()}>
          End conversation
        </button>
      </form>
    </dialog>
  )
}
