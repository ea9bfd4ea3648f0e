/**
 * On one's own machine no mail leaves; here a copy of each stays, for a page that shows it (`routes/mailbox.tsx`). None
 * of this is in a Worker that is deployed: the build leaves out what stands behind `LOCAL`.
 */
import { newId } from '../ids.ts'
import type { MailOutcome, MailTransport } from './transport.ts'

/** How many are kept; older ones go. */
const KEPT = 100
/** Characters per row: D1 takes two megabytes, a mail may have five. */
const PART = 1_000_000

const TABLES = [
  'CREATE TABLE IF NOT EXISTS local_mails (id TEXT PRIMARY KEY, at INTEGER, sender TEXT, recipient TEXT, outcome TEXT)',
  'CREATE TABLE IF NOT EXISTS local_mail_parts (mail TEXT, part INTEGER, text TEXT, PRIMARY KEY (mail, part))',
]

export interface KeptMail {
  id: string
  at: number
  sender: string
  recipient: string
  /** What became of it: one of `MailOutcome`, as JSON. */
  outcome: string
}

/** The transport, with a copy of each mail that it was given. */
export function keptLocally(d1: D1Database, transport: MailTransport): MailTransport {
  return {
    async send(mail) {
      const outcome = await transport.send(mail)
      await keep(d1, mail, outcome, Date.now()).catch((error) => console.error('a mail could not be kept', error))
      return outcome
    },
  }
}

async function keep(
  d1: D1Database,
  { from, to, raw }: { from: string; to: string; raw: string },
  outcome: MailOutcome,
  now: number,
): Promise<void> {
  const id = newId('lm')
  const parts = Array.from({ length: Math.ceil(raw.length / PART) }, (_, part) =>
    d1
      .prepare('INSERT INTO local_mail_parts VALUES (?1, ?2, ?3)')
      .bind(id, part, raw.slice(part * PART, (part + 1) * PART)),
  )
  await d1.batch([
    ...TABLES.map((table) => d1.prepare(table)),
    d1.prepare('INSERT INTO local_mails VALUES (?1, ?2, ?3, ?4, ?5)').bind(id, now, from, to, JSON.stringify(outcome)),
    ...parts,
    d1.prepare(`DELETE FROM local_mails WHERE id NOT IN (SELECT id FROM local_mails ORDER BY at DESC LIMIT ${KEPT})`),
    d1.prepare('DELETE FROM local_mail_parts WHERE mail NOT IN (SELECT id FROM local_mails)'),
  ])
}

/** Those that are kept, newest first. */
export async function keptMails(d1: D1Database): Promise<KeptMail[]> {
  await d1.batch(TABLES.map((table) => d1.prepare(table)))
  return (await d1.prepare('SELECT * FROM local_mails ORDER BY at DESC, id').all<KeptMail>()).results
}

/** A mail as it went over the wire, or null where there is none of that id. */
export async function keptSource(d1: D1Database, id: string): Promise<string | null> {
  await d1.batch(TABLES.map((table) => d1.prepare(table)))
  const query = 'SELECT text FROM local_mail_parts WHERE mail = ?1 ORDER BY part'
  const { results } = await d1.prepare(query).bind(id).all<{ text: string }>()
  return results.length > 0 ? results.map(({ text }) => text).join('') : null
}
