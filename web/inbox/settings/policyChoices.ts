/** The policies (⚙) in words: what can be chosen for each, and what it means. */
import type { ChannelPolicy, WorkspacePolicy } from '../../../core/conversation/policy.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/durations.ts'

/** An assistant can be chosen once there are any. */
export type PolicyName = Exclude<keyof WorkspacePolicy, 'assistant'>
export type PolicyValue = WorkspacePolicy[PolicyName]
/** `limits` are numbers, in `limitFields.ts`. */
type ChosenName = Exclude<PolicyName, 'limits'>
export type ChosenValue = WorkspacePolicy[ChosenName]

export interface PolicyChoice {
  name: ChosenName
  label: string
  about: string
  options: ReadonlyArray<{ value: ChosenValue; label: string }>
  /** A number that is not among the options, in words; a time unless something else is said. */
  words?: (value: number) => string
  /** Whether it means anything beside what else holds; left out: always. */
  applies?: (held: WorkspacePolicy) => boolean
}

const span = (ms: number, words = (text: string) => text) => ({ value: ms, label: words(spanText(ms)) })

/** 900000 → "15 minutes". */
export function spanText(ms: number): string {
  const [amount, unit] =
    ms % DAY_MS === 0
      ? [ms / DAY_MS, 'day']
      : ms % HOUR_MS === 0
        ? [ms / HOUR_MS, 'hour']
        : [Math.round(ms / MINUTE_MS), 'minute']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

function openOnes(value: number): { value: number; label: string } {
  return { value, label: value === 1 ? '1 conversation' : `${value} conversations` }
}

function transcripts(value: number): { value: number; label: string } {
  return { value, label: `${value} in an hour` }
}

/** What the choices of a channel are about, in the order in which they stand on the page. */
export const CHANNEL_PARTS = [
  { part: 'ends', title: 'Closing and opening again' },
  { part: 'people', title: 'Who answers' },
  { part: 'messages', title: 'Messages' },
  { part: 'ratings', title: 'Ratings' },
  { part: 'transcripts', title: 'Transcripts' },
] as const

type ChannelChoice = PolicyChoice & { name: keyof ChannelPolicy; part: (typeof CHANNEL_PARTS)[number]['part'] }

/** What a channel may decide otherwise than the workspace. */
export const CHANNEL_CHOICES: readonly ChannelChoice[] = [
  {
    name: 'reopen',
    part: 'ends',
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
    part: 'people',
    label: 'Who may answer the visitor',
    about:
      'Whoever answers where nobody does yet becomes the assignee. Notes are always possible. Programs with a key always may, by its scopes.',
    options: [
      { value: 'anyone', label: 'Every agent' },
      { value: 'assignee_and_collaborators', label: 'The assignee, those who follow, and administrators' },
    ],
  },
  {
    name: 'mayAssign',
    part: 'people',
    label: 'Who may reassign',
    about:
      'Every agent can take a conversation that is assigned to nobody. Programs with a key always may, by its scopes.',
    options: [
      { value: 'anyone', label: 'Every agent' },
      { value: 'assignee_and_admins', label: 'The assignee and administrators' },
    ],
  },
  {
    name: 'autoAssign',
    part: 'people',
    label: 'Automatic assignment',
    about:
      'What nobody has is given to agents who are available: their switch is on and their dashboard is looked at. It waits until they answer.',
    options: [
      { value: 'off', label: 'Off' },
      { value: 'round_robin', label: 'Round robin: to each in turn' },
      { value: 'least_busy', label: 'Least busy: to who has the fewest' },
    ],
  },
  {
    name: 'maxOpen',
    part: 'people',
    label: 'Maximum of open conversations each',
    about:
      'Who has as many, of all channels together, is given no more. What is left over waits for who is free first.',
    options: [{ value: null, label: 'No maximum' }, ...[1, 2, 3, 5, 8, 10, 15, 20, 30, 50].map(openOnes)],
    words: (value) => openOnes(value).label,
    applies: ({ autoAssign }) => autoAssign !== 'off',
  },
  {
    name: 'editWindowMs',
    part: 'messages',
    label: 'Agents may edit and delete what they wrote',
    about: 'The visitor sees that it was edited or deleted. Administrators can delete any message at any time.',
    options: [
      { value: 0, label: 'Not at all' },
      ...[5, 15, 60].map((minutes) => span(minutes * MINUTE_MS, (text) => `For ${text}`)),
      span(DAY_MS, (text) => `For ${text}`),
    ],
  },
  {
    name: 'ratingEveryMs',
    part: 'ratings',
    label: 'The same agent may ask for a rating again',
    about: 'In the same conversation. Another agent may ask meanwhile.',
    options: [1, 3, 7, 14, 30].map((days) => span(days * DAY_MS, (text) => `After ${text}`)),
  },
  {
    name: 'ratingChangeMs',
    part: 'ratings',
    label: 'Visitors may change their rating',
    about: 'Counted from when they were asked, and fixed then.',
    options: [
      { value: 0, label: 'Not at all' },
      ...[1, 3, 7, 14, 30].map((days) => span(days * DAY_MS, (text) => `For ${text}`)),
    ],
  },
  {
    name: 'ratingSkin',
    part: 'ratings',
    label: 'How a rating is asked for',
    about: 'One score from 1 to 5, whatever it looks like.',
    options: [
      { value: 'faces', label: 'Faces 😑 😟 😐 😊 😍' },
      { value: 'stars', label: 'Stars ★★★★★' },
      { value: 'numbers', label: 'Numbers 1 to 5' },
    ],
  },
  {
    name: 'closeAfterMs',
    part: 'ends',
    label: 'Close by itself',
    about: 'When nobody has written for so long. How it opens again is decided above.',
    options: [
      { value: null, label: 'Never' },
      ...[1, 3, 7, 14, 30].map((days) => span(days * DAY_MS, (text) => `After ${text} of silence`)),
    ],
  },
  {
    name: 'transcriptsPerHour',
    part: 'transcripts',
    label: 'Transcripts by email, of one conversation',
    about: 'Whoever asks for one more is told from when on it can be sent. Downloads are not counted.',
    options: [1, 2, 3, 5, 10, 20].map(transcripts),
    words: (value) => transcripts(value).label,
  },
]

const hourly = (numbers: readonly number[]) =>
  numbers.map((value) => ({ value, label: `${value.toLocaleString()} in an hour` }))

/** What visitors may begin, in all channels together. */
export const VISITOR_CHOICES: readonly PolicyChoice[] = [
  {
    name: 'startsPerDevice',
    label: 'New conversations of one browser',
    about: 'Whoever wants to begin one more is told from when on that is possible.',
    options: hourly([1, 2, 3, 5, 10, 20, 50]),
    words: (value) => `${value.toLocaleString()} in an hour`,
  },
  {
    name: 'startsPerAddress',
    label: 'New conversations from one network address',
    about: 'A whole office, or a school, can be behind one.',
    options: hourly([10, 30, 60, 120, 300, 1_000]),
    words: (value) => `${value.toLocaleString()} in an hour`,
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

/** What the numbers of `limits` are called. */
export const LIMITS_LABEL = 'How much a visitor may write'

/**
 * The choices of a policy, with the present value among them:
 * the API may have set one that the page does not offer.
 */
export function optionsWith(choice: PolicyChoice, present: ChosenValue): PolicyChoice['options'] {
  if (choice.options.some(({ value }) => value === present)) return choice.options
  return [
    ...choice.options,
    { value: present, label: typeof present === 'number' ? (choice.words ?? spanText)(present) : String(present) },
  ]
}

/** What a value of a policy is called, also one that the page does not offer. */
export function labelOf(choice: PolicyChoice, value: ChosenValue): string {
  return optionsWith(choice, value).find((option) => option.value === value)?.label ?? ''
}
