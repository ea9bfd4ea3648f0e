/**
 * What a first visit loads of each app, compressed with brotli, against its budget. Fonts are counted apart. Reads the
 * built product; part of `npm run check`.
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
  files: string[]
  maxBytes: number
  maxRequests?: number
}

/** Scripts and styles that a page needs at once: its own and those of all static imports. */
function firstLoad(manifest: Manifest, page: string): string[] {
  const chunks = new Set<string>()
  const visit = (name: string): void => {
    if (chunks.has(name)) return
    const chunk = manifest[name]
    if (!chunk) throw new Error(`The build has no "${name}": scripts/sizes.ts and the sources disagree.`)
    chunks.add(name)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit(page)
  const files = [...chunks].flatMap((name) => [manifest[name]?.file ?? '', ...(manifest[name]?.css ?? [])])
  return [...new Set(files)].filter((file) => /\.(js|css)$/.test(file))
}

const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(`${BUILT}.vite/${name}.json`, 'utf8'))
const compressed = (file: string) => brotliCompressSync(readFileSync(BUILT + file)).length

function budgets(): Budget[] {
  return [
    { name: 'loader', files: ['widget.js'], maxBytes: 1.5 * KB },
    { name: 'widget', files: firstLoad(manifestOf('widget'), 'widget/index.html'), maxBytes: 20 * KB },
    {
      name: 'inbox',
      files: ['theme.js', ...firstLoad(manifestOf('inbox'), 'inbox/index.html')],
      maxBytes: 80 * KB,
      maxRequests: 6,
    },
  ]
}

let over = false
for (const { name, files, maxBytes, maxRequests } of budgets()) {
  const bytes = files.reduce((sum, file) => sum + compressed(file), 0)
  const requests = maxRequests === undefined ? '' : `, ${files.length} of ${maxRequests} requests`
  console.log(`${name.padEnd(8)}${(bytes / KB).toFixed(2).padStart(7)} of ${(maxBytes / KB).toFixed(1)} KB${requests}`)
  if (bytes <= maxBytes && files.length <= (maxRequests ?? Number.POSITIVE_INFINITY)) continue
  over = true
  for (const file of files) console.error(`  ${(compressed(file) / KB).toFixed(2).padStart(7)} KB ${file}`)
}
if (over) {
  console.error('Over budget: load less at first, or show why the budget should grow.')
  process.exit(1)
}
