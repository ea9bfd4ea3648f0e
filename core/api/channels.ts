import { z } from 'zod'

export const Channel = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['web']),
    name: z.string(),
    /** The websites that may show the widget. */
    origins: z.array(z.string()),
  })
  .meta({ id: 'Channel' })
export type Channel = z.infer<typeof Channel>
export const ChannelList = z.strictObject({ list: z.array(Channel) }).meta({ id: 'ChannelList' })
