/**
 * One workspace's live inbox: the agents' sockets, the rows that changed, and the only writer of the workspace's index
 * in D1. Must never stand between a visitor and an agent: conversations work while this object or D1 is out of reach.
 */
import { DurableObject } from 'cloudflare:workers'
import { canSee, type Membership } from '../../core/conversation/canSee.ts'
import { START_LIMITS } from '../../core/conversation/limits.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { decodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { report } from '../report.ts'
import { openedSocket } from '../upgrade.ts'
import { within } from '../within.ts'
import { statementsFor } from './d1Index.ts'
import { flush } from './flush.ts'
import { Rows } from './rows.ts'

/** Rows in one D1 batch: each is at most three statements. */
const BATCH_MAX = 100
const D1_MS = 5_000
/** First wait after D1 was out of reach; doubles up to `RETRY_MAX_MS`. */
const RETRY_MS = 2_000
const RETRY_MAX_MS = 30_000

interface Attachment {
  member: Membership
  /** Epoch milliseconds after which the session must be shown again. */
  expiresAt: number
}

export class Inbox extends DurableObject<Env> {
  readonly #rows: Rows
  #failures = 0
  /** When the alarm is known to go off; unknown after a wake. */
  #alarmAt: number | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#rows = new Rows(ctx.storage)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Subscribes an agent: first what D1 may not have, then every change. The list itself is read from D1 afterwards. */
  override async fetch(request: Request): Promise<Response> {
    const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER))
    const member =
      identity?.kind === 'agent' ? identity.memberships.find((m) => m.workspace === this.ctx.id.name) : undefined
    if (identity?.kind !== 'agent' || !member) return new Response(null, { status: 403 })
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment({ member, expiresAt: identity.sessionExpiresAt } satisfies Attachment)
    send(server, { type: 'welcome', rows: this.#rows.all().filter((row) => canSee(member, row)) })
    return openedSocket(request, client)
  }

  /**
   * A conversation's row is now this. Repeating it is harmless; an older one changes nothing.
   * @param urgent lists must show it within seconds: a new conversation, another status or assignee
   */
  async update(row: ConversationRow, urgent: boolean): Promise<void> {
    if (row.workspace !== this.ctx.id.name) throw new Error('a row of another workspace')
    if (!this.#rows.keep(row, urgent, Date.now())) return
    this.#fanOut(row)
    this.#arm()
  }

  /** Rows that D1 may not have yet. */
  async overlay(): Promise<ConversationRow[]> {
    return this.#rows.all()
  }

  /**
   * DL9: may this device, from this address, start one more conversation? Asked before any object is made.
   * @returns null if it may, else the epoch milliseconds from which it may
   */
  async admitStart(conversation: string, device: string, ip: string): Promise<number | null> {
    // A repeated start meets the conversation it made: it costs nothing.
    if (this.#rows.isKnown(conversation)) return null
    const limits = [
      { key: `device:${device}`, limit: START_LIMITS.device },
      { key: `ip:${ip}`, limit: START_LIMITS.ip },
    ]
    return this.#rows.takeStart(limits, Date.now())
  }

  override async webSocketMessage(socket: WebSocket): Promise<void> {
    // Agents have nothing to say here; pings never get this far.
    socket.close(1008, 'this socket only tells')
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    socket.close(code === 1005 || code === 1006 || code === 1015 ? 1000 : code)
  }

  /** Never throws: an alarm that fails six times is dropped by the platform. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null
    try {
      const reached = await this.#flush()
      this.#failures = reached ? 0 : this.#failures + 1
      this.#rows.sweepStarts(Date.now())
    } catch (error) {
      this.#failures += 1
      report('the index could not be written', error)
    }
    this.#arm()
  }

  async #flush(): Promise<boolean> {
    const { DB } = this.env
    return flush(
      {
        write: async (rows) => void (await within(D1_MS, DB.batch(rows.flatMap((dirty) => statementsFor(DB, dirty))))),
        alive: () =>
          within(D1_MS, DB.prepare('SELECT 1').first()).then(
            () => true,
            () => false,
          ),
        taken: (rows) => this.#rows.clear(rows),
        refused: (row, error) => {
          report(`the index will not take conversation ${row.id}`, error)
          this.#rows.park(row, Date.now())
        },
      },
      this.#rows.due(Date.now(), BATCH_MAX),
    )
  }

  #fanOut(row: ConversationRow): void {
    const text = JSON.stringify({ type: 'rows', list: [row] } satisfies InboxFrame)
    const now = Date.now()
    for (const socket of this.ctx.getWebSockets()) {
      const attachment = socket.deserializeAttachment() as Attachment | null
      if (!attachment || !canSee(attachment.member, row)) continue
      if (attachment.expiresAt <= now) socket.close(CLOSE.renew, 'session expired')
      else write(socket, text)
    }
  }

  /** One alarm: the next due row, later while D1 is out of reach. Asked for again only if it must come earlier. */
  #arm(): void {
    const due = this.#rows.nextDue()
    if (due === null) return
    const wait = this.#failures === 0 ? 0 : Math.min(RETRY_MS * 2 ** (this.#failures - 1), RETRY_MAX_MS)
    // Set in the past it may stay silent.
    const at = Math.max(due, Date.now() + Math.max(wait, 1_000))
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    void this.ctx.storage.setAlarm(at)
  }
}

function send(socket: WebSocket, frame: InboxFrame): void {
  write(socket, JSON.stringify(frame))
}

function write(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {
    // Closing: its client subscribes again and reads the list.
  }
}
