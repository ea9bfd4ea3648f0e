/** The policies (⚙) in words: what can be chosen for each, and what it means. */
import type { ChannelPolicy, WorkspacePolicy } from '../../../core/conversation/policy.ts'

/** `limits` are for who builds on the API; an assistant can be chosen once there are any. */
type Unshown = 'limits' | 'assistant'
export type PolicyName = Exclude<keyof WorkspacePolicy, Unshown>
export type ChannelPolicyName = Exclude<keyof ChannelPolicy, Unshown>
export type PolicyValue = WorkspacePolicy[PolicyName]

export interface PolicyChoice {
  name: PolicyName
  label: string
  about: string
  options: ReadonlyArray<{ value: PolicyValue; label: string }>
}

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

const span = (ms: number, words = (text: string) => text) => ({ value: ms, label: words(spanText(ms)) })

/** 900000 → "15 minutes". */
export function spanText(ms: number): string {
  const [amount, unit] =
    ms % DAY_MS === 0
      ? [ms / DAY_MS, 'day']
      : ms % (60 * MINUTE_MS) === 0
        ? [ms / (60 * MINUTE_MS), 'hour']
        : [Math.round(ms / MINUTE_MS), 'minute']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/** What a channel may decide otherwise than the workspace. */
export const CHANNEL_CHOICES: readonly (PolicyChoice & { name: ChannelPolicyName })[] = [
  {
    name: 'reopen',
    label: 'A closed conversation opens again',
    about: 'Closed for good means: the next message of the visitor begins a new conversation, linked to the old one.',
    options: [
      { value: 'any_message', label: 'With any message, of either side' },
      { value: 'visitor_message', label: 'With a message of the visitor, or by “Reopen”' },
      { value: 'never', label: 'Never: it is closed for good' },
    ],
  },
  {
    name: 'mayWrite',
    label: 'Who may answer the visitor',
    about: 'Whoever answers where nobody does yet becomes the assignee. Notes are always possible.',
    options: [
      { value: 'anyone', label: 'Every agent' },
      { value: 'assignee_and_collaborators', label: 'The assignee, those who follow, and administrators' },
    ],
  },
  {
    name: 'mayAssign',
    label: 'Who may reassign',
    about: 'Every agent can take a conversation that is assigned to nobody.',
    options: [
      { value: 'anyone', label: 'Every agent' },
      { value: 'assignee_and_admins', label: 'The assignee and administrators' },
    ],
  },
  {
    name: 'editWindowMs',
    label: 'Agents may edit and delete what they wrote',
    about: 'The visitor sees that it was edited or deleted. Administrators can delete any message at any time.',
    options: [
      { value: 0, label: 'Not at all' },
      ...[5, 15, 60].map((minutes) => span(minutes * MINUTE_MS, (text) => `For ${text}`)),
      span(DAY_MS, (text) => `For ${text}`),
    ],
  },
  {
    name: 'closeAfterMs',
    label: 'Close by itself',
    about: 'When nobody has written for so long. How it opens again is decided above.',
    options: [
      { value: null, label: 'Never' },
      ...[1, 3, 7, 14, 30].map((days) => span(days * DAY_MS, (text) => `After ${text} of silence`)),
    ],
  },
]

/** What holds for the whole team. */
export const TEAM_CHOICES: readonly PolicyChoice[] = [
  {
    name: 'history',
    label: 'A conversation that was reassigned',
    about:
      'Administrators, those who follow it and groups with the right “See all” see it all the same. At first everyone holds that right: take it away under Groups.',
    options: [
      { value: 'keep', label: 'Stays visible to who had it' },
      { value: 'hide', label: 'Is hidden from who had it' },
    ],
  },
  {
    name: 'awayAfterMs',
    label: 'Agents are away',
    about: 'When nobody has looked at their dashboard or touched it for so long.',
    options: [5, 10, 15, 30, 60].map((minutes) => span(minutes * MINUTE_MS, (text) => `After ${text}`)),
  },
]

/** The choices of a policy, with the present value among them: the API may have set one that the page does not offer. */
export function optionsWith(choice: PolicyChoice, present: PolicyValue): PolicyChoice['options'] {
  if (choice.options.some(({ value }) => value === present)) return choice.options
  return [
    ...choice.options,
    { value: present, label: typeof present === 'number' ? spanText(present) : String(present) },
  ]
}

export function labelOf(choice: PolicyChoice, value: PolicyValue): string {
  return optionsWith(choice, value).find((option) => option.value === value)?.label ?? ''
}
