/** @jsxImportSource hono/jsx */
/**
 * The frame of the mails that Foyer sends in its own name. Tables and colours on each element, because mail programs
 * know little else; the style sheet is for those that know a dark one.
 */
import type { Child } from 'hono/jsx'

/** What a system calls its own letters: a mail loads no font. */
export const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

const DARK = `:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .back { background: #16181c !important }
  .card { background: #1f2227 !important; border-color: #34383f !important }
  .text { color: #eceef1 !important }
  .quiet { color: #aab0ba !important }
  .button { background: #86b4f5 !important; color: #10203a !important }
  .code { background: #2a2e35 !important; color: #eceef1 !important }
}`

interface FrameProps {
  title: string
  /** What a list of mails shows behind the subject. */
  preview: string
  children?: Child
  /** Why this mail came, and what to do if it should not have. */
  footer: string
}

/** The whole mail, around what it says. */
export function Frame({ title, preview, children, footer }: FrameProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style>{DARK}</style>
      </head>
      <body class="back" style={{ margin: '0', padding: '0', background: '#f3f4f6' }}>
        <div style={{ display: 'none', 'max-height': '0', overflow: 'hidden' }}>{preview}</div>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td align="center" style={{ padding: '32px 16px' }}>
              <table
                role="presentation"
                class="card"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style={{
                  'max-width': '480px',
                  background: '#ffffff',
                  border: '1px solid #e3e5e9',
                  'border-radius': '10px',
                }}
              >
                <tr>
                  <td class="text" style={{ padding: '28px', color: '#1c2026', font: `15px/22px ${FONT}` }}>
                    <h1 style={{ margin: '0 0 12px', font: `600 19px/26px ${FONT}` }}>{title}</h1>
                    {children}
                    <p class="quiet" style={{ margin: '24px 0 0', color: '#5c6470', font: `13px/19px ${FONT}` }}>
                      {footer}
                    </p>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  )
}

/** Words on their own lines. */
export function Paragraph({ children }: { children?: Child }) {
  return <p style={{ margin: '0 0 16px' }}>{children}</p>
}

/** The one thing to do, and the address below it for those whose program shows no buttons. */
export function Action({ href, label }: { href: string; label: string }) {
  return (
    <>
      <p style={{ margin: '20px 0' }}>
        <a
          class="button"
          href={href}
          style={{
            display: 'inline-block',
            padding: '11px 20px',
            'border-radius': '8px',
            background: '#1d5fc4',
            color: '#ffffff',
            'font-weight': '600',
            'text-decoration': 'none',
          }}
        >
          {label}
        </a>
      </p>
      <p class="quiet" style={{ margin: '0', color: '#5c6470', font: `13px/19px ${FONT}`, 'word-break': 'break-all' }}>
        {href}
      </p>
    </>
  )
}

/** A code to be typed elsewhere. */
export function Code({ code }: { code: string }) {
  return (
    <p
      class="code"
      style={{
        margin: '0 0 16px',
        padding: '14px',
        'border-radius': '8px',
        background: '#f3f4f6',
        font: '600 26px/32px ui-monospace, Menlo, Consolas, monospace',
        'letter-spacing': '6px',
        'text-align': 'center',
      }}
    >
      {code}
    </p>
  )
}
