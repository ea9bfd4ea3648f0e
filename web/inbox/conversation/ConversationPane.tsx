import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import type { View } from '../../../core/conversation/filter.ts'
import type { ConversationId } from '../../../core/ids.ts'
import type { SocketCommand } from '../../../core/protocol/frames.ts'
import { ApiProblem } from '../../lib/api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { createShortcuts } from '../app/shortcuts.ts'
import { Composer } from '../composer/Composer.tsx'
import type { Mode } from '../composer/createDrafts.ts'
import { nameOfContact } from '../list/preview.ts'
import { Details } from '../panel/Details.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { AssignDialog } from './AssignDialog.tsx'
import { ConversationHeader } from './ConversationHeader.tsx'
import styles from './ConversationPane.module.css'
import { createPanel } from './createPanel.ts'
import { LinkNotice } from './LinkNotice.tsx'
import { Unavailable } from './Unavailable.tsx'

/** An open conversation: its head, its timeline, the composer, and what is known of the visitor. */
export function ConversationPane(props: { id: ConversationId; view: View }) {
  const { rows, conversations, drafts, members } = useInbox()
  const notify = useNotify()
  // Keyed by the id above: this component never changes its conversation.
  const id = props.id
  const live = conversations.open(id)
  onCleanup(() => conversations.leave(id))

  const panel = createPanel()
  const [assigning, setAssigning] = createSignal(false)
  const [mode, setMode] = createSignal<Mode>(drafts.mode(id))
  let composer: HTMLTextAreaElement | undefined

  const row = createMemo(() => rows.row(id))
  createEffect(() => {
    if (!row()) rows.fetch(id).catch(ignoreProblem)
  })
  createEffect(() => {
    for (const { id: asked, command, status, refusal } of [...live.pending]) {
      if (status !== 'refused' || isWritten(command)) continue
      notify(refusal?.message ?? 'This was refused.', 'bad')
      live.discard(asked)
    }
  })

  function write(next: Mode) {
    setMode(next)
    drafts.choose(id, next)
    composer?.focus()
  }
  createShortcuts({ r: () => write('reply'), n: () => write('note') })

  const contact = () => {
    const known = row()
    return known ? nameOfContact(known.contact) : 'Visitor'
  }
  const details = () => <Details id={id} row={row()} state={live.state} />

  return (
    <Switch
      fallback={
        <div class={styles.pane} data-panel={panel.open() && panel.isColumn() ? '' : undefined}>
          <section class={styles.conversation} aria-label={`Conversation with ${contact()}`}>
            <ConversationHeader
              id={id}
              view={props.view}
              contact={row()?.contact}
              live={live}
              panelOpen={panel.open()}
              onPanel={panel.toggle}
              onAssign={() => setAssigning(true)}
            />
            <Timeline live={live} contact={contact()} />
            <LinkNotice
              state={live.link()}
              meaning="What you write is sent as soon as you are connected."
              onRetry={live.reconnect}
            />
            <Composer
              conversation={id}
              mode={mode()}
              closed={live.state.public.status === 'closed'}
              drafts={drafts}
              onMode={write}
              onSend={(command) => live.send(command)}
              ref={(element) => {
                composer = element
              }}
            />
          </section>
          <Show when={panel.open()}>
            <Show
              when={panel.isColumn()}
              fallback={
                <Dialog title="Details" placement="side" onClose={panel.toggle}>
                  {details()}
                </Dialog>
              }
            >
              <aside class={styles.panel} aria-label="Details">
                {details()}
              </aside>
            </Show>
          </Show>
          <Show when={assigning()}>
            <AssignDialog
              id={id}
              assignee={live.state.team?.assignee ?? null}
              members={members.list()}
              onClose={() => setAssigning(false)}
            />
          </Show>
        </div>
      }
    >
      <Match when={live.link() === 'gone'}>
        <Unavailable reason="not_found" view={props.view} />
      </Match>
      <Match when={live.link() === 'closed'}>
        <Unavailable reason="forbidden" view={props.view} />
      </Match>
    </Switch>
  )
}

function isWritten(command: SocketCommand): boolean {
  return command.type === 'send_message' || command.type === 'add_note'
}

/** The socket says the same, and the pane shows it. */
function ignoreProblem(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error
}
