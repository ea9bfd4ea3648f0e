/**
 * The server's side of a conversation socket, played with the real rules of core: it decides, appends, pages and
 * broadcasts like the object, but a test holds its frames in its hands and may deliver, drop or cut them off.
 */
import { append } from '../../core/conversation/append.ts'
import { entriesFor, stateFor } from '../../core/conversation/audience.ts'
import { type Actor, authorOf, type Command } from '../../core/conversation/command.ts'
import { markSeen } from '../../core/conversation/cursors.ts'
import { decide } from '../../core/conversation/decide.ts'
import {
  compareEntries,
  type Entry,
  isTeam,
  type MessageEntry,
  type Position,
} from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY, type Policy, policyView } from '../../core/conversation/policy.ts'
import { type ConversationRecord, NO_SOURCE, newRecord } from '../../core/conversation/record.ts'
import { rewrites, rewritten } from '../../core/conversation/rewrite.ts'
import type { ChannelId, ClientId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../../core/ids.ts'
import { createClientIds } from '../../web/lib/clientIds.ts'
import { FakeSocket } from './fakeSocket.ts'

export const ID = 'abcdefghijklmnopqrstuvwxyz234567' as ConversationId
export const VIC: Actor = { kind: 'visitor', device: 'vic' as DeviceId }
export const ANA: Actor = { kind: 'agent', member: 'ana' as MemberId, name: 'Ana', role: 'agent' }
export const BEN: Actor = { kind: 'agent', member: 'ben' as MemberId, name: 'Ben', role: 'agent' }

export const NOVA: Actor = { kind: 'assistant', id: 'nova', name: 'Nova' }

interface CommandFrame {
  type: 'command'
  id: ClientId
  retry?: boolean
  command: Command
}
type Frame =
  | CommandFrame
  | { type: 'seen'; public: number }
  | { type: 'typing'; in: 'reply' | 'note' | null }
  | { type: 'more'; before?: Position; after?: Position }

export class FakeServer {
  readonly log: Entry[] = []
  readonly heard: Frame[] = []
  /** Frames on their way to the client. */
  readonly wire: object[] = []
  socket: FakeSocket | null = null
  readonly reader: Actor
  readonly pageSize: number
  #record: ConversationRecord
  #now = Date.now()
  readonly #newId = createClientIds()

  constructor(reader: Actor, pageSize = 200, policy: Partial<Policy> = {}) {
    this.reader = reader
    this.pageSize = pageSize
    const origin = {
      id: ID,
      workspace: 'w' as WorkspaceId,
      channel: 'c' as ChannelId,
      contact: 'p' as ContactId,
      device: 'vic' as DeviceId,
    }
    this.#record = newRecord({ ...origin, source: NO_SOURCE }, { ...DEFAULT_POLICY, ...policy })
    FakeSocket.onOpen = (socket) => {
      this.socket = socket
      this.wire.length = 0
    }
    FakeSocket.onSend = (socket, frame) => {
      if (socket === this.socket) this.#hear(frame as Frame)
    }
  }

  get audience(): 'team' | 'visitor' {
    return this.reader.kind === 'agent' ? 'team' : 'visitor'
  }

  /** Answers the opened socket as the object does: welcome, then the newest page or what came after its position. */
  accept(): this {
    const query = new URL(this.socket?.url ?? '').searchParams
    const state = stateFor(this.audience, { public: this.#record.public, team: this.#record.team })
    const you = authorOf(this.reader)
    this.#say({
      type: 'welcome',
      you,
      head: this.head,
      state,
      cursors: this.#record.cursors,
      policy: policyView(this.audience, this.#record.policy),
    })
    const from = query.get('public')
    const after = { public: Number(from), team: Number(query.get('team') ?? 0) }
    this.#say(from === null ? this.#before(null) : this.#after(after))
    return this
  }

  get head(): Position {
    const { public: visible, team } = this.#record
    return this.audience === 'team' ? { public: visible.head, team: team.head } : { public: visible.head }
  }

  /** Somebody does something; the reader is told. */
  does(actor: Actor, command: Command, id: ClientId = this.#newId(), later = 1000): Entry[] {
    this.#now = Math.max(this.#now + later, Date.now())
    const referred = 'ref' in command ? this.#message(command.ref) : null
    const decision = decide(this.#record, actor, command, this.#now, referred)
    if (!decision.ok) {
      if (actor === this.reader) this.#say({ type: 'refused', id, ...decision.refusal })
      return []
    }
    const done = append(this.#record, decision, actor, { id }, this.#now)
    this.#record = done.record
    for (const entry of done.entries) this.#rewrite(entry)
    this.log.push(...done.entries)
    const visible = entriesFor(this.audience, done.entries)
    if (visible.length > 0) this.#say({ type: 'entries', list: visible })
    return done.entries
  }

  /** Somebody else writes, or stops. */
  signals(frame: object): void {
    this.#say(frame)
  }

  #message(n: number): MessageEntry | null {
    const found = this.log.find((entry) => !isTeam(entry) && entry.n === n)
    return found?.type === 'message.created' ? found : null
  }

  /** In place, as the object does: the old text is nowhere. */
  #rewrite(by: Entry): void {
    const ref = rewrites(by)
    const at = this.log.findIndex((entry) => !isTeam(entry) && entry.n === ref)
    const message = this.log[at]
    if (message?.type === 'message.created') this.log[at] = rewritten(message, by)
  }

  /** An edit goes out with the text that its message has by then. */
  #asNow(entry: Entry): Entry {
    if (entry.type !== 'message.edited') return entry
    return { ...entry, body: { ...entry.body, text: this.#message(entry.body.ref)?.body.text ?? '' } }
  }

  /** Lets everything on its way arrive, and what is asked because of it. */
  deliver(count = Number.POSITIVE_INFINITY): this {
    for (let i = 0; i < count && this.wire.length > 0; i += 1) {
      const frame = this.wire.shift()
      if (frame) this.socket?.says(frame)
    }
    return this
  }

  /** The connection breaks with everything on it. */
  drops(code = 1006): void {
    const socket = this.socket
    this.wire.length = 0
    this.socket = null
    socket?.ends(code)
  }

  #say(frame: object): void {
    if (this.socket) this.wire.push(frame)
  }

  #hear(frame: Frame): void {
    this.heard.push(frame)
    if (frame.type === 'more') this.#say(frame.after ? this.#after(frame.after) : this.#before(frame.before ?? null))
    if (frame.type === 'seen') {
      const cursors = markSeen(this.#record.cursors, this.reader.kind, frame.public, this.#record.public.head)
      this.#record = { ...this.#record, cursors }
      this.#say({ type: 'cursors', cursors })
    }
    if (frame.type !== 'command') return
    const author = authorOf(this.reader)
    const known = this.log.filter((entry) => entry.clientId === frame.id && entry.author === author)
    if (known.length > 0) this.#say({ type: 'entries', list: entriesFor(this.audience, known) })
    else this.does(this.reader, frame.command, frame.id, 1)
  }

  get visible(): Entry[] {
    return entriesFor(this.audience, this.log)
      .map((entry) => this.#asNow(entry))
      .sort(compareEntries)
  }

  #after(position: Position): object {
    const rest = this.visible.filter((entry) => entry.n > (isTeam(entry) ? (position.team ?? 0) : position.public))
    const list = rest.slice(0, this.pageSize)
    const next = rest.length > list.length ? this.#positionAt(list.at(-1)) : null
    return { type: 'entries', list, page: 'after', next }
  }

  #before(position: Position | null): object {
    const team = position?.team ?? 0
    const older = this.visible.filter((e) => !position || (isTeam(e) ? e.n < team : e.n < position.public))
    const list = older.slice(-this.pageSize)
    const next = older.length > list.length ? this.#positionAt(list[0], 1) : null
    return { type: 'entries', list, page: 'before', next }
  }

  /** The numbers of both logs at an entry; with `from` those of the first entries at or after it. */
  #positionAt(entry: Entry | undefined, from = 0): Position {
    if (!entry) throw new Error('an empty page has no next')
    const upTo = this.visible.filter((other) => compareEntries(other, entry) <= -from)
    const last = (team: boolean): number =>
      Math.max(0, ...upTo.filter((e) => isTeam(e) === team).map((e) => e.n)) + from
    return { public: last(false), team: last(true) }
  }
}
