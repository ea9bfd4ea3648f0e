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
  /** DL9: how many messages of a visitor may come at once (`burst`), and after how many milliseconds one more. */
  limits: z.strictObject({ quick: limit, lasting: limit }),
  /** MS8, in milliseconds; 0: not at all. */
  editWindowMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS),
  reopen: z.enum(REOPEN_POLICIES),
  mayWrite: z.enum(WRITE_POLICIES),
  mayAssign: z.enum(ASSIGN_POLICIES),
  /** CV13, in milliseconds; null: never. */
  closeAfterMs: z
    .int()
    .min(HOUR_MS)
    .max(365 * DAY_MS)
    .nullable(),
  /** TR5: how many transcripts of one conversation may be mailed in a rolling hour. */
  transcriptsPerHour: z.int().min(1).max(100),
  /**
   * CV6: whether what nobody has is given to an available agent:
   * to each in turn, or to who has the least open ones.
   */
  autoAssign: z.enum(AUTO_ASSIGN_POLICIES),
  /** Who has so many open conversations is given no more of the channel; null: no maximum. */
  maxOpen: z.int().min(1).max(1_000).nullable(),
  /** RT3, in milliseconds: how long after an agent asked for a rating the same one may ask again in a conversation. */
  ratingEveryMs: z
    .int()
    .min(HOUR_MS)
    .max(365 * DAY_MS),
  /** RT5, in milliseconds from the ask; 0: an answer is final. */
  ratingChangeMs: z
    .int()
    .min(0)
    .max(365 * DAY_MS),
  /** RT7 */
  ratingSkin: z.enum(SKINS),
}
const ofWorkspace = {
  ...ofChannel,
  history: z.enum(HISTORY_POLICIES),
  awayAfterMs: z.int().min(MINUTE_MS).max(DAY_MS),
  /** DL9: how many conversations a device, and an IP address, may begin in an hour, whatever the channel. */
  startsPerDevice: z.int().min(1).max(1_000),
  startsPerAddress: z.int().min(1).max(100_000),
}

export const WorkspacePolicy = z.strictObject(ofWorkspace).meta({ id: 'WorkspacePolicy' })
/** What is left out stays as it is. */
export const WorkspacePolicyChange = z.strictObject(ofWorkspace).partial().meta({ id: 'WorkspacePolicyChange' })
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

/** What binds the channel's conversations, and which of it the channel decides for itself. */
export const ChannelPolicy = z
  .strictObject({ policy: z.strictObject(ofChannel), own: z.array(ChannelPolicyName) })
  .meta({ id: 'ChannelPolicy' })
export type ChannelPolicy = z.infer<typeof ChannelPolicy>
/** What is named in `inherit` is as in the workspace again; what is left out stays as it is. */
export const ChannelPolicyChange = z
  .strictObject({
    ...z.strictObject(ofChannel).partial().shape,
    inherit: z.array(ChannelPolicyName).max(ChannelPolicyName.options.length).optional(),
  })
  .refine(
    ({ inherit = [], ...set }) => inherit.every((name) => set[name] === undefined),
    'A value is either set or inherited.',
  )
  .meta({ id: 'ChannelPolicyChange' })
export type ChannelPolicyChange = z.infer<typeof ChannelPolicyChange>
