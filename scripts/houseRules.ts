/** Rules of the house that no linter knows. Part of `npm run lint`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sourceFiles } from './sourceFiles.ts'

interface Rule {
  in: RegExp
  /** What must not stand in a line. */
  forbidden: RegExp
  /** A comment may name what code must not do, unless the rule is about comments. */
  inComments?: true
  because: string
}

const RULES: readonly Rule[] = [
  {
    in: /^web\/.*\.tsx$/,
    forbidden: /\sstyle=(["']|\{\s*(["'`]|\{[^}]*:\s*(['"][^'"]*['"]|[\d.]+)\s*[,}]))/,
    because: 'a literal style is refused by the Content-Security-Policy: put it into the CSS file',
  },
  {
    in: /^web\/.*\.(tsx?|html)$/,
    forbidden: /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/,
    because: 'markup is never made from text',
  },
  {
    in: /^web\/.*\.html$/,
    forbidden: /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i,
    because: 'the Content-Security-Policy refuses inline scripts and styles',
  },
  {
    in: /^(core|durable-objects|worker|web|test)\/.*\.tsx?$/,
    forbidden: /\bTODO\b(?!.*#\d)/,
    inComments: true,
    because: 'a TODO names its issue, or is done',
  },
  {
    in: /^(core|durable-objects|worker|web|test|scripts|bench)\/(.*\/)?(utils?|helpers?|.*[mM]anager|.*[sS]ervice)\.tsx?$/,
    forbidden: /^/,
    because: 'a file is named after what it exports',
  },
  {
    in: /\.(tsx?|mjs)$/,
    forbidden: /^(?=.{121})\s*(\/\/|\/?\*+\s)/,
    inComments: true,
    because: 'a comment has 120 columns like the code, and no formatter wraps it',
  },
  {
    in: /^(core|durable-objects|worker|web)\/.*\.tsx?$/,
    forbidden: /\b(86_?400_?000|3_?600_?000|60_?000)\b/,
    because: 'a span of time is said in its unit: core/durations.ts',
  },
  {
    in: /^test\/(?!support\/properties\.ts$).*\.tsx?$/,
    forbidden: /from 'fast-check'/,
    because: 'its lists are shorter than they say: `fc` comes from test/support/properties.ts',
  },
  {
    in: /^test\/(?!support\/).*\.tsx?$/,
    forbidden: /\b(vi\.waitFor|expect\.poll|evictDurableObject|runDurableObjectAlarm)\b/,
    because: 'it loses patience with a busy machine: `eventually`, `asleep` and `rings` of test/support do not',
  },
]

/** Files that everything would grow in, in lines. */
const CAPS: Readonly<Record<string, number>> = { 'durable-objects/conversation/conversation.ts': 250 }

/** What is wrong with a file, as sentences with its line. */
export function faultsOf(file: string, source: string): string[] {
  const lines = source.split('\n')
  const faults = RULES.filter((rule) => rule.in.test(file)).flatMap((rule) =>
    lines.flatMap((line, index) =>
      (isComment(line) && !rule.inComments) || !rule.forbidden.test(line)
        ? []
        : [`${file}:${index + 1}: ${rule.because}.`],
    ),
  )
  const cap = CAPS[file]
  const length = source.trimEnd().split('\n').length
  if (cap !== undefined && length > cap) {
    faults.push(`${file} has ${length} lines, ${cap} at most: a new ability is a new file beside it.`)
  }
  return faults
}

const isComment = (line: string) => /^\s*(\/\/|\*|\/\*)/.test(line)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = sourceFiles(/\.(tsx?|mjs|html)$/)
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(file, 'utf8')))
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exit(1)
}
