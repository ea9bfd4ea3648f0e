import { createSignal, For, Match, Show, Switch } from 'solid-js'
import type { Member } from '../../../core/api/accounts.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { ResetLinkDialog } from './ResetLinkDialog.tsx'
import { ROLE_WORDS } from './roles.ts'
import styles from './Settings.module.css'

interface MemberLineProps {
  member: Member
  /** Names of the groups they were put into. */
  groups: readonly string[]
  mayManage: boolean
  isLastOwner: boolean
  onChanged(): void
}

/** One member: who, in which role, and what administrators can change about them. */
export function MemberLine(props: MemberLineProps) {
  const me = useMe()
  const session = useSession()
  const inbox = useInbox()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const [asking, setAsking] = createSignal<'reset' | 'disable' | null>(null)
  const isMe = () => props.member.id === me().membership.member
  const isDisabled = () => props.member.disabledAt !== null
  // An administrator is not above an owner.
  const mayChange = () => props.mayManage && (me().membership.role === 'owner' || props.member.role !== 'owner')
  const roles = () =>
    me().membership.role === 'owner' ? (['owner', 'admin', 'agent'] as const) : (['admin', 'agent'] as const)

  async function change(body: { role?: string; disabled?: boolean }, done: string) {
    await attempt(async () => {
      await session.request('PATCH', `/api/v1/members/${props.member.id}`, body)
      notify(done)
    })
    setAsking(null)
    // One's own role decides what this page offers.
    if (isMe()) await session.load()
    void inbox.members.refresh()
    props.onChanged()
  }

  return (
    <li class={styles.item} data-disabled={isDisabled() ? '' : undefined}>
      <Avatar
        name={props.member.name}
        id={props.member.id}
        dot={isDisabled() ? undefined : inbox.members.availability(props.member.id)}
      />
      <div class={styles.who}>
        <bdi>{isMe() ? `${props.member.name} (you)` : props.member.name}</bdi>
        <span>{props.member.email}</span>
        <Show when={props.groups.length > 0}>
          <span dir="auto">In {props.groups.join(', ')}</span>
        </Show>
        <Show when={props.isLastOwner && mayChange()}>
          <span>The only owner. Make somebody else an owner before you change this.</span>
        </Show>
      </div>
      <Show
        when={mayChange() && !isDisabled() && !props.isLastOwner}
        fallback={<span class={styles.role}>{ROLE_WORDS[props.member.role].name}</span>}
      >
        <select
          class={styles.select}
          aria-label={`Role of ${props.member.name}`}
          onChange={(event) => {
            const { value } = event.currentTarget
            // It shows what is true until the server has agreed.
            event.currentTarget.value = props.member.role
            void change({ role: value }, `${props.member.name} has another role now.`)
          }}
        >
          <For each={roles()}>
            {(role) => (
              <option value={role} selected={role === props.member.role}>
                {ROLE_WORDS[role].name}
              </option>
            )}
          </For>
        </select>
      </Show>
      <Show when={mayChange()}>
        <Switch>
          <Match when={isDisabled()}>
            <Button
              aria-label={`Enable ${props.member.name}`}
              onClick={() => void change({ disabled: false }, `${props.member.name} can sign in and answer again.`)}
            >
              Enable
            </Button>
          </Match>
          <Match when={!isDisabled()}>
            <Button kind="quiet" aria-label={`Reset link for ${props.member.name}`} onClick={() => setAsking('reset')}>
              Reset link
            </Button>
            <Show when={!isMe() && !props.isLastOwner}>
              <Button kind="quiet" aria-label={`Disable ${props.member.name}`} onClick={() => setAsking('disable')}>
                Disable
              </Button>
            </Show>
          </Match>
        </Switch>
      </Show>
      <Show when={asking() === 'reset'}>
        <ResetLinkDialog member={props.member} onClose={() => setAsking(null)} />
      </Show>
      <Show when={asking() === 'disable'}>
        <ConfirmDialog
          title={`Disable ${props.member.name}?`}
          action="Disable"
          onConfirm={() => change({ disabled: true }, `${props.member.name} was disabled.`)}
          onClose={() => setAsking(null)}
        >
          Their open dashboards close at once, they can no longer work in this workspace, and their open conversations
          become unassigned. What they wrote stays. You can enable them again at any time.
        </ConfirmDialog>
      </Show>
    </li>
  )
}
