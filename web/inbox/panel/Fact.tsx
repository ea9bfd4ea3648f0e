import { type JSX, Show } from 'solid-js'
import styles from './Details.module.css'
import { webAddress } from './facts.ts'

/** One thing that is known, with its name. */
export function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

/** One thing that may not be known: then nothing. */
export function KnownFact(props: { label: string; value: string | null | undefined }) {
  return (
    <Show when={props.value}>
      {(value) => (
        <Fact label={props.label}>
          <bdi>{value()}</bdi>
        </Fact>
      )}
    </Show>
  )
}

/** An address that a visitor's browser told: a link only if it leads to the web. */
export function WebAddress(props: { address: string; name: string | null }) {
  const url = () => webAddress(props.address)
  return (
    <Show when={url()} fallback={<bdi>{props.address}</bdi>}>
      {(present) => (
        <>
          <a href={present().href} target="_blank" rel="noopener noreferrer nofollow">
            <bdi>{props.name || present().host + present().pathname}</bdi>
          </a>
          <Show when={props.name}>
            <span class={styles.address} dir="ltr">
              {present().host + present().pathname}
            </span>
          </Show>
        </>
      )}
    </Show>
  )
}
