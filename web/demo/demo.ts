/**
 * The demo shop loads the chat exactly as any website does: with the script tag that Settings → Channels shows. Only
 * the channel is asked for first, since every installation has its own.
 */

async function addChat(): Promise<void> {
  const answer = await fetch('/demo/channel.json')
  if (answer.status === 404) return tell('The chat is not set up yet. ', 'Set up Foyer first', '/dashboard/setup')
  const found: { channel: string } = await answer.json()
  const script = document.createElement('script')
  script.src = `${location.origin}/widget.js`
  script.dataset['channel'] = found.channel
  script.async = true
  document.head.append(script)
}

function tell(sentence: string, link: string, href: string): void {
  const place = document.getElementById('set-up')
  if (!place) return
  const anchor = document.createElement('a')
  anchor.href = href
  anchor.textContent = link
  place.append(sentence, anchor, ', then come back to this page.')
  place.hidden = false
}

addChat().catch(() => tell('The chat could not be reached. ', 'Load the page again', '/demo'))
