import type { Component, JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import Camera from '~icons/lucide/camera'
import Code from '~icons/lucide/code'
import Globe from '~icons/lucide/globe'
import Mail from '~icons/lucide/mail'
import MessageCircle from '~icons/lucide/message-circle'
import MessageSquare from '~icons/lucide/message-square'
import Phone from '~icons/lucide/phone'
import Send from '~icons/lucide/send'
import type { ChannelKind } from '../../../core/channelKinds.ts'

const GLYPHS: Readonly<Record<ChannelKind, Component<JSX.SvgSVGAttributes<SVGSVGElement>>>> = {
  web: Globe,
  email: Mail,
  whatsapp_business: MessageCircle,
  whatsapp_qr: MessageCircle,
  messenger: MessageSquare,
  instagram: Camera,
  telegram: Send,
  voice: Phone,
  api: Code,
}

/** Where somebody writes from, as a sign (IB1). */
export function ChannelGlyph(props: { kind: ChannelKind }) {
  return <Dynamic component={GLYPHS[props.kind]} aria-hidden="true" />
}
