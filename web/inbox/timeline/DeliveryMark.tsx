import { Match, Switch } from 'solid-js'
import Check from '~icons/lucide/check'
import CheckCheck from '~icons/lucide/check-check'
import CircleX from '~icons/lucide/circle-x'
import Clock from '~icons/lucide/clock-3'
import styles from './Bubble.module.css'

/** DL6: not yet acknowledged, stored, read by the visitor, refused. */
export type Delivery = 'pending' | 'stored' | 'read' | 'failed'

const WORDS: Readonly<Record<Delivery, string>> = {
  pending: 'Not sent yet',
  stored: 'Sent',
  read: 'Read',
  failed: 'Not sent',
}

/** How far an outgoing message has come. */
export function DeliveryMark(props: { delivery: Delivery }) {
  return (
    <span
      class={styles.mark}
      data-delivery={props.delivery}
      role="img"
      aria-label={WORDS[props.delivery]}
      title={WORDS[props.delivery]}
    >
      <Switch>
        <Match when={props.delivery === 'pending'}>
          <Clock aria-hidden="true" />
        </Match>
        <Match when={props.delivery === 'stored'}>
          <Check aria-hidden="true" />
        </Match>
        <Match when={props.delivery === 'read'}>
          <CheckCheck aria-hidden="true" />
        </Match>
        <Match when={props.delivery === 'failed'}>
          <CircleX aria-hidden="true" />
        </Match>
      </Switch>
    </span>
  )
}
