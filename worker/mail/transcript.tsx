/** @jsxImportSource hono/jsx */
/** The document of a conversation as HTML and as plain text: for the preview, print, downloads and the mail alike. */
import {
  lastPart,
  type Transcript,
  type TranscriptDay,
  type TranscriptMessage,
} from '../../core/conversation/transcript.ts'
import { FONT } from './layout.tsx'

export interface RenderedTranscript {
  html: string
  text: string
}

/** What a mail may hold of it: Cloudflare takes 5 MiB in all, and base64 makes a third more of what it encodes. */
export const TRANSCRIPT_MAIL_BYTES = 4 * 1024 * 1024

const STYLE = `:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .page { background: #16181c !important; color: #eceef1 !important }
  .quiet { color: #aab0ba !important }
  .visitor { background: #262a31 !important }
  .team { background: #24344f !important }
}
@media print { .page { background: #ffffff !important; color: #000000 !important } .message { break-inside: avoid } }`

/** @param link where the whole of it can be read; said where this is a part */
export function renderTranscript(transcript: Transcript, link?: string): RenderedTranscript {
  const page = <Page transcript={transcript} link={link} />
  return { html: `<!doctype html>${page.toString()}`, text: textOf(transcript, link) }
}

/**
 * What is mailed: all of it, or, above 4 MiB once it is encoded, a link to all of it and as much of the end as fits.
 * @param link where the whole of it can be read
 */
export function transcriptForMail(
  transcript: Transcript,
  link: string,
  maxBytes = TRANSCRIPT_MAIL_BYTES,
): RenderedTranscript {
  const whole = renderTranscript(transcript)
  if (mailedBytes(whole) <= maxBytes) return whole
  // Halving finds the longest end that fits in a dozen renderings, however long the conversation is.
  let fits = 0
  let tooMany = transcript.count
  while (tooMany - fits > 1) {
    const kept = Math.floor((fits + tooMany) / 2)
    if (mailedBytes(renderTranscript(lastPart(transcript, kept), link)) <= maxBytes) fits = kept
    else tooMany = kept
  }
  return renderTranscript(lastPart(transcript, fits), link)
}

const bytes = new TextEncoder()

/**
 * Bytes of both bodies as the mail has them: base64,
 * with a line break for every 76 characters, and CRLF before that.
 */
export function mailedBytes({ html, text }: RenderedTranscript): number {
  const encoded = (body: string) => {
    const plain = bytes.encode(body).length + (body.match(/\n/g)?.length ?? 0)
    const base64 = Math.ceil(plain / 3) * 4
    return base64 + Math.ceil(base64 / 76) * 2
  }
  return encoded(html) + encoded(text)
}

/** What the document is called, and the mail that brings it. */
export const titleOf = ({ workspace }: Transcript) => `Your conversation with ${workspace}`
const zoneOf = ({ timeZone }: Transcript) => `Times are those of ${timeZone}.`
const omittedOf = ({ omitted }: Transcript) =>
  `This is the end of a long conversation: ${omitted.toLocaleString('en')} earlier messages are left out.`

function Page({ transcript, link }: { transcript: Transcript; link?: string | undefined }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{titleOf(transcript)}</title>
        <style>{STYLE}</style>
      </head>
      <body class="page" style={{ margin: '0', padding: '24px 16px', background: '#ffffff', color: '#1c2026' }}>
        <div style={{ 'max-width': '640px', margin: '0 auto', font: `15px/22px ${FONT}` }}>
          <h1 dir="auto" style={{ margin: '0 0 4px', font: `600 20px/28px ${FONT}` }}>
            {titleOf(transcript)}
          </h1>
          <p class="quiet" style={{ margin: '0 0 16px', color: '#5c6470', font: `13px/19px ${FONT}` }}>
            {zoneOf(transcript)}
          </p>
          {transcript.omitted > 0 && (
            <p style={{ margin: '0 0 16px' }}>
              {omittedOf(transcript)} {link !== undefined && <a href={link}>Read all of it</a>}
            </p>
          )}
          {transcript.days.map((day) => (
            <Day day={day} />
          ))}
        </div>
      </body>
    </html>
  )
}

function Day({ day }: { day: TranscriptDay }) {
  return (
    <section>
      <h2 class="quiet" style={{ margin: '24px 0 12px', color: '#5c6470', font: `600 13px/19px ${FONT}` }}>
        {day.name}
      </h2>
      {day.messages.map((message) => (
        <Message message={message} />
      ))}
    </section>
  )
}

function Message({ message }: { message: TranscriptMessage }) {
  const background = message.side === 'visitor' ? '#f1f3f5' : '#e8f0fd'
  return (
    <div
      class={`message ${message.side}`}
      style={{ margin: '0 0 8px', padding: '10px 14px', 'border-radius': '10px', background }}
    >
      <div class="quiet" style={{ color: '#5c6470', font: `13px/19px ${FONT}` }}>
        <bdi>{message.by}</bdi> · {message.time}
        {message.edited && ' · edited'}
      </div>
      <div dir="auto" style={{ 'white-space': 'pre-wrap', 'overflow-wrap': 'anywhere' }}>
        {message.text}
      </div>
    </div>
  )
}

/** The same in plain text. A line of a message is set in, so that no message can pass for a heading or for another. */
function textOf(transcript: Transcript, link: string | undefined): string {
  const head = [titleOf(transcript), zoneOf(transcript)]
  if (transcript.omitted > 0)
    head.push(link === undefined ? omittedOf(transcript) : `${omittedOf(transcript)}\n${link}`)
  const days = transcript.days.map(({ name, messages }) => [`— ${name} —`, ...messages.map(lines)].join('\n\n'))
  return `${[head.join('\n'), ...days].join('\n\n')}\n`
}

/** Isolated, so that a name or a text from right to left does not turn its neighbours around. */
function lines({ by, time, edited, text }: TranscriptMessage): string {
  return [
    `\u2068${by}\u2069, ${time}${edited ? ' (edited)' : ''}`,
    ...text.split('\n').map((line) => `    ${line}`),
  ].join('\n')
}
