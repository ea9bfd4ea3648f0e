/**
 * Foyer's API as a program uses it, for what a play needs without a screen:
 * set-up, loads of traffic, looking closely.
 */
import type { Session } from '../../../core/api/accounts.ts'
import type { Channel } from '../../../core/api/channels.ts'
import type { Conversation } from '../../../core/api/conversations.ts'
import type { WidgetSession } from '../../../core/api/widget.ts'
import type { Entry } from '../../../core/conversation/entries.ts'
import { DeafSocket } from './deafSocket.ts'
import type { Product } from './product.ts'

export const OWNER = { name: 'Ana Lima', email: 'ana@shop.example', password: 'ana likes long walks' }

export interface Answer<T> {
  status: number
  body: T
  headers: Headers
}

/** One caller with at most one identity. Answers of any status come back; a dead server throws. */
export class Client {
  readonly origin: string
  readonly #headers: Record<string, string>

  constructor(origin: string, headers: Record<string, string> = {}) {
    this.origin = origin
    this.#headers = headers
  }

  /** The same caller with more headers. */
  with(headers: Record<string, string>): Client {
    return new Client(this.origin, { ...this.#headers, ...headers })
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const send = () =>
      fetch(this.origin + path, {
        method,
        headers: { origin: this.origin, ...json, ...this.#headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    // After a crash fetch may still hold a connection to the process that is gone; reading again is harmless.
    const answer = await (method === 'GET' ? send().catch(send) : send())
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: isJson(answer) ? JSON.parse(text) : text }
  }

  /** Like `ask`, for what has to succeed. */
  async want<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask<T>(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** A socket that does not close its end when the other is closed. */
  deafSocket(path: string): Promise<DeafSocket> {
    return DeafSocket.open(this.origin, path, this.#headers)
  }

  /** Opens a socket with this caller's headers; browsers cannot set them, Node can. */
  socket(path: string, protocols: string[] = []): WebSocket {
    const init = { protocols, headers: { origin: this.origin, ...this.#headers } }
    return Reflect.construct(WebSocket, [this.origin.replace(/^http/, 'ws') + path, init])
  }
}

const isJson = (answer: Response) => answer.headers.get('content-type')?.includes('json') ?? false

/** Sets a new installation up and answers its owner, signed in. */
export async function setUp(product: Product, website: string): Promise<Client> {
  const client = new Client(product.origin)
  const answer = await client.ask<Session>('POST', '/api/v1/installation', {
    token: product.setupLink.split('#token=')[1],
    owner: OWNER,
    workspace: { name: 'Kettle & Co', timeZone: 'Europe/Berlin' },
    website,
  })
  if (answer.status !== 201) throw new Error(`Set-up failed: ${JSON.stringify(answer.body)}`)
  return signedIn(client, answer)
}

export async function signIn(origin: string, email: string, password: string): Promise<Client> {
  const client = new Client(origin)
  const answer = await client.ask<Session>('POST', '/api/v1/session', { email, password })
  if (answer.status !== 201) throw new Error(`Sign-in failed: ${JSON.stringify(answer.body)}`)
  return signedIn(client, answer)
}

function signedIn(client: Client, answer: Answer<Session>): Client {
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const workspace = answer.body.memberships[0]?.workspace.id ?? ''
  return client.with({ cookie, 'foyer-workspace': workspace })
}

export async function firstChannel(owner: Client): Promise<Channel> {
  const { list } = await owner.want<{ list: Channel[] }>('GET', '/api/v1/channels')
  const [channel] = list
  if (!channel) throw new Error('The installation has no channel.')
  return channel
}

/** A visitor without a browser. Each comes from an address of its own, so that limits per address do not meet. */
export async function newVisitor(origin: string, channel: string, address: string) {
  const client = new Client(origin, { 'cf-connecting-ip': address })
  const session = await client.want<WidgetSession>('POST', '/widget/v1/sessions', { channel })
  const start = (clientId: string, text: string) =>
    client.with({ authorization: `Bearer ${session.token}` }).ask<{ id: string }>('POST', '/widget/v1/conversations', {
      channel,
      clientId,
      text,
      source: { page: null, title: null, referrer: null },
    })
  return { client, ...session, start }
}

/** Every entry of a conversation as the team sees it, page by page. */
export async function allEntries(agent: Client, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let after: string | null = '0.0'; after !== null; ) {
    const page: { list: Entry[]; next: string | null } = await agent.want(
      'GET',
      `/api/v1/conversations/${id}/entries?after=${after}&limit=200`,
    )
    entries.push(...page.list)
    after = page.next
  }
  return entries
}

export async function conversationList(agent: Client, view = 'all'): Promise<Conversation[]> {
  return (await agent.want<{ list: Conversation[] }>('GET', `/api/v1/conversations?view=${view}&limit=100`)).list
}
