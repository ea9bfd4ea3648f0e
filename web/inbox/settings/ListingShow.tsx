import { type JSX, Match, Switch } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { Message } from '../../ui/Message.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import type { Listing } from './createListing.ts'
import styles from './Settings.module.css'

interface ListingShowProps<Item> {
  listing: Listing<Item>
  /** What is listed, for screen readers. */
  label: string
  onRetry(): void
  children(list: () => Item[]): JSX.Element
}

/** A listing as it stands: on its way, here, or why not. */
export function ListingShow<Item>(props: ListingShowProps<Item>) {
  const list = () => (props.listing.status === 'ready' ? props.listing.list : null)
  const fault = () => (props.listing.status === 'failed' ? props.listing.fault : null)
  return (
    <Switch fallback={<Skeleton label={`Loading ${props.label}`} rows={3} shape="line" />}>
      <Match when={list()}>{(present) => props.children(present)}</Match>
      <Match when={fault()}>
        {(sentence) => (
          <Message tone="bad">
            <div class={styles.failed}>
              {sentence()}
              <Button onClick={() => props.onRetry()}>Try again</Button>
            </div>
          </Message>
        )}
      </Match>
    </Switch>
  )
}
