import { render } from 'solid-js/web'
import { createHostLink } from './hostLink.ts'
import { createKeep, mayStore } from './keep.ts'
import { openOutboxStore } from './outbox/outboxStore.ts'
import './palette.css'
import './widget.css'
import './timeline.css'
import './composer.css'
import { Widget } from './Widget.tsx'

const query = new URLSearchParams(location.search)
const channel = query.get('channel') ?? ''
const host = createHostLink(query.get('host') ?? '')
const root = document.getElementById('root')

async function start(place: HTMLElement): Promise<void> {
  const answered = host.ready()
  // What the launcher keeps is needed only where the frame may keep nothing itself.
  if (!mayStore()) await answered
  const keep = createKeep(channel, host)
  const store = openOutboxStore(channel, host)
  render(() => <Widget channel={channel} host={host} keep={keep} store={store} />, place)
}

if (root) void start(root)
