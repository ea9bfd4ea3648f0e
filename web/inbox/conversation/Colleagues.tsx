import { For, Show } from 'solid-js'
import { memberOf } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import styles from './ConversationHeader.module.css'

/** Colleagues who have this conversation open, and whether one of them is answering right now (CV14). */
export function Colleagues(props: { live: LiveConversation }) {
  const { me } = useInbox()
  const others = () => props.live.present().filter(({ member }) => member !== me)
  const isReplying = (member: string) =>
    props.live.typists().some((typist) => memberOf(typist.from) === member && typist.in === 'reply')
  return (
    <Show when={others().length > 0}>
      <ul class={styles.colleagues} aria-label="Also here">
        <For each={others()}>
          {(other) => {
            const doing = () => (isReplying(other.member) ? 'is replying' : 'is viewing')
            return (
              <li data-replying={isReplying(other.member) ? '' : undefined} title={`${other.name} ${doing()}`}>
                <Avatar size="small" name={other.name} id={other.member} />
                <span>
                  <bdi>{other.name}</bdi> {doing()}
                </span>
              </li>
            )
          }}
        </For>
      </ul>
    </Show>
  )
}
