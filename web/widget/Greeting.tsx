import { Show } from 'solid-js'

/** What stands where the conversation will be. */
export function Greeting(props: { workspace: string; ended: boolean }) {
  return (
    <section class="greeting">
      <div class="greeting-drawing" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <Show
        when={!props.ended}
        fallback={
          <>
            <h2>This conversation is no longer available</h2>
            <p role="status">Write a message below and a new one begins. What was not sent yet is still there.</p>
          </>
        }
      >
        <h2>Hello! How can we help?</h2>
        <p dir="auto">Ask {props.workspace || 'us'} anything. If you leave, the answer waits for you here.</p>
      </Show>
    </section>
  )
}
