/**
 * `npm run rebuild-index`: holds the list of conversations against the conversations themselves and puts right what
 * differs, in every workspace of a running local installation. Chats go on meanwhile. `-- --after=<id>` goes on where a
 * run was broken off. It asks like an owner, with a session that it ends again.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { query, quoted } from './local/database.mjs'
import { install } from './local/install.mjs'
import { run, Sentence } from './local/paths.mjs'
import { runningAt } from './local/runtime.mjs'
import { secrets } from './local/secrets.mjs'

const SESSION_LIVES_MS = 3_600_000
/** How often a page whose conversations did not all answer is asked for again. */
const ATTEMPTS = 3

run(async () => {
  const node = install()
  const origin = runningAt()
  if (origin === null) throw new Sentence('Foyer is not running here: npm start, then again.')
  const owners = await query(
    node,
    "SELECT w.id, w.name, min(m.user_id) AS user FROM workspaces w JOIN members m ON m.workspace_id = w.id WHERE m.role = 'owner' AND m.disabled_at IS NULL GROUP BY w.id",
  )
  for (const { id, name, user } of owners) {
    console.log(`\n${name}`)
    await rebuild(node, origin, id ?? '', user ?? '')
  }
})

/**
 * @param {string} node
 * @param {string} origin
 * @param {string} workspace
 * @param {string} user
 */
async function rebuild(node, origin, workspace, user) {
  const token = randomBytes(24).toString('base64url').slice(0, 32)
  const now = Date.now()
  await query(
    node,
    'INSERT INTO sessions (id, token, user_id, expires_at, created_at, updated_at) VALUES ' +
      `(${quoted(`rebuild_${token}`)}, ${quoted(token)}, ${quoted(user)}, ${now + SESSION_LIVES_MS}, ${now}, ${now})`,
  )
  const total = { checked: 0, missing: 0, stale: 0, orphaned: 0 }
  try {
    let after = process.argv.find((text) => text.startsWith('--after='))?.slice('--after='.length) ?? null
    do {
      const page = await askFor(origin, cookieOf(token), workspace, after)
      total.checked += page.checked
      for (const kind of /** @type {const} */ (['missing', 'stale', 'orphaned'])) {
        total[kind] += page[kind].length
        for (const id of page[kind]) console.log(`  ${kind.padEnd(8)}  ${id}`)
      }
      for (const id of page.unreachable) console.log(`  no answer ${id}: run this again`)
      after = page.next
    } while (after !== null)
  } finally {
    await query(node, `DELETE FROM sessions WHERE token = ${quoted(token)}`)
  }
  const { checked, missing, stale, orphaned } = total
  console.log(`  ${checked} checked: ${missing} were missing, ${stale} stale, ${orphaned} orphaned.`)
}

/**
 * @param {string} origin
 * @param {string} cookie
 * @param {string} workspace
 * @param {string | null} after
 * @returns {Promise<{checked: number, missing: string[], stale: string[], orphaned: string[], unreachable: string[],
 *   next: string | null}>}
 */
async function askFor(origin, cookie, workspace, after) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(`${origin}/api/v1/index-rebuilds`, {
      method: 'POST',
      headers: {
        cookie,
        origin,
        'content-type': 'application/json',
        'foyer-workspace': workspace,
      },
      body: JSON.stringify({ after }),
    })
    const page = await answer.json()
    if (answer.ok && (page.unreachable.length === 0 || attempt === ATTEMPTS)) return page
    const where = after === null ? '' : ` Go on with: npm run rebuild-index -- --after=${after}`
    if (!answer.ok && attempt === ATTEMPTS) throw new Sentence(`${page.detail ?? answer.status}${where}`)
  }
}

/**
 * The cookie that a sign-in would have set.
 * @param {string} token
 */
function cookieOf(token) {
  const mac = createHmac('sha256', secrets()['AUTH_SECRET'] ?? '')
    .update(token)
    .digest('base64')
  return `__Host-foyer=${encodeURIComponent(`${token}.${mac}`)}`
}
