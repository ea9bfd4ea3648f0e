/**
 * The cast of the Worker's tests, so that they read as a play:
 * `const vic = await visitor(); await vic.says('hi'); const ana = await agent(); await ana.sees('hi')`.
 * Everything goes through the Worker's own fetch, as browsers would.
 */
import { createExecutionContext, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import type { Entry, Position } from '../../core/conversation/entries.ts'
import type { ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { app } from '../../worker/app.ts'
import { eventually } from './eventually.ts'
import { installation, member, ORIGIN, type Signed } from './installation.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape and would fail on a wrong one
  body: any
}

interface Ask {
  method?: string
  body?: unknown
  raw?: BodyInit
  headers?: Record<string, string>
}

/** One request to the Worker, from our own page unless `headers` says otherwise. */
export async function ask(path: string, { method, body, raw, headers }: Ask = {}): Promise<Answer> {
  const verb = method ?? (body === undefined && raw === undefined ? 'GET' : 'POST')
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  // The Worker's own fetch, without the pool's round trip for every call.
  const answer = await app.fetch(
    new Request(`http://localhost${path}`, {
      method: verb,
      headers: {
        ...(verb === 'GET' ? {} : { origin: ORIGIN }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    }),
    env,
    createExecutionContext(),
  )
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
}

/** An open socket and everything it has received. */
export class Line<Frame = ServerFrame> {
  readonly frames: Frame[] = []
  readonly raw: string[] = []
  readonly protocol: string | null
  closed: { code: number; reason: string } | null = null
  readonly #socket: WebSocket

  constructor(socket: WebSocket, protocol: string | null) {
    this.#socket = socket
    this.protocol = protocol
    socket.accept()
    socket.addEventListener('message', (event) => {
      this.raw.push(String(event.data))
      if (event.data !== 'pong') this.frames.push(JSON.parse(String(event.data)) as Frame)
    })
    socket.addEventListener('close', (event) => {
      this.closed = { code: event.code, reason: event.reason }
    })
  }

  send(frame: object | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  sendBytes(bytes: ArrayBuffer): void {
    this.#socket.send(bytes)
  }

  close(): void {
    this.#socket.close(1000, 'done')
  }

  /** The first frame from `from` on that fits, waited for. */
  async get<Found extends Frame>(fits: (frame: Frame) => frame is Found, from?: number): Promise<Found>
  async get(fits: (frame: Frame) => boolean, from?: number): Promise<Frame>
  async get(fits: (frame: Frame) => boolean, from = 0): Promise<Frame> {
    return eventually(
      () => {
        const found = this.frames.slice(from).find(fits)
        if (!found) throw new Error(`not received; so far: ${this.raw.slice(from).join('\n')}`)
        return found
      },
      { interval: 5 },
    )
  }

  async gone(): Promise<number> {
    return eventually(() => this.closed?.code ?? Promise.reject(new Error('still open')), { interval: 5 })
  }
}

export async function openLine<Frame = ServerFrame>(
  path: string,
  headers: Record<string, string>,
): Promise<Line<Frame>> {
  const answer = await exports.default.fetch(
    new Request(`http://localhost${path}`, { headers: { upgrade: 'websocket', origin: ORIGIN, ...headers } }),
  )
  if (!answer.webSocket) throw new Error(`no socket: ${answer.status} ${await answer.text()}`)
  return new Line<Frame>(answer.webSocket, answer.headers.get('sec-websocket-protocol'))
}

let instances = 0

/** Someone in a conversation, through a socket. */
export class Seat {
  readonly line: Line
  readonly instance: string
  #n = 0

  constructor(line: Line, instance: string) {
    this.line = line
    this.instance = instance
  }

  /** Every entry received so far, live and replayed, in order of arrival. */
  get entries(): Entry[] {
    return this.line.frames.flatMap((frame) => (frame.type === 'entries' ? frame.list : []))
  }

  get texts(): string[] {
    return this.entries.flatMap((entry) => ('text' in entry.body ? [entry.body.text] : []))
  }

  /** Sends a command and waits for its acknowledgement or refusal. */
  async does(command: SocketCommand, extra: { id?: string; retry?: boolean; expectedRev?: number } = {}) {
    this.#n += 1
    const id = extra.id ?? `${this.instance}:${this.#n}`
    const from = this.line.frames.length
    this.line.send({ type: 'command', ...extra, id, command })
    const answer = await this.line.get(
      (frame) =>
        (frame.type === 'refused' && frame.id === id) ||
        (frame.type === 'entries' && frame.page === undefined && frame.list.some((entry) => entry.clientId === id)),
      from,
    )
    return { id, answer }
  }

  async says(text: string) {
    return this.does({ type: 'send_message', text })
  }

  async notes(text: string) {
    return this.does({ type: 'add_note', text })
  }

  async sees(text: string): Promise<void> {
    await this.line.get(
      (frame) => frame.type === 'entries' && frame.list.some((e) => 'text' in e.body && e.body.text === text),
    )
  }

  async more(ask: { before?: Position; after?: Position }) {
    const from = this.line.frames.length
    this.line.send({ type: 'more', ...ask })
    return this.line.get(
      (frame): frame is Extract<ServerFrame, { type: 'entries' }> =>
        frame.type === 'entries' && frame.page !== undefined,
      from,
    )
  }
}

function instance(): string {
  instances += 1
  return `t${instances}`
}

async function seated(line: Line): Promise<Seat> {
  await line.get((frame) => frame.type === 'entries')
  return new Seat(line, instance())
}

let addresses = 0

function freshAddress(): string {
  addresses += 1
  return `10.0.${addresses >> 8}.${addresses & 255}`
}

export interface VisitorOptions {
  ip?: string
}

/**
 * A browser with a visitor token, from an address of its own unless one is given:
 * limits per address add up in a file.
 */
export async function visitor({ ip = freshAddress() }: VisitorOptions = {}) {
  const { channel } = await installation()
  const headers = { 'cf-connecting-ip': ip }
  const session = await ask('/widget/v1/sessions', { body: { channel }, headers })
  const token: string = session.body.token
  const bearer = { authorization: `Bearer ${token}`, ...headers }
  let starts = 0
  const own = instance()
  return {
    token,
    you: session.body.you as string,
    /** The client id of the first message that `arrives` sends. */
    first: `${own}:1`,
    /** Starts a conversation with its first message. */
    start(text: string, clientId = `${own}:${++starts}`, continues?: string) {
      const source = { page: 'https://shop.example/tea', title: 'Tea', referrer: null }
      return ask('/widget/v1/conversations', { body: { channel, clientId, text, source, continues }, headers: bearer })
    },
    /** Says who they are. */
    tells(contact: { email: string; name?: string }) {
      return ask('/widget/v1/contact', { method: 'PUT', body: contact, headers: bearer })
    },
    /** Asks for the own conversations. */
    lists: () => ask('/widget/v1/conversations', { headers: bearer }),
    /** A socket as it opens, let in or not. */
    knocks: (id: string, query = '') =>
      openLine(`/widget/v1/conversations/${id}/socket${query}`, {
        'sec-websocket-protocol': `foyer.v1, t.${token}`,
        ...headers,
      }),
    async opens(id: string, query = ''): Promise<Seat> {
      return seated(await this.knocks(id, query))
    },
    /** Starts a conversation and sits down in it. */
    async arrives(text: string): Promise<Seat & { id: string }> {
      const started = await this.start(text)
      if (started.status !== 201) throw new Error(`not started: ${JSON.stringify(started.body)}`)
      const seat = await this.opens(started.body.id)
      return Object.assign(seat, { id: started.body.id as string })
    },
  }
}

/** A signed-in member; the owner of the installation unless another is given. */
export async function agent(signed?: Signed) {
  const who = signed ?? (await installation()).owner
  const headers = { cookie: who.cookie, 'foyer-workspace': who.workspace }
  return {
    ...who,
    ask: (path: string, options: Ask = {}) => ask(path, { ...options, headers: { ...headers, ...options.headers } }),
    async opens(id: string, query = ''): Promise<Seat> {
      return seated(await openLine(`/api/v1/conversations/${id}/socket${query}`, { cookie: who.cookie }))
    },
    watches(): Promise<Line<InboxFrame>> {
      return openLine<InboxFrame>(`/api/v1/inbox/socket?workspace=${who.workspace}`, { cookie: who.cookie })
    },
  }
}

export async function colleague(name: string, role: 'admin' | 'agent' = 'agent') {
  return agent(await member(name, role))
}

export async function stranger() {
  return agent(await member('Mallory', 'admin', true))
}

export function inboxStub(workspace: string) {
  return env.INBOX.getByName(workspace)
}

/**
 * Brings everything that the inbox object holds into D1, as a minute of silence would. Does what its alarm does, and
 * not by letting it go off: that may just be happening by itself, for less than all.
 */
export async function indexed(workspace: string): Promise<void> {
  await runInDurableObject(inboxStub(workspace), async (inbox, { storage }) => {
    // Whoever asks for the rows has those written that wait for others.
    await inbox.overlay()
    for (const table of ['dirty', 'markers']) storage.sql.exec(`UPDATE ${table} SET due_at = 0`)
    const due = () => {
      const counted =
        'SELECT (SELECT count(*) FROM dirty WHERE due_at = 0) + count(*) AS n FROM markers WHERE due_at = 0'
      return Number(storage.sql.exec(counted).one()['n'])
    }
    // It brings one batch at a time, and none while D1 is out of reach.
    let [before, left] = [0, due()]
    do {
      before = left
      await storage.deleteAlarm()
      await inbox.alarm()
      left = due()
    } while (left > 0 && left < before)
  })
}
