import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { Composer } from './Composer.tsx'
import { createVisit } from './createVisit.ts'
import { Greeting } from './Greeting.tsx'
import { Header } from './Header.tsx'
import type { HostLink } from './hostLink.ts'
import type { Keep } from './keep.ts'
import { LinkNotice } from './LinkNotice.tsx'
import { Timeline } from './Timeline.tsx'

/** The chat as the visitor sees it: header, timeline or greeting, composer. */
export function Widget(props: { channel: string; host: HostLink; keep: Keep }) {
  const [draft, setDraft] = createSignal('')
  let input: HTMLTextAreaElement | undefined
  const visit = createVisit({
    channel: props.channel,
    keep: props.keep,
    page: props.host.page,
    onReturned: (texts) => setDraft((text) => [...texts, text].filter(Boolean).join('\n')),
  })
  // On a touch screen the focus would raise the keyboard over what one came to read.
  createEffect(() => {
    if (props.host.shown() && matchMedia('(pointer: fine)').matches) input?.focus()
  })
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector(':popover-open'))
      props.host.close()
  }
  addEventListener('keydown', closeByKey)
  onCleanup(() => removeEventListener('keydown', closeByKey))

  const end = (): void => {
    visit.end()
    input?.focus()
  }
  const begun = (): boolean => visit.talk() !== null || visit.waiting().length > 0

  return (
    <main class="window">
      <Header visit={visit} onEnd={end} onClose={props.host.close} />
      <Show when={begun()} fallback={<Greeting ended={visit.ended()} workspace={visit.workspace()} />}>
        <Timeline
          visit={visit}
          shown={props.host.shown()}
          onEdit={(text) => setDraft((old) => (old ? `${text}\n${old}` : text))}
        />
      </Show>
      <LinkNotice link={visit.link()} />
      <Composer ref={(element) => (input = element)} text={draft()} onText={setDraft} onSend={visit.say} />
    </main>
  )
}
