/**
 * The import table of docs/architecture: code depends downwards only. Biome cannot allow an import as a type alone,
 * so this reads the statements itself. Part of `npm run lint`.
 */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceFiles } from './sourceFiles.ts'

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm
const STATEMENT = /(?:^|[;\n])\s*(import|export)\s+(type\s+)?([^'"`;]*?from\s*)?['"]([^'"]+)['"]/g
const DYNAMIC = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)(\s*\.\s*[A-Z])?/g

interface Import {
  /** A path from the root of the repository, or `pkg:` and the name of a package. */
  to: string
  /** Gone after compilation. */
  typeOnly: boolean
}

interface Permission {
  to: RegExp
  typeOnly?: true
}

const own = (folder: string): Permission => ({ to: new RegExp(`^${folder}/`) })
const types = (to: RegExp): Permission => ({ to, typeOnly: true })
const ANY_PACKAGE: Permission = { to: /^pkg:/ }

/** The first rule whose `from` fits a file decides; what it does not list is a fault. */
const TABLE: ReadonlyArray<{ from: RegExp; may: readonly Permission[] }> = [
  { from: /^core\/(api|protocol)\//, may: [own('core'), { to: /^pkg:zod$/ }] },
  { from: /^core\//, may: [own('core')] },
  {
    from: /^durable-objects\//,
    may: [own('durable-objects'), own('core'), { to: /^pkg:(cloudflare:workers|node:crypto)$/ }],
  },
  { from: /^worker\/index\.ts$/, may: [own('worker'), own('core'), own('durable-objects'), ANY_PACKAGE] },
  {
    from: /^worker\/routes\//,
    may: [{ to: /^worker\/(?!routes\/)/ }, own('core'), types(/^durable-objects\//), ANY_PACKAGE],
  },
  { from: /^worker\//, may: [own('worker'), own('core'), types(/^durable-objects\//), ANY_PACKAGE] },
  {
    from: /^web\/lib\//,
    may: [own('web/lib'), own('core'), types(/^worker\/app\.ts$/), { to: /^pkg:(solid-js|hono\/client)(\/|$)/ }],
  },
  { from: /^web\/ui\//, may: [own('web/ui'), own('web/lib'), types(/^core\//), ANY_PACKAGE] },
  { from: /^web\/widget\/loader\.ts$/, may: [own('web/widget'), types(/^core\//)] },
  {
    from: /^web\/widget\//,
    may: [
      own('web/widget'),
      own('web/lib'),
      own('web/ui'),
      // What the widget ships of the core: the reducer,
      // the rules for a text and a score, and what those stand on. No zod.
      { to: /^core\/(conversation\/(rewrite|score|state|text)|durations|ids|refusals)\.ts$/ },
      types(/^core\//),
      { to: /^pkg:(solid-js(\/|$)|~icons\/)/ },
    ],
  },
  { from: /^web\/inbox\//, may: [own('web/inbox'), own('web/lib'), own('web/ui'), own('core'), ANY_PACKAGE] },
  { from: /^web\/demo\//, may: [own('web/demo'), own('web/ui'), { to: /^pkg:solid-js(\/|$)/ }] },
]

/** The modules a source asks for. */
export function importsOf(file: string, source: string): Import[] {
  const code = source.replace(COMMENT, '')
  const found: Import[] = []
  for (const [, keyword, type, from, spec = ''] of code.matchAll(STATEMENT)) {
    // `export 'x'` is no statement; `export const a = 'x'` has no `from`.
    if (keyword === 'export' && from === undefined) continue
    found.push({ to: targetOf(file, spec), typeOnly: type !== undefined })
  }
  for (const [, asType, spec = '', member] of code.matchAll(DYNAMIC)) {
    found.push({ to: targetOf(file, spec), typeOnly: asType !== undefined || member !== undefined })
  }
  return found
}

function targetOf(file: string, spec: string): string {
  const path = spec.split('?')[0] ?? spec
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path)
  return `pkg:${path}`
}

/**
 * What a file imports against the table, as sentences.
 * Files outside the table (scripts, tests) may import anything.
 */
export function faultsOf(file: string, source: string): string[] {
  const rule = TABLE.find(({ from }) => from.test(file))
  if (!rule) return []
  return importsOf(file, source).flatMap(({ to, typeOnly }) => {
    if (/\.(css|svg|woff2|png)$/.test(to)) return []
    if (rule.may.some((permission) => permission.to.test(to) && (typeOnly || !permission.typeOnly))) return []
    const asType = !typeOnly && rule.may.some((permission) => permission.to.test(to))
    return [`${file} may not import ${to}${asType ? ' except as a type (import type)' : ''}.`]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = sourceFiles(/\.tsx?$/)
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(file, 'utf8')))
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exit(1)
  console.log(`Imports of ${files.length} files go down only.`)
}
