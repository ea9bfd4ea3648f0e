/** Whether somebody who knew how to read `then` can read `now`: new things may have come, nothing may have gone. */

/** What says what a thing is: a reader goes by its value. */
const MEANING = new Set(['type', 'code', 'status', 'ok', 'repeated', 'page', 'n', 'text'])

/** @returns the path of the first thing that is missing or of another kind; empty if there is none */
export function covers(now: unknown, then: unknown, path = ''): string {
  // Nothing is promised about what was not there, or was empty.
  if (then === null || then === undefined) return ''
  if (Array.isArray(then)) {
    if (!Array.isArray(now)) return `${path} is no list`
    const lost = then.findIndex((element) => !now.some((other) => covers(other, element) === ''))
    return lost < 0 ? '' : `${path}[${lost}]`
  }
  if (typeof then === 'object') {
    if (typeof now !== 'object' || now === null) return `${path} is gone`
    for (const [key, value] of Object.entries(then)) {
      const fault = covers(Reflect.get(now, key), value, `${path}.${key}`)
      if (fault !== '') return fault
    }
    return ''
  }
  const key = path.slice(path.lastIndexOf('.') + 1)
  if (MEANING.has(key)) return now === then ? '' : `${path} was ${then} and is ${now}`
  return typeof now === typeof then ? '' : `${path} is of another kind`
}
