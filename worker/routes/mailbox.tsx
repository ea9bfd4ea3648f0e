/** @jsxImportSource hono/jsx */
/**
 * `/mailbox`: the mails of an installation on one's own machine. Nobody signs in to see them, so it must not exist
 * anywhere else: `app.ts` mounts it behind `LOCAL`, which is false in what is deployed.
 */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import PostalMime, { type Email } from 'postal-mime'
import type { AppEnv } from '../context.ts'
import { type KeptMail, keptMails, keptSource } from '../mail/localMailbox.ts'
import { MAILBOX_STYLE } from '../mail/mailboxStyle.ts'
import { ownName } from '../middleware/security.ts'
import { problem } from '../problem.ts'

const VIEWS = ['html', 'text', 'source'] as const
type View = (typeof VIEWS)[number]
const VIEW_NAMES: Record<View, string> = { html: 'HTML', text: 'Text', source: 'Source' }

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** The mail itself: its own styles, no script, nothing from elsewhere; its links open beside it. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

export function mailboxRoutes() {
  return new Hono<AppEnv>()
    .use('/mailbox/*', ownName)
    .get('/mailbox', (c) => show(c))
    .get('/mailbox.css', (c) => c.body(MAILBOX_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
    .get('/mailbox/:id', (c) => show(c, c.req.param('id')))
    .get('/mailbox/:id/body', async (c) => {
      const mail = await parsed(c, c.req.param('id'))
      return c.html(mail.html ?? '', 200, { 'content-security-policy': MAIL_POLICY })
    })
}

async function show(c: Context<AppEnv>, id?: string): Promise<Response> {
  const mails = await keptMails(c.env.DB)
  const view = VIEWS.find((name) => name === c.req.query('view')) ?? 'html'
  const chosen = id === undefined ? mails[0] : mails.find((mail) => mail.id === id)
  if (id !== undefined && !chosen) throw problem('not_found')
  const source = chosen ? ((await keptSource(c.env.DB, chosen.id)) ?? '') : ''
  const page = (
    <html lang="en">
      <head>
        <title>Local mailbox</title>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="stylesheet" href="/mailbox.css" />
      </head>
      <body>
        <nav aria-label="Mails">
          <header>
            <h1>Local mailbox</h1>
            <p>Mail stays on this machine. Reload to see what is new.</p>
          </header>
          {mails.length === 0 && <p class="none">No mail yet. Invite a member, and the invitation shows up here.</p>}
          <ul>
            {mails.map((mail) => (
              <li>
                <a href={`/mailbox/${mail.id}`} aria-current={mail.id === chosen?.id ? 'page' : undefined}>
                  <strong>{mail.recipient}</strong>
                  <time datetime={new Date(mail.at).toISOString()}>{moment(mail.at)}</time>
                  <span>from {mail.sender}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <main>
          {chosen && <Shown mail={chosen} read={await PostalMime.parse(source)} source={source} view={view} />}
        </main>
      </body>
    </html>
  )
  return c.html(html`<!doctype html>${page}`, 200, { 'content-security-policy': PAGE_POLICY })
}

function Shown({ mail, read, source, view }: { mail: KeptMail; read: Email; source: string; view: View }) {
  const outcome: { outcome: string; reason?: string } = JSON.parse(mail.outcome)
  return (
    <article>
      <h2>{read.subject}</h2>
      <dl>
        <dt>From</dt>
        <dd>{[read.from?.name, `<${read.from?.address}>`].filter(Boolean).join(' ')}</dd>
        <dt>To</dt>
        <dd>{mail.recipient}</dd>
        {read.replyTo?.[0] && (
          <>
            <dt>Answers to</dt>
            <dd>{read.replyTo[0].address}</dd>
          </>
        )}
        <dt>Outcome</dt>
        <dd>{[outcome.outcome, outcome.reason].filter(Boolean).join(': ')}</dd>
      </dl>
      <nav class="views" aria-label="Views">
        {VIEWS.map((name) => (
          <a href={`/mailbox/${mail.id}?view=${name}`} aria-current={name === view ? 'page' : undefined}>
            {VIEW_NAMES[name]}
          </a>
        ))}
      </nav>
      {view === 'html' && (
        <iframe
          title="The mail as HTML"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          src={`/mailbox/${mail.id}/body`}
        />
      )}
      {view === 'text' && (
        <pre tabindex={0}>
          <Linked text={read.text ?? ''} />
        </pre>
      )}
      {view === 'source' && <pre tabindex={0}>{source}</pre>}
    </article>
  )
}

/** A text whose addresses can be opened. */
function Linked({ text }: { text: string }) {
  const pieces = text.split(/(https?:\/\/\S+)/)
  return (
    <>
      {pieces.map((piece, index) =>
        index % 2 === 0 ? (
          piece
        ) : (
          <a href={piece} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ),
      )}
    </>
  )
}

async function parsed(c: Context<AppEnv>, id: string): Promise<Email> {
  const source = await keptSource(c.env.DB, id)
  if (source === null) throw problem('not_found')
  return PostalMime.parse(source)
}

const moment = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
