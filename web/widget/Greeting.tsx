import type { Visit } from './createVisit.ts'

/** What stands where the conversation will be. */
export function Greeting(props: { visit: Visit }) {
  return (
    <section class="greeting">
      <div class="greeting-drawing" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <h2 dir="auto">{props.visit.visitor.greeting() || 'Hello! How can we help?'}</h2>
      <p dir="auto">
        Ask {props.visit.visitor.workspace() || 'us'} anything. If you leave, the answer waits for you here.
      </p>
    </section>
  )
}
