import { onMount } from 'solid-js'
import type { Visit } from './createVisit.ts'

interface EndDialogProps {
  visit: Pick<Visit, 'talk'>
  onEnd: () => void
  onClose: () => void
}

/** Asks before a conversation is ended, and says what is possible then (CV4, BN2). */
export function EndDialog(props: EndDialogProps) {
  let dialog: HTMLDialogElement | undefined
  const afterwards = (): string => {
    const policy = props.visit.talk()?.policy()
    if (policy?.reopen !== 'never') return 'You can write here again whenever you like.'
    if (policy.mayStart === false) return 'It is closed for good then.'
    return 'It is closed for good then. You can begin a new one whenever you like.'
  }
  onMount(() => dialog?.showModal())
  return (
    <dialog class="dialog" aria-labelledby="end" ref={(element) => (dialog = element)} onClose={() => props.onClose()}>
      <h2 id="end">End this conversation?</h2>
      <p>{afterwards()}</p>
      <form method="dialog">
        <button type="submit">Keep talking</button>
        <button type="submit" class="main" onClick={() => props.onEnd()}>
          End conversation
        </button>
      </form>
    </dialog>
  )
}
