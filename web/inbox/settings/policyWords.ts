/** What was decided, as the audit log tells it: in the words of the page where it is decided. */
import type { FloodLimits } from '../../../core/conversation/limits.ts'
import { limitsText } from './limitFields.ts'
import {
  CHANNEL_CHOICES,
  type ChosenValue,
  LIMITS_LABEL,
  labelOf,
  type PolicyChoice,
  TEAM_CHOICES,
  VISITOR_CHOICES,
} from './policyChoices.ts'

const CHOICES: readonly PolicyChoice[] = [...CHANNEL_CHOICES, ...VISITOR_CHOICES, ...TEAM_CHOICES]

/** What a policy is called on its page; one of a newer server by its bare name. */
export function policyName(name: string): string {
  return name === 'limits' ? LIMITS_LABEL : (CHOICES.find((choice) => choice.name === name)?.label ?? name)
}

/** @param value undefined where a channel follows the workspace again */
export function decision(name: string, value: unknown): string {
  return `“${policyName(name)}” is now ${value === undefined ? 'as in the workspace' : `“${valueWords(name, value)}”`}`
}

function valueWords(name: string, value: unknown): string {
  const choice = CHOICES.find((each) => each.name === name)
  if (choice && isChoosable(choice, value)) return labelOf(choice, value)
  if (name === 'limits' && isFloodLimits(value)) return limitsText(value)
  return JSON.stringify(value)
}

/** A number need not be among the options: the API takes any. */
function isChoosable({ options }: PolicyChoice, value: unknown): value is ChosenValue {
  return typeof value === 'number' || options.some((option) => option.value === value)
}

function isFloodLimits(value: unknown): value is FloodLimits {
  return typeof value === 'object' && value !== null && 'quick' in value && 'lasting' in value
}
