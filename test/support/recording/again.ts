/**
 * A recording says the same over and over: who asks, with which rights, and the row of a conversation before and after.
 * In its file each of these stands once, and `{ again: n }` wherever it is said.
 */

/** Characters; of what is shorter a reference would not be. */
const WORTH = 60

interface Packed {
  value: unknown
  again: unknown[]
}

const mapped = (value: object, each: (part: unknown) => unknown): unknown =>
  Array.isArray(value)
    ? value.map(each)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, each(part)]))

export function packed(value: unknown): Packed {
  const counts = new Map<string, number>()
  const count = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    const text = JSON.stringify(part)
    counts.set(text, (counts.get(text) ?? 0) + 1)
    return counts.get(text) === 1 ? mapped(part, count) : part
  }
  count(value)
  const again: unknown[] = []
  const places = new Map<string, number>()
  const pack = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    const text = JSON.stringify(part)
    if (text.length < WORTH || (counts.get(text) ?? 0) < 2) return mapped(part, pack)
    const place = places.get(text) ?? again.push(null) - 1
    if (!places.has(text)) {
      places.set(text, place)
      again[place] = mapped(part, pack)
    }
    return { again: place }
  }
  return { value: pack(value), again }
}
export function unpacked({ value, again }: Packed): unknown {
  const unpack = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    return 'again' in part && typeof part.again === 'number' ? unpack(again[part.again]) : mapped(part, unpack)
  }
  return unpack(value)
}
