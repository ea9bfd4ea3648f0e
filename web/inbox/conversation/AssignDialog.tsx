import { createSignal, For, Show } from 'solid-js'
import Check from '~icons/lucide/check'
import UserX from '~icons/lucide/user-x'
import type { Member } from '../../../core/api/accounts.ts'
import { type ConversationId, type MemberId, memberOf } from '../../../core/ids.ts'
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

interface AssignDialogProps {
  id: ConversationId
  assignee: MemberId | null
  members: readonly Member[]
  permissions: Permissions
  onClose(): void
}

/** Whose conversation this is to be: oneself first, then the others, available ones before, or nobody (CV6). */
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

  async function assign(to: string | null) {
    if (to === props.assignee) return props.onClose()
    setAsked(to ?? 'nobody')
    setFault(null)
    try {
      await session.request('PATCH', `/api/v1/conversations/${props.id}`, { assignee: to, clientId: nextClientId() })
      props.onClose()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setFault(error.problem.detail)
    } finally {
      setAsked(null)
    }
  }

  return (
    <Dialog title="Assign to" onClose={props.onClose}>
      <Show when={fault()}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <Show when={barred()}>{(sentence) => <Message tone="plain">{sentence()}</Message>}</Show>
      <ul class={styles.choices}>
        <For each={choices()}>
          {(member, index) => (
            <li>
              <button
                type="button"
                class={styles.choice}
                autofocus={index() === 0}
                aria-pressed={props.assignee === member.id}
                data-asked={asked() === member.id ? '' : undefined}
                disabled={asked() !== null || props.permissions.assignFault(idOf(member)) !== null}
                onClick={() => void assign(member.id)}
              >
                <Avatar name={member.name} id={member.id} dot={members.availability(member.id)} />
                <span class={styles.who}>
                  <bdi>{member.name}</bdi>
                  <span>
                    {member.id === me ? 'You' : member.email} · {AVAILABILITY_WORDS[members.availability(member.id)]}
                  </span>
                </span>
                <Check aria-hidden="true" />
              </button>
            </li>
          )}
        </For>
        <li>
          <button
            type="button"
            class={styles.choice}
            aria-pressed={props.assignee === null}
            disabled={asked() !== null || props.permissions.assignFault(null) !== null}
            onClick={() => void assign(null)}
          >
            <span class={styles.nobody}>
              <UserX aria-hidden="true" />
            </span>
            <span class={styles.who}>
              Nobody
              <span>It waits among the unassigned.</span>
            </span>
            <Check aria-hidden="true" />
          </button>
        </li>
      </ul>
    </Dialog>
  )
}
