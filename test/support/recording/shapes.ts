/** What a reader may count on in what is said: which fields there are, and of which kind. Not their values. */

/** Ids are keys in some objects: of whom does not matter. */
const ID = /\b([a-z]{1,2})_[a-z0-9]{20,}$/

/** Paths as text, with the kind of what stands there; `null` and an empty list tell nothing of what may stand below. */
export function shapeOf(value: unknown, path = ''): string[] {
  if (value === null || value === undefined) return [`${path} nothing`]
  if (Array.isArray(value))
    return value.length === 0 ? [`${path} nothing`] : value.flatMap((element) => shapeOf(element, `${path}[]`))
  if (typeof value !== 'object') return [`${path} ${typeof value}`]
  return Object.entries(value).flatMap(([key, part]) => shapeOf(part, `${path}.${key.replace(ID, '$1')}`))
}

/** What `then` has somewhere and `now` has nowhere, of every kind that both know. */
export function lacking<One>(
  now: readonly One[],
  then: readonly One[],
  kind: (one: One) => string,
  part: (one: One) => unknown,
): string[] {
  const known = shapes(now, kind, part)
  const faults = [...shapes(then, kind, part)].flatMap(([name, paths]) => {
    const here = known.get(name)
    return here === undefined ? [] : [...paths].filter((path) => !has(here, path)).map((path) => `${name}: ${path}`)
  })
  return faults.sort()
}

function shapes<One>(all: readonly One[], kind: (one: One) => string, part: (one: One) => unknown) {
  const found = new Map<string, Set<string>>()
  for (const one of all) {
    const paths = found.get(kind(one)) ?? new Set<string>()
    for (const path of shapeOf(part(one))) paths.add(path)
    found.set(kind(one), paths)
  }
  return found
}

function has(paths: ReadonlySet<string>, wanted: string): boolean {
  const [path = '', kind] = wanted.split(' ')
  if (paths.has(wanted)) return true
  // It may be there, and be nothing just now; and who expected nothing misses nothing.
  if (kind === 'nothing') return [...paths].some((other) => other.startsWith(path))
  for (let end = path.length; end >= 0; end -= 1) if (paths.has(`${path.slice(0, end)} nothing`)) return true
  return false
}
