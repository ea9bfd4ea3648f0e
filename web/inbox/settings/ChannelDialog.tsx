import { createEffect, createSignal, Show } from 'solid-js'
import MessageCircle from '~icons/lucide/message-circle'
import type { Channel } from '../../../core/api/channels.ts'
import { websiteFault } from '../../../core/website.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextArea, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { inkOn } from './inkOn.ts'
import styles from './Settings.module.css'

/** Equal to the API's by type: `channels.ts` itself would bring the validator into the browser. */
const DEFAULT_COLOUR: typeof import('../../../core/api/channels.ts').DEFAULT_COLOUR = '#1d5fc4'
const GREETING_MAX = 300

interface ChannelDialogProps {
  /** Null for a new one. */
  channel: Channel | null
  onSaved(): void
  onClose(): void
}

/** Makes a web channel or changes one: its name, the websites that may show it, its colour and its first words. */
export function ChannelDialog(props: ChannelDialogProps) {
  const { request } = useSession()
  // Made anew for each channel.
  const { channel } = props
  const [name, setName] = createSignal(channel?.name ?? '')
  const [origins, setOrigins] = createSignal(channel?.origins.join('\n') ?? '')
  const [colour, setColour] = createSignal(channel?.colour ?? DEFAULT_COLOUR)
  const [greeting, setGreeting] = createSignal(channel?.greeting ?? '')
  const websites = () =>
    origins()
      .split(/[\s,]+/)
      .filter((part) => part !== '')
  const form = createForm({
    check: () =>
      faultsIn({
        name: name().trim() === '' && 'Give the channel a name.',
        origins:
          websites().length === 0 ? 'Name at least one website, like https://shop.example.' : websiteFault(websites()),
        greeting: greeting().length > GREETING_MAX && `At most ${GREETING_MAX} characters.`,
      }),
    send: async () => {
      const body = { name: name().trim(), origins: websites(), colour: colour(), greeting: greeting().trim() }
      if (channel) await request('PATCH', `/api/v1/channels/${channel.id}`, body)
      else await request('POST', '/api/v1/channels', body)
      props.onSaved()
    },
  })
  // A fault of one of the addresses is told at their field.
  const originsFault = () =>
    form.fault('origins') ?? Object.entries(form.faults().fields).find(([path]) => path.startsWith('origins.'))?.[1]
  return (
    <Dialog title={channel ? 'Edit channel' : 'Add channel'} onClose={() => props.onClose()}>
      <form class={styles.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField
          label="Name"
          hint="For your team: the shop, the help pages."
          autocomplete="off"
          value={name()}
          error={form.fault('name')}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <TextArea
          label="Allowed websites"
          hint="One address per line. Only these may show the chat."
          rows={2}
          dir="ltr"
          placeholder="https://shop.example"
          value={origins()}
          error={originsFault()}
          onInput={(event) => setOrigins(event.currentTarget.value)}
        />
        <TextField
          label="Colour"
          type="color"
          value={colour()}
          error={form.fault('colour')}
          onInput={(event) => setColour(event.currentTarget.value)}
        />
        <TextArea
          label="Greeting"
          hint="What the chat says before anybody wrote. Leave it empty for its own words."
          rows={2}
          value={greeting()}
          error={form.fault('greeting')}
          onInput={(event) => setGreeting(event.currentTarget.value)}
        />
        <Preview colour={colour()} greeting={greeting()} />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={form.busy()}>
            {channel ? 'Save' : 'Add channel'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** How it will look, about. */
function Preview(props: { colour: string; greeting: string }) {
  let element: HTMLDivElement | undefined
  createEffect(() => {
    element?.style.setProperty('--colour', props.colour)
    element?.style.setProperty('--ink', inkOn(props.colour))
  })
  return (
    <figure class={styles.preview}>
      <figcaption>Preview</figcaption>
      <div ref={element} class={styles.window}>
        <p dir="auto">{props.greeting.trim() || 'Hello! How can we help?'}</p>
        <span>
          <MessageCircle aria-hidden="true" />
        </span>
      </div>
    </figure>
  )
}
