import { createSignal, For, Show } from 'solid-js'
import X from '~icons/lucide/x'
import type { ConversationId } from '../../../core/ids.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { createCollaboration } from '../conversation/createCollaboration.ts'
import styles from './Details.module.css'

/** Who follows the conversation, beside the one whose it is (CV10). */
export function Followers(props: { id: ConversationId; collaborators: readonly string[] }) {
  const { me, members } = useInbox()
  const collaboration = createCollaboration(props.id)
  const [chosen, setChosen] = createSignal('')
  const add = () => {
    void collaboration.add(chosen())
    setChosen('')
  }
  const follows = () => props.collaborators.includes(me)
  const others = () =>
    members.list().filter(({ id, disabledAt }) => id !== me && disabledAt === null && !props.collaborators.includes(id))
  return (
    <section>
      <h3 class={styles.heading}>Followers</h3>
      <ul class={styles.followers} aria-label="Followers">
        <For each={props.collaborators}>
          {(member) => (
            <li>
              <Avatar size="small" name={members.nameOf(member)} id={member} />
              <bdi>{member === me ? 'You' : members.nameOf(member)}</bdi>
              <IconButton
                label={`Remove ${member === me ? 'yourself' : members.nameOf(member)}`}
                tipSide="start"
                onClick={() => void collaboration.remove(member)}
              >
                <X aria-hidden="true" />
              </IconButton>
            </li>
          )}
        </For>
      </ul>
      <div class={styles.add}>
        <Show when={!follows()}>
          <Button onClick={() => void collaboration.add(me)}>Follow</Button>
        </Show>
        <Show when={others().length > 0}>
          {/* Not at once: with the arrow keys one passes many before the right one. */}
          <select
            aria-label="Add a follower"
            value={chosen()}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            <option value="">Somebody else…</option>
            <For each={others()}>{(member) => <option value={member.id}>{member.name}</option>}</For>
          </select>
          <Button disabled={chosen() === ''} onClick={add}>
            Add
          </Button>
        </Show>
      </div>
    </section>
  )
}
