/** The line that puts the widget of a channel on a website (VW1). */
export function snippetOf(channel: string): string {
  return `<script src="${location.origin}/widget.js" data-channel="${channel}" async></script>`
}
