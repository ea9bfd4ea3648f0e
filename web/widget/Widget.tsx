import { type Component, createEffect, createMemo, createSignal, Show } from 'solid-js'
import type { MessageEntry } from '../../core/conversation/entries.ts'
import { listen } from '../lib/listen.ts'
import { Composer } from './Composer.tsx'
import type { ConversationList } from './ConversationList.tsx'
import { createBadge } from './createBadge.ts'
import { createEmailAsk } from './createEmailAsk.ts'
import { createVisit, isClosed, type Visit } from './createVisit.ts'
import { Greeting } from './Greeting.tsx'
import { Header } from './Header.tsx'
import type { HostLink } from './hostLink.ts'
import type { Keep } from './keep.ts'
import { LinkNotice } from './LinkNotice.tsx'
import type { OutboxStore } from './outbox/outboxStore.ts'
import { Timeline } from './Timeline.tsx'

interface WidgetProps {
  channel: string
  host: HostLink
  keep: Keep
  store: Promise<OutboxStore>
}

type AskDialog = Component<{ visit: Visit; onEnd: () => void; onClose: () => void }>

/** The chat as the visitor sees it: header, timeline or greeting or the list of conversations, composer. */
export function Widget(props: WidgetProps) {
  const { host, keep } = props
  const [draft, setDraft] = createSignal('')
  const [quote, setQuote] = createSignal<MessageEntry | null>(null)
  const [List, setList] = createSignal<typeof ConversationList | null>(null)
  const [asked, setAsked] = createSignal<AskDialog | null>(null)
  let input: HTMLTextAreaElement | undefined
  const visit = createVisit({
    ...{ channel: props.channel, keep, store: props.store },
    // A single-page app may show another address than when it last told.
    page: () => host.ready().then(host.page),
  })
  const email = createEmailAsk(visit, keep)
  const focus = (): void => {
    // On a touch screen the focus would raise the keyboard over what one came to read.
    if (matchMedia('(pointer: fine)').matches) input?.focus()
  }
  const turnTo = (open: string | null): void => {
    setQuote(null)
    if (open !== visit.open()) visit.turnTo(open)
    setList(null)
    focus()
  }
  const say = (text: string): void => {
    visit.say(text, quote()?.n)
    visit.talk()?.typing(null)
    setQuote(null)
  }
  // Loaded when they are wanted: whoever is offline could neither end a conversation nor download it.
  const ask = (dialog: 'EndDialog' | 'SaveDialog') =>
    void import('./dialogs.ts').then((it) => setAsked(() => it[dialog])).catch(() => {})
  const end = (): void => {
    visit.end()
    focus()
  }
  // Loaded when it is asked for: most have one conversation. A page from before an update finds it no more.
  const list = () =>
    void import('./ConversationList.tsx').then((loaded) => setList(() => loaded.ConversationList)).catch(beginAnew)
  const begun = createMemo(() => visit.talk() !== null || visit.waiting().length > 0)
  createBadge(visit, host, keep)
  createEffect(() => host.shown() && focus())
  createEffect(() => {
    const colour = visit.visitor.colour()
    if (colour) document.documentElement.style.setProperty('--brand', colour)
  })
  listen(window, ['keydown'], (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Escape' || event.defaultPrevented) return
    if (!document.querySelector(':popover-open, dialog[open]')) host.close()
  })

  const closed = createMemo(() => isClosed(visit.talk()))
  const mayWrite = () => visit.talk()?.policy()?.mayWrite !== false

  return (
    <main class="window">
      <Header
        visit={visit}
        closed={closed()}
        listed={List() !== null}
        onBack={list}
        onEnd={() => ask('EndDialog')}
        onSave={() => ask('SaveDialog')}
        onClose={host.close}
      />
      <Show when={List()} keyed>
        {(List) => <List visit={visit} onOpen={turnTo} />}
      </Show>
      <Show when={!List()}>
        <Show when={begun()} fallback={<Greeting visit={visit} />}>
          <Timeline
            visit={visit}
            asking={email.card() !== null}
            card={
              <Show when={mayWrite() && email.card()} keyed>
                {(Card) => <Card visit={visit} keep={keep} onSkip={email.skip} />}
              </Show>
            }
            shown={host.shown()}
            onGoOn={() => {
              visit.goOn()
              turnTo(visit.open())
            }}
            onQuote={(message) => {
              setQuote(message)
              input?.focus()
            }}
            onEdit={(text) => setDraft((old) => (old ? `${text}\n${old}` : text))}
          />
        </Show>
        <LinkNotice link={visit.link()} ended={visit.ended()} />
        <Show
          when={mayWrite()}
          fallback={
            <p class="composer composer-closed" role="status">
              You can't write here any more.
            </p>
          }
        >
          <Composer
            ref={(element) => (input = element)}
            text={draft()}
            closed={closed() && !visit.final()}
            quote={quote()?.body.text}
            onText={(text) => {
              setDraft(text)
              visit.talk()?.typing(text ? 'reply' : null)
            }}
            onBlur={() => visit.talk()?.typing(null)}
            onUnquote={() => {
              setQuote(null)
              input?.focus()
            }}
            onSend={say}
          />
        </Show>
      </Show>
      <Show when={asked()} keyed>
        {(Dialog) => <Dialog visit={visit} onEnd={end} onClose={() => setAsked(null)} />}
      </Show>
    </main>
  )
}

/** Loads the chat again, where there is one to load. */
function beginAnew(): Promise<void> {
  return fetch(location.href).then(
    ({ ok }) => {
      if (ok) location.reload()
    },
    () => {},
  )
}
