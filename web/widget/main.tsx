import { render } from 'solid-js/web'
import { createHostLink } from './hostLink.ts'
import { createKeep } from './keep.ts'
import './palette.css'
import './widget.css'
import './timeline.css'
import './composer.css'
import { Widget } from './Widget.tsx'

const query = new URLSearchParams(location.search)
const channel = query.get('channel') ?? ''
const host = createHostLink(query.get('host') ?? '')
const root = document.getElementById('root')
if (root) {
  render(() => <Widget channel={channel} host={host} keep={createKeep(channel)} />, root)
  host.ready()
}
