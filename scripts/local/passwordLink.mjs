/** A link to choose a new password, made by whoever runs an installation. Built-ins of Node 20 only. */
import { createHash, randomBytes } from 'node:crypto'
import { quoted } from './database.mjs'
import { Sentence } from './paths.mjs'

const LINK_LIVES_MS = 3_600_000

/**
 * Makes the link; only its hash is kept.
 * @param {(sql: string) => Array<Record<string, unknown>> | Promise<Array<Record<string, unknown>>>} query to the
 *   installation's database
 * @param {string} email whose password
 * @param {string} origin where the installation is opened
 * @returns {Promise<string>} what to tell
 */
export async function passwordLink(query, email, origin) {
  const known = (await query(`SELECT id, name FROM users WHERE email = ${quoted(email)}`))[0]
  if (!known) {
    const rows = await query('SELECT email FROM users ORDER BY created_at LIMIT 20')
    const others = rows.map((row) => `  ${row['email']}`)
    const list =
      others.length > 0 ? `\nThese have one:\n${others.join('\n')}` : ' Nobody has: it is not set up yet, by its link.'
    throw new Sentence(`Nobody has an account with ${email}.${list}`)
  }
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest('base64url')
  const now = Date.now()
  await query(
    'INSERT INTO password_resets (token_hash, user_id, issued_by, expires_at, created_at) ' +
      `VALUES (${quoted(hash)}, ${quoted(String(known['id']))}, NULL, ${now + LINK_LIVES_MS}, ${now})`,
  )
  const link = `${origin}/dashboard/reset-password#token=${token}`
  return `\n${known['name']} can choose a new password here within an hour. The link works once:\n\n  ${link}\n`
}
