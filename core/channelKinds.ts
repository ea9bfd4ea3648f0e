/**
 * The kinds of channels, and what each can do: one table for screens, objects and API. Small: the dashboard ships it.
 * A kind is fixed when its channel is made, and a conversation's with its start.
 */
export const CHANNEL_KINDS = [
  'web',
  'email',
  'whatsapp_business',
  'whatsapp_qr',
  'messenger',
  'instagram',
  'telegram',
  'voice',
  'api',
] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export interface Capabilities {
  /** As people read it, where it stands alone. */
  name: string
  /** Put on websites: it has a snippet, a colour, a greeting, and names the websites that may show it (VW5). */
  widget: boolean
  /** RT4: asked for in the widget alone; elsewhere the button gives a reason, or does not stand there at all. */
  rating: 'offered' | 'barred' | 'hidden'
  /** DL6: whether it is known that a message was stored for the visitor, and read. */
  ticks: boolean
  /** MS8: whether what was sent can still be changed where the visitor reads it. */
  edits: boolean
}

const OTHER = { widget: false, rating: 'barred', ticks: false, edits: false } as const

export const CAPABILITIES: Readonly<Record<ChannelKind, Capabilities>> = {
  web: { name: 'Website', widget: true, rating: 'offered', ticks: true, edits: true },
  email: { name: 'Email', ...OTHER },
  whatsapp_business: { name: 'WhatsApp Business', ...OTHER },
  whatsapp_qr: { name: 'WhatsApp', ...OTHER },
  messenger: { name: 'Messenger', ...OTHER },
  instagram: { name: 'Instagram', ...OTHER },
  telegram: { name: 'Telegram', ...OTHER },
  voice: { name: 'Voice', ...OTHER, rating: 'hidden' },
  api: { name: 'API', ...OTHER },
}
