/**
 * Texts that become instructions where a mail is put together without care: further headers, further recipients, an
 * early end of the head, of a part, of a quoted string, of the mail itself.
 */

const BREAKS = ['\r\n', '\n', '\r', '\r\n ', '\n\t', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0', '\u001e']

/** A line of their own. */
const LINES = [
  'Bcc: eve@evil.example',
  'bcc:eve@evil.example',
  'To: eve@evil.example',
  'From: boss@shop.example',
  'Subject: You have won',
  'Reply-To: eve@evil.example',
  'Content-Type: text/html',
  '\r\n<script>pwned()</script>',
]

const ENVELOPE = [
  '> RCPT TO:<eve@evil.example',
  'vic@example.com> SIZE=1',
  'vic@example.com>\r\nRCPT TO:<eve@evil.example',
  'vic@example.com\r\nDATA',
  'vic@example.com\r\n.\r\nMAIL FROM:<eve@evil.example>',
  'vic@example.com, eve@evil.example',
  'vic@example.com;eve@evil.example',
  'vic@example.com eve@evil.example',
  '<eve@evil.example>',
  'Eve <eve@evil.example>',
  '"eve@evil.example" vic@example.com',
  '"a b"@example.com',
  '"\r\nBcc: eve@evil.example"@example.com',
  'vic@[127.0.0.1]',
  'vic@localhost',
  'vic@@example.com',
  '@evil.example:vic@example.com',
  'vic%eve.example@example.com\n',
  'group:eve@evil.example,vic@example.com;',
  'vic(comment)@example.com',
  'vic@example.com(\r\nBcc: eve@evil.example)',
  'vic.@example.com',
  '.vic@example.com',
  'vic@example..com',
  'vic@-example.com',
  'víc@example.com',
  'vic@exämple.com',
  ' vic@example.com',
  'vic@example.com ',
]

const QUOTING = [
  '"; filename="evil.exe',
  'a"; filename=evil.exe; x="',
  'a\\"; filename=evil.exe',
  "utf-8''..%2Fevil.exe",
  '../../evil.exe',
  '..\\evil.exe',
  '/etc/passwd',
  '..',
  '=?utf-8?B?RXZl?=',
  '=?utf-8?Q?Eve=0D=0ABcc:_eve@evil.example?=',
  '=?utf-8?Q?=22_=3Ceve=40evil=2Eexample=3E?=',
  '"Boss" <boss@shop.example>',
  'Boss <boss@shop.example>,',
  '<boss@shop.example>',
  'text/html; boundary=x',
  'text/html; name="x\r\nBcc: eve@evil.example"',
  'message/rfc822\nBcc: eve@evil.example',
  'text/html, text/plain',
  ':',
  'X Foyer',
  'X-Foyer:',
  'X-Foyer: x\r\nBcc',
  'Content-Transfer-Encoding',
  'Bcc',
  '--',
  '.\r\n',
  '\u202egnp.exe',
  'half \ud83d pair',
  `${'a'.repeat(2_000)}`,
  `${'ä'.repeat(300)}`,
]

export const MAIL_INJECTIONS: readonly string[] = [
  ...BREAKS.flatMap((line) => LINES.slice(0, 3).map((header) => `Vic${line}${header}`)),
  ...LINES.map((header) => `vic@example.com\r\n${header}`),
  ...ENVELOPE,
  ...QUOTING,
]
