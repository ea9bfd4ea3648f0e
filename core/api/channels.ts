import { z } from 'zod'
import { Website } from './accounts.ts'

/** `#1d5fc4`: red, green and blue in lower-case hex. */
export const Colour = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'is a colour like #1d5fc4')
  .transform((colour) => colour.toLowerCase())
export const Greeting = z.string().trim().max(300)
export const DEFAULT_COLOUR = '#1d5fc4'
const name = z.string().trim().min(1).max(60)
const origins = z.array(Website).min(1).max(20)

export const Channel = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['web']),
    name: z.string(),
    /** The websites that may show the widget. */
    origins: z.array(z.string()),
    /** Of the widget; everything else of its palette follows from it. */
    colour: Colour,
    /** What the widget says before anybody wrote; empty for its own words. */
    greeting: Greeting,
  })
  .meta({ id: 'Channel' })
export const NewChannel = z
  .strictObject({ name, origins, colour: Colour.default(DEFAULT_COLOUR), greeting: Greeting.default('') })
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
