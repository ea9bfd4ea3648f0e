import { createSignal, For, type JSX, Show } from 'solid-js'
import Bot from '~icons/lucide/bot'
import Check from '~icons/lucide/check'
import UserX from '~icons/lucide/user-x'
import type { Member } from '../../../core/api/accounts.ts'
import type { StatusByHand } from '../../../core/conversation/entries.ts'
import { type ConversationId, memberOf } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Message } from '../../ui/Message.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { AVAILABILITY_WORDS, compareAvailability } from '../members/availability.ts'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './AssignDialog.module.css'
import type { Permissions } from './createPermissions.ts'
import type { Standing } from './createStanding.ts'

interface AssignDialogProps {
  id: ConversationId
  standing: Pick<Standing, 'assignee' | 'status'>
  members: readonly Member[]
  permissions: Permissions
  onClose(): void
}

/**
 * Whose conversation this is to be: oneself first, then the others,
 * available ones before, the assistant, or nobody (CV6).
 */
export function AssignDialog(props: AssignDialogProps) {
  const { me, members } = useInbox()
  const session = useSession()
  const [asked, setAsked] = createSignal<string | null>(null)
  const [fault, setFault] = createSignal<string | null>(null)
  // What is nobody's one may still take: then only the others are out of reach.
  const barred = () => props.permissions.assignFault(null)
  const idOf = (member: Member) => memberOf(`agent:${member.id}`)
  const choices = () =>
    props.members
      .filter((member) => member.disabledAt === null)
      .sort(
        (a, b) =>
          Number(b.id === me) - Number(a.id === me) ||
          compareAvailability(members.availability(a.id), members.availability(b.id)) ||
          a.name.localeCompare(b.name),
      )
  // Somebody may have joined since the list was read.
  void members.refresh()

  const assignee = () => props.standing.assignee()
  const isAssistants = () => props.standing.status() === 'active_ai'

  async function give(to: string, change: { assignee: string | null } | { status: StatusByHand }) {
    setAsked(to)
    setFault(null)
    try {
      await session.request('PATCH', `/api/v1/conversations/${props.id}`, { ...change, clientId: nextClientId() })
      props.onClose()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setFault(error.problem.detail)
    } finally {
      setAsked(null)
    }
  }

  function assign(to: string | null): void {
    // What the assistant has is nobody's as well: taken from it, it waits for somebody.
    if (to === null && isAssistants() && assignee() === null) void give('nobody', { status: 'waiting_human' })
    else if (to === assignee() && !(to === me && isAssistants())) props.onClose()
    else void give(to ?? 'nobody', { assignee: to })
  }

  return (
    <Dialog title="Assign to" onClose={props.onClose}>
      <Show when={fault()}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <Show when={barred()}>{(sentence) => <Message tone="plain">{sentence()}</Message>}</Show>
      <ul class={styles.choices}>
        <For each={choices()}>
          {(member, index) => (
            <Choice
              first={index() === 0}
              chosen={assignee() === member.id}
              asked={asked() === member.id}
              busy={asked() !== null}
              disabled={props.permissions.assignFault(idOf(member)) !== null}
              picture={<Avatar name={member.name} id={member.id} dot={members.availability(member.id)} />}
              name={<bdi>{member.name}</bdi>}
              about={`${member.id === me ? 'You' : member.email} · ${AVAILABILITY_WORDS[members.availability(member.id)]}`}
              onChoose={() => assign(member.id)}
            />
          )}
        </For>
        <Show when={props.permissions.hasAssistant()}>
          <Choice
            chosen={isAssistants()}
            asked={asked() === 'assistant'}
            busy={asked() !== null}
            disabled={barred() !== null && assignee() !== null}
            picture={
              <span class={styles.assistant}>
                <Bot aria-hidden="true" />
              </span>
            }
            name="Assistant"
            about="It answers until somebody steps in."
            onChoose={() => (isAssistants() ? props.onClose() : void give('assistant', { status: 'active_ai' }))}
          />
        </Show>
        <Choice
          chosen={assignee() === null && !isAssistants()}
          asked={asked() === 'nobody'}
          busy={asked() !== null}
          disabled={barred() !== null && !(isAssistants() && assignee() === null)}
          picture={
            <span class={styles.nobody}>
              <UserX aria-hidden="true" />
            </span>
          }
          name="Nobody"
          about="It waits among the unassigned."
          onChoose={() => assign(null)}
        />
      </ul>
    </Dialog>
  )
}

interface ChoiceProps {
  first?: boolean
  chosen: boolean
  /** Asked for, and not answered yet. */
  asked: boolean
  /** One of them is asked for: it keeps the focus, and nothing else can be asked for meanwhile. */
  busy: boolean
  disabled: boolean
  picture: JSX.Element
  name: JSX.Element
  about: string
  onChoose(): void
}

function Choice(props: ChoiceProps) {
  return (
    <li>
      <button
        type="button"
        class={styles.choice}
        autofocus={props.first}
        aria-pressed={props.chosen}
        data-asked={props.asked ? '' : undefined}
        disabled={props.disabled}
        aria-disabled={props.busy ? true : undefined}
        onClick={() => props.busy || props.onChoose()}
      >
        {props.picture}
        <span class={styles.who}>
          {props.name}
          <span>{props.about}</span>
        </span>
        <Check aria-hidden="true" />
      </button>
    </li>
  )
}
