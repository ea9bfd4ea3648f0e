/**
 * One mail by SMTP (RFC 5321, 3207, 4954). Small and our own, because the outcome matters more than anything else here:
 * libraries tell a connection that broke after the last dot from one that broke before it only by a sentence.
 */
import type { ComposedMail } from '../mail.ts'
import type { MailOutcome } from '../transport.ts'
import { type Reply, SmtpBroken, SmtpLine, type SmtpSocket } from './line.ts'

export interface SmtpAccount {
  host: string
  port: number
  /**
   * `tls`: encrypted from the first byte (465).
   * `starttls`: after the greeting (587); a server without it is refused.
   */
  security: 'tls' | 'starttls'
  user: string
  password: string
}

export interface Patience {
  /** For each reply. */
  replyMs: number
  /** For the reply to the mail itself: some servers look for viruses first. */
  acceptMs: number
}

type Refusal = Extract<MailOutcome, { outcome: 'refused' }>

/** Bytes of the mail in one write. */
const CHUNK = 64 * 1024
const REASON_MAX = 200

/**
 * Speaks with a server until it has the mail or has refused it.
 * @param socket a connection that was just opened, in plain text or, for `tls`, encrypted
 * @param name what we call ourselves: a domain
 */
export async function deliver(
  socket: SmtpSocket,
  account: SmtpAccount,
  mail: ComposedMail,
  name: string,
  patience: Patience,
): Promise<MailOutcome> {
  const line = new SmtpLine(socket)
  // The dot that ends the mail is on its way: from here on the server may have taken it.
  let dotSent = false
  try {
    const refusal = (await introduce(line, account, name, patience)) ?? (await envelope(line, mail, patience))
    if (refusal) return refusal
    await sendBody(line, mail.raw, patience)
    dotSent = true
    await line.write('.\r\n', patience.replyMs)
    const reply = await line.reply(patience.acceptMs)
    if (isOk(reply)) {
      // A courtesy: the mail is theirs, whatever they say to it.
      await line.write('QUIT\r\n', patience.replyMs).catch(() => undefined)
      return { outcome: 'accepted' }
    }
    return refused(reply, 'The mail server refused the mail')
  } catch (error) {
    const why = error instanceof SmtpBroken ? error.message : 'The connection to the mail server failed.'
    if (dotSent) return { outcome: 'unknown', reason: `${why} It had the whole mail by then.` }
    return { outcome: 'refused', reason: why, permanent: false }
  } finally {
    await line.close()
  }
}

/** Greets, encrypts, and shows who we are. */
async function introduce(
  line: SmtpLine,
  account: SmtpAccount,
  name: string,
  { replyMs }: Patience,
): Promise<Refusal | null> {
  const greeting = await line.reply(replyMs)
  if (!isOk(greeting)) return refused(greeting, 'The mail server does not want to talk')
  let able = await line.command(`EHLO ${name}`, replyMs)
  if (!isOk(able)) return refused(able, 'The mail server refused the greeting')
  if (account.security === 'starttls') {
    if (!abilities(able, 'STARTTLS')) {
      return { outcome: 'refused', reason: 'The mail server offers no encryption on this port.', permanent: true }
    }
    const ready = await line.command('STARTTLS', replyMs)
    if (!isOk(ready)) return refused(ready, 'The mail server refused encryption')
    line.startTls()
    able = await line.command(`EHLO ${name}`, replyMs)
    if (!isOk(able)) return refused(able, 'The mail server refused the greeting')
  }
  return authenticate(line, account, abilities(able, 'AUTH') ?? [], replyMs)
}

async function authenticate(
  line: SmtpLine,
  { user, password }: SmtpAccount,
  mechanisms: readonly string[],
  replyMs: number,
): Promise<Refusal | null> {
  let reply: Reply
  if (mechanisms.includes('PLAIN')) {
    reply = await line.command(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, replyMs)
  } else if (mechanisms.includes('LOGIN')) {
    reply = await line.command('AUTH LOGIN', replyMs)
    if (reply.code === 334) reply = await line.command(base64(user), replyMs)
    if (reply.code === 334) reply = await line.command(base64(password), replyMs)
  } else {
    return { outcome: 'refused', reason: 'The mail server offers no way to sign in that Foyer knows.', permanent: true }
  }
  return isOk(reply) ? null : refused(reply, 'The mail server did not accept user and password')
}

async function envelope(line: SmtpLine, mail: ComposedMail, { replyMs }: Patience): Promise<Refusal | null> {
  const from = await line.command(`MAIL FROM:<${mail.from}>`, replyMs)
  if (!isOk(from)) return refused(from, 'The mail server refused the sender')
  const to = await line.command(`RCPT TO:<${mail.to}>`, replyMs)
  if (!isOk(to)) return refused(to, 'The mail server refused the recipient')
  const data = await line.command('DATA', replyMs)
  return data.code === 354 ? null : refused(data, 'The mail server refused the mail')
}

/** The mail without the dot that ends it. A line that begins with one gets another, which the server takes away. */
async function sendBody(line: SmtpLine, raw: string, { replyMs }: Patience): Promise<void> {
  const stuffed = raw.replace(/^\./gm, '..')
  const text = stuffed.endsWith('\r\n') ? stuffed : `${stuffed}\r\n`
  for (let from = 0; from < text.length; from += CHUNK) await line.write(text.slice(from, from + CHUNK), replyMs)
}

const isOk = ({ code }: Reply) => code >= 200 && code < 300

/** The words after an ability that the server named, or null where it did not. */
function abilities({ lines }: Reply, wanted: string): string[] | null {
  for (const line of lines.slice(1)) {
    // Some servers write AUTH=PLAIN, for programs older than the standard.
    const [name = '', ...rest] = line.trim().toUpperCase().split(/[ =]+/)
    if (name === wanted) return rest
  }
  return null
}

/** What was answered instead of yes. 5xx is for good, everything else may pass. */
function refused({ code, lines }: Reply, what: string): Refusal {
  const said = lines
    .join(' ')
    .replace(/[^\P{C}]+/gu, ' ')
    .trim()
    .slice(0, REASON_MAX)
  return { outcome: 'refused', reason: `${what}: ${code}${said ? ` ${said}` : ''}`, permanent: code >= 500 }
}

const base64 = (text: string) => new TextEncoder().encode(text).toBase64()
