import { Show } from 'solid-js'
import Compass from '~icons/lucide/compass'
import type { Source } from '../../../core/conversation/record.ts'
import { webAddress } from './facts.ts'
import styles from './Referral.module.css'

/** Where the visitor came from, over the timeline; nothing where that is not known (CP4). */
export function Referral(props: { source: Source }) {
  return (
    <Show when={referralOf(props.source)}>
      {(sentence) => (
        <p class={styles.referral}>
          <Compass aria-hidden="true" />
          <bdi>{sentence()}</bdi>
        </p>
      )}
    </Show>
  )
}

/** "Came from google · spring sale", by campaign first, else by the page that led here; null for direct visits. */
export function referralOf({ utm, referrer, page }: Source): string | null {
  const named = [utm?.source, utm?.medium, utm?.campaign].filter((part) => part)
  if (named.length > 0) return `Came from ${named.join(' · ')}`
  const from = referrer === null ? null : webAddress(referrer)
  // A page of the same website leads everywhere.
  if (!from || (page !== null && webAddress(page)?.host === from.host)) return null
  return `Came from ${from.host}`
}
