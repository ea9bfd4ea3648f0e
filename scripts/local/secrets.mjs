/** The secrets of a local installation, in .dev.vars where wrangler reads them. Built-ins of Node 20 only. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { at } from './paths.mjs'

/** What every installation has. docs/operations says what each is for. */
export const SECRETS = ['AUTH_SECRET', 'ID_SECRET', 'VISITOR_SECRET', 'SETUP_TOKEN']

export const newSecret = () => randomBytes(32).toString('base64url')

/**
 * Writes the secrets that are missing and changes none that are there: with another ID_SECRET every conversation
 * would be lost to its link, with another AUTH_SECRET everybody would be signed out.
 * @returns {Record<string, string>} all of them by name
 */
export function secrets() {
  const file = at('.dev.vars')
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  const present = parseSecrets(readFileSync(file, 'utf8'))
  const missing = SECRETS.filter((name) => !present[name])
  if (missing.length > 0) {
    const made = missing.map((name) => `${name}=${newSecret()}\n`).join('')
    const text = readFileSync(file, 'utf8')
    appendFileSync(file, text === '' || text.endsWith('\n') ? made : `\n${made}`)
  }
  chmodSync(file, 0o600)
  return parseSecrets(readFileSync(file, 'utf8'))
}

/**
 * @param {string} text lines of `NAME=value`
 * @returns {Record<string, string>}
 */
export function parseSecrets(text) {
  const lines = text.split('\n').map((line) => /^\s*([A-Z_]+)\s*=\s*"?(.*?)"?\s*$/.exec(line))
  return Object.fromEntries(lines.flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2]]] : [])))
}
