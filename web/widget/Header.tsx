import { Show } from 'solid-js'
import type { Visit } from './createVisit.ts'
import { CloseIcon, MoreIcon } from './icons.tsx'

/** Whom one talks to, and the ways out. */
export function Header(props: { visit: Visit; onEnd: () => void; onClose: () => void }) {
  const state = () => props.visit.talk()?.state.public
  const open = (): boolean => props.visit.talk()?.loaded() === true && state()?.status !== 'closed'
  const subtitle = (): string => {
    const now = state()
    const name = now?.servedBy && now.people[now.servedBy]
    if (now?.status === 'closed' && props.visit.talk()?.loaded()) return 'This conversation is closed'
    return name ? `You are talking with ${name}` : 'Write to us, we answer right here'
  }
  return (
    <header class="header">
      <div class="header-names">
        <h1 dir="auto">{props.visit.workspace() || 'Chat'}</h1>
        <p dir="auto">{subtitle()}</p>
      </div>
      <Show when={open()}>
        <EndMenu onEnd={props.onEnd} />
      </Show>
      <button
        type="button"
        class="icon-button"
        aria-label="Close chat"
        title="Close chat (Esc)"
        onClick={props.onClose}
      >
        <CloseIcon />
      </button>
    </header>
  )
}

function EndMenu(props: { onEnd: () => void }) {
  return (
    <>
      <button type="button" class="icon-button" aria-label="More" title="More" popovertarget="more">
        <MoreIcon />
      </button>
      <div id="more" class="menu" popover="auto">
        <button type="button" popovertarget="more" popovertargetaction="hide" onClick={() => props.onEnd()}>
          End conversation
        </button>
      </div>
    </>
  )
}
