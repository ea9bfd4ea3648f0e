/** The rule for a message's text (MS1), shared by composers, API and object. Pure; the widget ships it. */

export const TEXT_MAX = 2000
/** From here on a composer shows how many characters are left. */
export const TEXT_COUNTER_FROM = 1800

/** Length in code points, which is what MS1 counts. */
export function textLength(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** One line break, and no half of a character pair: the database would replace it silently. */
export function normaliseText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** Nothing but white space, control or invisible formatting characters. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text)
}

/** Why a text cannot be sent, or null. */
export function textFault(text: string): 'message_blank' | 'message_too_long' | null {
  if (isBlank(text)) return 'message_blank'
  // A code point has at most two units, so a short text need not be counted.
  return text.length > TEXT_MAX && textLength(text) > TEXT_MAX ? 'message_too_long' : null
}
