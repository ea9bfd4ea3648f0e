import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { CAPABILITIES } from '../../../core/channelKinds.ts'
import type { View } from '../../../core/conversation/filter.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { ignoreProblem } from '../../lib/api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { CONVERSATION_PANE } from '../app/createArrival.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { Composer } from '../composer/Composer.tsx'
import { nameOfContact } from '../list/preview.ts'
import { Details } from '../panel/Details.tsx'
import { Referral } from '../panel/Referral.tsx'
import { createNames } from '../timeline/createNames.ts'
import { Timeline } from '../timeline/Timeline.tsx'
import { AssignDialog } from './AssignDialog.tsx'
import { CloseDialog } from './CloseDialog.tsx'
import { ConversationHeader } from './ConversationHeader.tsx'
import styles from './ConversationPane.module.css'
import { createClosing } from './createClosing.ts'
import { createComeback } from './createComeback.ts'
import { createConversationKeys } from './createConversationKeys.ts'
import { createDeletion } from './createDeletion.ts'
import { createMessageActs } from './createMessageActs.ts'
import { createPanel } from './createPanel.ts'
import { createPermissions } from './createPermissions.ts'
import { createReading } from './createReading.ts'
import { createStanding } from './createStanding.ts'
import { createWriting } from './createWriting.ts'
import { DeleteDialog } from './DeleteDialog.tsx'
import { LinkNotice } from './LinkNotice.tsx'
import { TypingLine } from './TypingLine.tsx'
import { Unavailable } from './Unavailable.tsx'

/** An open conversation: its head, its timeline, the composer, and what is known of the visitor. */
export function ConversationPane(props: { id: ConversationId; view: View }) {
  const { me, role, rights, rows, channels, conversations, drafts, members, show } = useInbox()
  const notify = useNotify()
  // Keyed by the id above: this component never changes its conversation.
  const id = props.id
  const live = conversations.open(id)
  onCleanup(() => conversations.leave(id))
  show(id)
  onCleanup(() => show(null))

  const panel = createPanel()
  const [assigning, setAssigning] = createSignal(false)
  const onAssign = () => setAssigning(true)
  const row = createMemo(() => rows.row(id))
  createEffect(() => {
    // Where it is refused, the socket says the same, and the pane shows it.
    if (!row() || !rows.reader(id)) rows.fetch(id).catch(ignoreProblem)
  })
  const standing = createStanding(live, row)
  const reading = createReading({ id, live, rows })
  const permissions = createPermissions({ me, role, rights, live, standing })
  const closing = createClosing(live, permissions)
  const kind = () => channels.kindOf(row()?.channel ?? '')
  const edits = () => CAPABILITIES[kind()].edits
  const acts = createMessageActs({ me, role, edits, live, permissions, notify })
  const contact = () => {
    const known = row()
    return known ? nameOfContact(known.contact) : 'Visitor'
  }
  const writing = createWriting({ id, live, acts, drafts, names: createNames(live, contact) })
  tellRefusals(live, notify)
  const deletion = createDeletion(id, props.view)
  const onDelete = () => (deletion.may() ? deletion.ask : undefined)
  createComeback(live, () => row() !== undefined)
  createConversationKeys({
    ...{ live, writing, standing, permissions, reading, closing },
    onAssign,
    onDelete: () => onDelete()?.(),
  })
  const details = () => <Details {...{ id, standing, permissions, closing, onAssign }} row={row()} />

  return (
    <Switch
      fallback={
        <div class={styles.pane} data-panel={panel.open() && panel.isColumn() ? '' : undefined}>
          <section
            id={CONVERSATION_PANE}
            class={styles.conversation}
            tabindex="-1"
            aria-label={`Conversation with ${contact()}`}
          >
            <ConversationHeader
              id={id}
              view={props.view}
              row={row()}
              live={live}
              standing={standing}
              permissions={permissions}
              closing={closing}
              panelOpen={panel.open()}
              onPanel={panel.toggle}
              onAssign={onAssign}
              onMarkUnread={reading.markUnread}
              onDelete={onDelete()}
            />
            <Show when={row()}>{(known) => <Referral source={known().source} />}</Show>
            <Timeline
              id={id}
              live={live}
              contact={contact()}
              ticks={CAPABILITIES[kind()].ticks}
              acts={acts}
              reading={reading}
              onQuote={writing.answer}
            />
            <TypingLine typists={live.typists()} contact={contact()} />
            <LinkNotice
              state={live.link()}
              meaning="What you write is sent as soon as you are connected."
              onRetry={live.reconnect}
            />
            <Composer
              conversation={id}
              mode={writing.mode()}
              closed={standing.status() === 'closed'}
              barred={permissions.answerFault()}
              reopens={permissions.mustReopen()}
              drafts={drafts}
              quote={writing.quote()}
              onMode={writing.write}
              onUnquote={() => acts.quote(null)}
              onTyping={live.typing}
              onSend={writing.send}
              ref={writing.ref}
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
          <Show when={deletion.asked()}>
            <DeleteDialog contact={contact()} deletion={deletion} />
          </Show>
          <Show when={closing.asked()}>
            <CloseDialog contact={contact()} closing={closing} />
          </Show>
          <Show when={assigning()}>
            <AssignDialog
              id={id}
              standing={standing}
              members={members.list()}
              permissions={permissions}
              onClose={() => setAssigning(false)}
            />
          </Show>
        </div>
      }
    >
      <Match when={live.link() === 'deleting'}>
        <Unavailable reason={deletion.may() ? 'deleting' : 'not_found'} view={props.view} onUndo={deletion.undo} />
      </Match>
      <Match when={live.link() === 'gone'}>
        <Unavailable reason="not_found" view={props.view} />
      </Match>
      <Match when={live.link() === 'closed'}>
        <Unavailable reason="forbidden" view={props.view} />
      </Match>
    </Switch>
  )
}

type Live = ReturnType<ReturnType<typeof useInbox>['conversations']['open']>

/** What was written stays in its place with the reason; of everything else a refusal is told in passing. */
function tellRefusals(live: Live, notify: ReturnType<typeof useNotify>): void {
  createEffect(() => {
    for (const { id, command, status, refusal } of [...live.pending]) {
      const keepsItsPlace = ['send_message', 'add_note', 'edit_message'].includes(command.type)
      if (status !== 'refused' || keepsItsPlace) continue
      notify(refusal?.message ?? 'This was refused.', 'bad')
      live.discard(id)
    }
  })
}
