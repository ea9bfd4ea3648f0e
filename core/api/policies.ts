/** Settings → Policies (⚙): what holds in the workspace, and otherwise in one channel. */
import { z } from 'zod'
import {
  ASSIGN_POLICIES,
  AUTO_ASSIGN_POLICIES,
  HISTORY_POLICIES,
  REOPEN_POLICIES,
  WRITE_POLICIES,
} from '../conversation/policy.ts'
import { SKINS } from '../conversation/score.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../durations.ts'

const limit = z.strictObject({ burst: z.int().min(1).max(100_000), everyMs: z.int().min(1).max(HOUR_MS) })

const ofChannel = {
  limits: z
    .strictObject({ quick: limit, lasting: limit })
    .describe('How many messages of a visitor may come at once (`burst`), and after how many milliseconds one more.'),
  editWindowMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS)
    .describe('How long people and programs may edit and delete what they wrote, in milliseconds; 0: not at all.'),
  reopen: z
    .enum(REOPEN_POLICIES)
    .describe('What opens a closed conversation: any message, only one of the visitor, or nothing ever.'),
  mayWrite: z.enum(WRITE_POLICIES).describe('Which agents may answer, beside administrators; keys always may.'),
  mayAssign: z.enum(ASSIGN_POLICIES).describe('Which agents may assign and reassign; keys always may.'),
  closeAfterMs: z
    .int()
    .min(HOUR_MS)
    .max(365 * DAY_MS)
    .nullable()
    .describe('After how long a silence a conversation is closed, in milliseconds; null: never.'),
  transcriptsPerHour: z
    .int()
    .min(1)
    .max(100)
    .describe('How many transcripts of one conversation may be mailed in a rolling hour.'),
  autoAssign: z
    .enum(AUTO_ASSIGN_POLICIES)
    .describe('Whether what nobody has is given to an available agent: to each in turn, or to who has the least open.'),
  maxOpen: z
    .int()
    .min(1)
    .max(1_000)
    .nullable()
    .describe('Who has so many open conversations is given no more of the channel; null: no maximum.'),
  ratingEveryMs: z
    .int()
    .min(HOUR_MS)
    .max(365 * DAY_MS)
    .describe(
      'How long after asking for a rating the same agent or key may not ask again in a conversation, in milliseconds.',
    ),
  ratingChangeMs: z
    .int()
    .min(0)
    .max(365 * DAY_MS)
    .describe('How long after the ask an answer may be changed, in milliseconds; 0: it is final.'),
  ratingSkin: z.enum(SKINS).describe('How visitors are asked; the score is the same.'),
}
const ofWorkspace = {
  ...ofChannel,
  history: z
    .enum(HISTORY_POLICIES)
    .describe('Whether who had a conversation still sees it once it is given to somebody else.'),
  awayAfterMs: z
    .int()
    .min(MINUTE_MS)
    .max(DAY_MS)
    .describe('After how many milliseconds without a touch a dashboard is away.'),
  startsPerDevice: z
    .int()
    .min(1)
    .max(1_000)
    .describe('How many conversations a browser may begin in an hour, whatever the channel.'),
  startsPerAddress: z.int().min(1).max(100_000).describe('The same for an IP address (of IPv6: its /64).'),
}

export const WorkspacePolicy = z.strictObject(ofWorkspace).meta({ id: 'WorkspacePolicy' })
export const WorkspacePolicyChange = z
  .strictObject(ofWorkspace)
  .partial()
  .meta({ id: 'WorkspacePolicyChange', description: 'What is left out stays as it is.' })
export type WorkspacePolicyChange = z.infer<typeof WorkspacePolicyChange>

export const ChannelPolicyName = z.enum([
  'limits',
  'editWindowMs',
  'reopen',
  'mayWrite',
  'mayAssign',
  'closeAfterMs',
  'transcriptsPerHour',
  'autoAssign',
  'maxOpen',
  'ratingEveryMs',
  'ratingChangeMs',
  'ratingSkin',
]) satisfies z.ZodType<keyof typeof ofChannel>
export type ChannelPolicyName = z.infer<typeof ChannelPolicyName>

export const ChannelPolicy = z
  .strictObject({ policy: z.strictObject(ofChannel), own: z.array(ChannelPolicyName) })
  .meta({
    id: 'ChannelPolicy',
    description: "What binds the channel's conversations, and which of it the channel decides for itself.",
  })
export type ChannelPolicy = z.infer<typeof ChannelPolicy>
export const ChannelPolicyChange = z
  .strictObject({
    ...z.strictObject(ofChannel).partial().shape,
    inherit: z.array(ChannelPolicyName).max(ChannelPolicyName.options.length).optional(),
  })
  .refine(
    ({ inherit = [], ...set }) => inherit.every((name) => set[name] === undefined),
    'A value is either set or inherited.',
  )
  .meta({
    id: 'ChannelPolicyChange',
    description: 'What is named in `inherit` is as in the workspace again; what is left out stays as it is.',
  })
export type ChannelPolicyChange = z.infer<typeof ChannelPolicyChange>
