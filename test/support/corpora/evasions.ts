/**
 * Every way that somebody who is banned may try to begin a conversation all the same,
 * for what there is today (BN5).
 */
import { CAPABILITIES, CHANNEL_KINDS } from '../../../core/channelKinds.ts'
import { installation } from '../installation.ts'
import { type Answer, type agent, ask, visitor } from '../play.ts'

type Browser = Awaited<ReturnType<typeof visitor>>

export interface Banned {
  browser: Browser
  /** A conversation of theirs that is there. */
  conversation: string
  /** The address that they gave. */
  email: string
  /** Somebody of the team, whose programs bring in what is written elsewhere. */
  team: Awaited<ReturnType<typeof agent>>
}

/** How it is tried, and what it came to. */
export type Evasion = readonly [name: string, evade: (banned: Banned) => Promise<Answer>]

/** A browser that nobody has seen, which says whose it is. */
async function freshUnder(email: string): Promise<Browser> {
  const fresh = await visitor()
  await fresh.arrives('who, me?')
  await fresh.tells({ email })
  return fresh
}

async function start(token: string, more: object = {}): Promise<Answer> {
  const { channel } = await installation()
  const source = { page: null, title: null, referrer: null }
  return ask('/widget/v1/conversations', {
    headers: { authorization: `Bearer ${token}` },
    body: { channel, clientId: `evade${crypto.randomUUID().slice(0, 8)}:1`, text: 'hello again', source, ...more },
  })
}

export const EVASIONS: readonly Evasion[] = [
  ['a new tab', ({ browser }) => browser.start('from a new tab')],
  ['another address of the internet', ({ browser }) => start(browser.token)],
  ['a message that waited in the browser', ({ browser }) => browser.start('kept', 'outbox:7')],
  ['the same one, sent again', ({ browser }) => browser.start('kept', 'outbox:7')],
  ['going on from one that is there', ({ browser, conversation }) => start(browser.token, { continues: conversation })],
  [
    'the token shown for a new one',
    async ({ browser }) => {
      const { channel } = await installation()
      const session = await ask('/widget/v1/sessions', { body: { channel, token: browser.token } })
      return start(session.body.token)
    },
  ],
  ['cleared storage, the same address', async ({ email }) => (await freshUnder(email)).start('me again')],
  ['the address in capitals', async ({ email }) => (await freshUnder(email.toUpperCase())).start('me again')],
  ...CHANNEL_KINDS.map(
    (kind): Evasion => [
      `another channel, by a program: ${kind}`,
      async ({ team, email }) => {
        const websites = CAPABILITIES[kind].widget ? { origins: ['https://a.example'] } : {}
        const made = await team.ask('/api/v1/channels', { body: { kind, name: kind, ...websites } })
        const body = { channel: made.body.id, text: 'by another way', contact: { name: 'Somebody else', email } }
        return team.ask('/api/v1/conversations', { body })
      },
    ],
  ),
]

/** Every notation of `2001:db8:0:aa::1`, and of `203.0.113.9`. */
export const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  '2001:db8:0:aa::1': [
    '2001:0db8:0000:00aa:0000:0000:0000:0001',
    '2001:DB8:0:AA::1',
    '2001:db8::aa:0:0:0:1',
    '2001:db8:0:aa:0:0:0.0.0.1',
  ],
  '203.0.113.9': ['::ffff:203.0.113.9', '::FFFF:cb00:7109', '0:0:0:0:0:ffff:cb00:7109', '::ffff:cb00:7109'],
}
