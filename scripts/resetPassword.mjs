/**
 * `npm run reset-password -- ana@example.com`: a link to set a new password, for whoever runs this installation and for
 * a person who is locked out. Works while Foyer is running or not. The link is shown here alone; only its hash is kept.
 */
import { createHash, randomBytes } from 'node:crypto'
import { migrate, query, quoted } from './local/database.mjs'
import { install } from './local/install.mjs'
import { run, Sentence } from './local/paths.mjs'
import { portFrom } from './local/port.mjs'
import { runningPort } from './local/runtime.mjs'

const LINK_LIVES_MS = 3_600_000

run(async () => {
  const email = process.argv[2]?.trim().toLowerCase()
  if (!email) throw new Sentence('Whose password? npm run reset-password -- ana@example.com')
  const node = install()
  migrate(node)

  const known = query(node, `SELECT id, name FROM users WHERE email = ${quoted(email)}`)[0]
  if (!known) {
    const others = query(node, 'SELECT email FROM users ORDER BY created_at LIMIT 20').map((row) => `  ${row['email']}`)
    const list =
      others.length > 0 ? `\nThese have one:\n${others.join('\n')}` : ' Nobody has: npm start prints the set-up link.'
    throw new Sentence(`Nobody has an account with ${email}.${list}`)
  }
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest('base64url')
  const now = Date.now()
  query(
    node,
    'INSERT INTO password_resets (token_hash, user_id, issued_by, expires_at, created_at) ' +
      `VALUES (${quoted(hash)}, ${quoted(known['id'] ?? '')}, NULL, ${now + LINK_LIVES_MS}, ${now})`,
  )
  const port = runningPort() ?? portFrom(process.env['PORT'])
  console.log(`\n${known['name']} can choose a new password here within an hour. The link works once:`)
  console.log(`\n  http://localhost:${port}/dashboard/reset-password#token=${token}\n`)
})
