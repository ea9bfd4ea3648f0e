import { createMemo, Show } from 'solid-js'
import type { Visit } from './createVisit.ts'
import { nameOf } from './grouping.ts'
import { BackIcon, CloseIcon, MoreIcon } from './icons.tsx'

interface HeaderProps {
  visit: Visit
  closed: boolean
  /** Whether the list of conversations is on screen. */
  listed: boolean
  onBack: () => void
  onEnd: () => void
  /** To keep what was said. */
  onSave: () => void
  onClose: () => void
}

/** Whom one talks to, and the ways out. */
export function Header(props: HeaderProps) {
  const talk = () => props.visit.talk()
  const hasOthers = createMemo((had: boolean) => had || talk() !== null, props.visit.visitor.returning)
  const subtitle = (): string => {
    if (props.listed) return 'Your conversations'
    if (props.closed) return 'This conversation was closed'
    const now = talk()?.state.public
    return now?.servedBy
      ? `You are talking with ${nameOf(now.servedBy, now.people)}`
      : 'Write to us, we answer right here'
  }
  return (
    <header class="header">
      <Show when={!props.listed && hasOthers()}>
        <button
          type="button"
          class="icon-button back"
          aria-label="All conversations"
          title="All conversations"
          onClick={() => props.onBack()}
        >
          <BackIcon />
        </button>
      </Show>
      <div class="header-names">
        <h1 dir="auto">{props.visit.visitor.workspace() || 'Chat'}</h1>
        <p dir="auto">{subtitle()}</p>
      </div>
      <Show when={!props.listed && talk()?.loaded()}>
        <button type="button" class="icon-button" aria-label="More" title="More" popovertarget="more">
          <MoreIcon />
        </button>
        <div id="more" class="menu" popover="auto">
          <button type="button" popovertarget="more" popovertargetaction="hide" onClick={() => props.onSave()}>
            Download conversation
          </button>
          <Show when={!props.closed && talk()?.policy()?.mayWrite !== false}>
            <button type="button" popovertarget="more" popovertargetaction="hide" onClick={() => props.onEnd()}>
              End conversation
            </button>
          </Show>
        </div>
      </Show>
      <button
        type="button"
        class="icon-button"
        aria-label="Close chat"
        title="Close chat (Esc)"
        onClick={() => props.onClose()}
      >
        <CloseIcon />
      </button>
    </header>
  )
}
