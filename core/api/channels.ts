import { z } from 'zod'
import { CAPABILITIES, CHANNEL_KINDS } from '../channelKinds.ts'
import { Website } from './accounts.ts'

/** `#1d5fc4`: red, green and blue in lower-case hex. */
export const Colour = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'is a colour like #1d5fc4')
  .transform((colour) => colour.toLowerCase())
export const Greeting = z.string().trim().max(300)
export const DEFAULT_COLOUR = '#1d5fc4'
const name = z.string().trim().min(1).max(60)
const origins = z.array(Website).max(20)
const kind = z.enum(CHANNEL_KINDS)

export const Channel = z
  .strictObject({
    id: z.string(),
    kind,
    name: z.string(),
    origins: z
      .array(z.string())
      .describe('The websites that may show the widget; none for what is not put on websites.'),
    colour: Colour.describe('Of the widget; everything else of its palette follows from it.'),
    greeting: Greeting.describe('What the widget says before anybody wrote; empty for its own words.'),
  })
  .meta({ id: 'Channel' })
/** VW5: a widget stands on the websites that are named, and nothing else has any. */
export function originsFault(kind: Channel['kind'], origins: readonly string[] | undefined): string | null {
  if (origins === undefined) return null
  if (CAPABILITIES[kind].widget) return origins.length > 0 ? null : 'names at least one website'
  return origins.length > 0 ? 'are for channels of the kind web' : null
}

export const NewChannel = z
  .strictObject({
    kind: kind.default('web'),
    name,
    origins: origins.default([]).describe('Of a channel of the kind web at least one; of another kind none.'),
    colour: Colour.default(DEFAULT_COLOUR),
    greeting: Greeting.default(''),
  })
  .check(({ value, issues }) => {
    const message = originsFault(value.kind, value.origins)
    if (message) issues.push({ code: 'custom', path: ['origins'], message, input: value.origins })
  })
  .meta({ id: 'NewChannel' })
export const ChannelChange = z
  .strictObject({
    name: name.optional(),
    origins: origins.optional(),
    colour: Colour.optional(),
    greeting: Greeting.optional(),
  })
  .meta({ id: 'ChannelChange' })
export type Channel = z.infer<typeof Channel>
export const ChannelList = z.strictObject({ list: z.array(Channel) }).meta({ id: 'ChannelList' })
