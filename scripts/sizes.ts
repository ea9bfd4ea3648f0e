/**
 * What each app loads when it is opened, compressed with brotli, against its budget; and, to know it, what can ever
 * come later. A part that everybody who opens the chat would load belongs to the first, however it is asked for. Fonts
 * are counted apart. Reads the built product; part of `npm run check`.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const BUILT = fileURLToPath(new URL('../dist/client/', import.meta.url))
const KB = 1024

interface Chunk {
  file: string
  src?: string
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}
type Manifest = Record<string, Chunk>

interface Budget {
  name: string
  /** What opening it loads, which is what the budget is for; and what can ever come. */
  first: string[]
  all: string[]
  maxBytes: number
  maxRequests?: number
}

/** Scripts and styles of a page: its own and those of all that it imports at once, or with `all` ever. */
function loadedBy(manifest: Manifest, page: string, all = false): string[] {
  const chunks = new Set<string>()
  const visit = (name: string): void => {
    if (chunks.has(name)) return
    const chunk = manifest[name]
    if (!chunk) throw new Error(`The build has no "${name}": scripts/sizes.ts and the sources disagree.`)
    chunks.add(name)
    for (const next of [...(chunk.imports ?? []), ...(all ? (chunk.dynamicImports ?? []) : [])]) visit(next)
  }
  visit(page)
  const files = [...chunks].flatMap((name) => [manifest[name]?.file ?? '', ...(manifest[name]?.css ?? [])])
  return [...new Set(files)].filter((file) => /\.(js|css)$/.test(file))
}

const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(`${BUILT}.vite/${name}.json`, 'utf8'))
const compressed = (file: string) => brotliCompressSync(readFileSync(BUILT + file)).length
const total = (files: string[]) => files.reduce((sum, file) => sum + compressed(file), 0)

function budgets(): Budget[] {
  const [widget, inbox] = [manifestOf('widget'), manifestOf('inbox')]
  const page = { widget: 'widget/index.html', inbox: 'inbox/index.html' }
  return [
    { name: 'loader', first: ['widget.js'], all: ['widget.js'], maxBytes: 1.5 * KB },
    {
      name: 'widget',
      first: loadedBy(widget, page.widget),
      all: loadedBy(widget, page.widget, true),
      maxBytes: 20 * KB,
    },
    {
      name: 'inbox',
      first: ['theme.js', ...loadedBy(inbox, page.inbox)],
      all: ['theme.js', ...loadedBy(inbox, page.inbox, true)],
      maxBytes: 80 * KB,
      maxRequests: 6,
    },
  ]
}

const shown = (bytes: number) => (bytes / KB).toFixed(2).padStart(7)

let over = false
for (const { name, first, all, maxBytes, maxRequests = Number.POSITIVE_INFINITY } of budgets()) {
  const bytes = { first: total(first), all: total(all) }
  const requests = Number.isFinite(maxRequests) ? `, ${first.length} of ${maxRequests} requests` : ''
  const limit = `at most ${maxBytes / KB} KB at first`
  console.log(`${name.padEnd(8)}${shown(bytes.first)} KB at first${shown(bytes.all)} KB in all: ${limit}${requests}`)
  if (bytes.first <= maxBytes && first.length <= maxRequests) continue
  over = true
  for (const file of first) console.error(`  ${shown(compressed(file))} KB ${file}`)
}
if (over) {
  console.error('Over budget: load less, or show why the budget should grow.')
  process.exit(1)
}
