/**
 * One workspace's live inbox: the agents' sockets, the rows that changed, read markers, and the only writer of the
 * workspace's index in D1. Must never stand between a visitor and an agent: conversations work while this object or D1
 * is out of reach.
 */
import { DurableObject } from 'cloudflare:workers'
import { canSee, seesAll } from '../../core/conversation/canSee.ts'
import type { Receipt } from '../../core/conversation/deletion.ts'
import { CONTACT_LIMITS, START_LIMITS } from '../../core/conversation/limits.ts'
import { type HistoryPolicy, type Policies, workspacePolicy } from '../../core/conversation/policy.ts'
import { type ConversationRow, completed } from '../../core/conversation/row.ts'
import type { ClientId, MemberId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { decodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { Opened, RebuiltPage } from '../../core/protocol/inboxCalls.ts'
import { type DashboardPolicy, type InboxFrame, type Marker, parseInboxFrame } from '../../core/protocol/inboxFrames.ts'
import { rightsOf } from '../../core/rights.ts'
import { report } from '../report.ts'
import { closeBack, openedSocket } from '../webSockets.ts'
import { Burials } from './burials.ts'
import { type Attachment, Dashboards } from './dashboards.ts'
import { Database } from './database.ts'
import { Limits } from './limits.ts'
import { Markers } from './markers.ts'
import { LivePolicies } from './policies.ts'
import { rebuildPage } from './rebuild.ts'
import { Rights } from './rights.ts'
import { Rows } from './rows.ts'
import { cutOff, fillKnown, flushMarkers, flushRows, giveBack, tellPolicies, type UpkeepDeps } from './upkeep.ts'

/** First wait after something could not be reached; doubles up to `RETRY_MAX_MS`. */
const RETRY_MS = 2_000
const RETRY_MAX_MS = 30_000

export class Inbox extends DurableObject<Env> {
  readonly #rows: Rows
  readonly #markers: Markers
  readonly #rights: Rights
  readonly #policies: LivePolicies
  readonly #limits: Limits
  readonly #burials: Burials
  readonly #dashboards: Dashboards
  #failures = 0
  /** When the alarm is known to go off; unknown after a wake. */
  #alarmAt: number | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const db = new Database(ctx.storage)
    this.#rows = new Rows(db)
    this.#markers = new Markers(db)
    this.#rights = new Rights(db)
    this.#policies = new LivePolicies(db)
    this.#limits = new Limits(db)
    this.#burials = new Burials(db)
    this.#dashboards = new Dashboards(ctx)
  }

  get #history(): HistoryPolicy {
    return workspacePolicy(this.#policies.now()).history
  }

  get #workspace(): string {
    return this.ctx.id.name ?? ''
  }

  /** Subscribes an agent: first what D1 may not have, then every change. The list itself is read from D1 afterwards. */
  override async fetch(request: Request): Promise<Response> {
    const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER))
    const agent = identity?.kind === 'agent' ? identity : null
    const member = agent?.memberships.find((m) => m.workspace === this.#workspace)
    if (!agent || !member) return new Response(null, { status: 403 })
    const { policies, ...me } = member
    this.#policiesKept(policies)
    const history = this.#history
    const { client, server } = this.#dashboards.accept({ member: me, expiresAt: agent.sessionExpiresAt, state: 'here' })
    // The rights changed while the upgrade was on its way: it comes again on those of now.
    if (!this.#rights.hold(member.member, agent.asOf)) server.close(CLOSE.renew, 'rights changed')
    this.#dashboards.send(server, {
      type: 'welcome',
      rows: this.#rows.all().filter((row) => row.deletedAt === null && canSee(me, row, history)),
      markers: this.#markers.of(member.member),
      members: this.#dashboards.presence(),
      counts: this.#rows.counts()(me.member, history === 'hide' && !seesAll(me)),
      policy: this.#dashboardPolicy(),
      rights: rightsOf(member),
    })
    this.#presenceChanged()
    this.#arm()
    return openedSocket(request, client)
  }

  /**
   * A conversation's row is now this. Repeating it is harmless; an older one changes nothing.
   * @param urgent lists must show it within seconds: a new conversation, another status or assignee
   * @param policy the version of the policies that the conversation has
   * @returns the policies, where they are newer
   */
  async update(told: ConversationRow, urgent: boolean, policy?: number): Promise<Policies | null> {
    // A conversation that still runs the version before may say less.
    const row = completed(told)
    if (row.workspace !== this.#workspace) throw new Error('a row of another workspace')
    const newer = this.#policies.newerThan(policy)
    if (this.#burials.has(row.id)) return newer
    const kept = this.#rows.keep(row, urgent, Date.now())
    if (!kept) return newer
    this.#dashboards.tellRow(row, kept.withdrawn, this.#history)
    if (kept.counted && this.#dashboards.anybody()) this.#countsChanged()
    if (
      row.deletedAt === null &&
      row.assignee !== null &&
      row.status !== 'closed' &&
      this.#rights.isDisabled(row.assignee)
    )
      this.#rights.holdsAgain(row.assignee)
    // Nearly always: an alarm that goes off before the row is due will find it, and nothing has to be looked up.
    else if (this.#alarmAt !== null && this.#alarmAt <= kept.due) return newer
    this.#arm()
    return newer
  }

  /** CV12: a conversation is gone for good. Asked for again until it answers that the index has taken it. */
  async purge(conversation: string, receipt: Receipt): Promise<boolean> {
    if (receipt.workspace !== this.#workspace) throw new Error('a conversation of another workspace')
    return this.#burials.bury(this.env.DB, conversation, receipt)
  }

  /** One page of holding the index against its conversations; null while D1 is out of reach. */
  async rebuild(after: string | null): Promise<RebuiltPage | null> {
    const { DB: db, CONVERSATION } = this.env
    const workspace = this.#workspace
    const ask = async (id: string) => {
      const read = await CONVERSATION.getByName(id).read({ kind: 'system', workspace })
      return read.ok ? read.row : null
    }
    try {
      return await rebuildPage({ db, workspace, rows: this.#rows, ask }, after)
    } catch (error) {
      report('the index could not be rebuilt', error)
      return null
    }
  }

  /** Not even its tombstone is left. */
  async forget(conversation: string): Promise<boolean> {
    return this.#burials.forget(this.env.DB, this.#workspace, conversation)
  }

  /** Rows, and the member's markers, that D1 may not have yet. */
  async overlay(member?: string): Promise<{ rows: ConversationRow[]; markers: Marker[] }> {
    return { rows: this.#rows.all(), markers: member === undefined ? [] : this.#markers.of(member) }
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
    return this.#limits.take(limits, Date.now(), conversation)
  }

  /**
   * DL9: may this device, from this address, say once more who is behind it? Every dashboard is told of it.
   * @returns null if it may, else the epoch milliseconds from which it may
   */
  async admitContact(device: string, ip: string): Promise<number | null> {
    const limits = [
      { key: `contact:device:${device}`, limit: CONTACT_LIMITS.device },
      { key: `contact:ip:${ip}`, limit: CONTACT_LIMITS.ip },
    ]
    return this.#limits.take(limits, Date.now())
  }

  /** The same for a program or a member who brings what somebody wrote elsewhere. */
  async admitStartBy(conversation: string, caller: string): Promise<number | null> {
    if (this.#rows.isKnown(conversation)) return null
    return this.#limits.take([{ key: `start:${caller}`, limit: START_LIMITS.caller }], Date.now(), conversation)
  }

  /** A conversation has let a member in. False if their rights changed since `asOf`: the socket must go. */
  async viewing(conversation: string, member: string, asOf: number): Promise<boolean> {
    return this.#rights.opened(member, conversation, asOf)
  }

  /**
   * A socket of a conversation has opened: a member's, on rights read at `asOf`, or the visitor's.
   * @param policy the version of the policies that the conversation has
   */
  async opened(
    conversation: string,
    who: { member: string; asOf: number } | null,
    policy: number,
    at: number,
  ): Promise<Opened> {
    this.#policies.opened(conversation, policy, at)
    const holds = who === null || this.#rights.opened(who.member, conversation, who.asOf)
    return { holds, policies: this.#policies.newerThan(policy) }
  }

  /** A member's last socket in a conversation has gone, or the visitor's; with `empty` it was the very last. */
  async left(conversation: string, member: string | null, at: number, empty = false): Promise<void> {
    if (member !== null) this.#rights.closed({ member, conversation, at })
    if (empty) this.#policies.closed(conversation, at)
  }

  /** An administrator decided anew: open conversations and dashboards follow. */
  async policiesChanged(policies: Policies): Promise<void> {
    this.#policiesKept(policies)
    if (!(await tellPolicies(this.#deps))) this.#failures += 1
    this.#arm()
  }

  /**
   * PR2: a member's rights changed, or a session ended. Every socket of theirs opens again on the rights of now.
   * @param disabled whether they are disabled now; null where that is as it was
   */
  async rightsChanged(member: string, disabled: boolean | null): Promise<void> {
    await this.rightsOfManyChanged([member], disabled)
  }

  /** The same of many at once, as when a group changed: what is outdated then is looked for once, not once for each. */
  async rightsOfManyChanged(members: readonly string[], disabled: boolean | null): Promise<void> {
    const now = Date.now()
    for (const member of members) {
      this.#rights.changed(member, disabled, now)
      for (const socket of this.#dashboards.socketsOf(member)) socket.close(CLOSE.renew, 'rights changed')
    }
    const done = [await cutOff(this.#deps), await giveBack(this.#deps)]
    if (done.includes(false)) this.#failures += 1
    this.#arm()
  }

  /** The member's switch (available or away). */
  async availabilityChanged(member: string, available: boolean): Promise<void> {
    const changed = this.#dashboards.update(this.#dashboards.socketsOf(member), (attachment) => ({
      ...attachment,
      member: { ...attachment.member, available },
    }))
    if (changed) this.#presenceChanged()
  }

  /** Passes something on to every dashboard: a changed contact, changed settings. */
  async announce(frame: Extract<InboxFrame, { type: 'contact' | 'changed' }>): Promise<void> {
    this.#dashboards.tell(frame)
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const frame = parseInboxFrame(data)
    const attachment = this.#dashboards.valid(socket)
    if (!frame || !attachment) return
    if (frame.type === 'presence') {
      const to = (a: Attachment): Attachment => (a.state === frame.state ? a : { ...a, state: frame.state })
      if (this.#dashboards.update([socket], to)) this.#presenceChanged()
      return
    }
    if (this.#burials.has(frame.id)) return
    const { member } = attachment.member
    const now = Date.now()
    const marker =
      frame.type === 'read'
        ? this.#markers.read(member, frame.id, frame, now)
        : this.#markers.markUnread(member, frame.id, now)
    if (!marker) return
    this.#dashboards.tellMember(member, { type: 'markers', list: [marker] })
    this.#arm()
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#presenceChanged(socket)
    closeBack(socket, code)
  }

  /** Never throws: an alarm that fails six times is dropped by the platform. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null
    const now = Date.now()
    try {
      const deps = this.#deps
      const done = [
        await flushRows(deps, now),
        await flushMarkers(deps, now),
        await cutOff(deps),
        await giveBack(deps),
        await tellPolicies(deps),
        await fillKnown(deps),
      ]
      this.#failures = done.every(Boolean) ? 0 : this.#failures + 1
      this.#limits.sweep(now)
    } catch (error) {
      this.#failures += 1
      report('the upkeep of an inbox failed', error)
    }
    this.#arm()
  }

  get #deps(): UpkeepDeps {
    const { DB, CONVERSATION } = this.env
    const workspace = this.#workspace
    return {
      workspace,
      db: DB,
      rows: this.#rows,
      markers: this.#markers,
      rights: this.#rights,
      policies: this.#policies,
      instruct: (conversation, policies) => CONVERSATION.getByName(conversation).policiesChanged(policies),
      revoke: (conversation, member) => CONVERSATION.getByName(conversation).revoke(member),
      release: async (conversation, member) => {
        // Refused where somebody else has it by now: nothing to do then.
        const command = { type: 'release', from: member as MemberId } as const
        const envelope = { id: `release${Date.now()}:1` as ClientId, command }
        await CONVERSATION.getByName(conversation).dispatch({ identity: { kind: 'system', workspace }, envelope })
      },
    }
  }

  #dashboardPolicy(): DashboardPolicy {
    const { awayAfterMs } = workspacePolicy(this.#policies.now())
    return { awayAfterMs }
  }

  /** Keeps policies that are newer than those here, and tells the dashboards what changed for them. */
  #policiesKept(policies: Policies | undefined): void {
    const before = this.#policies.keep(policies)
    if (!before) return
    this.#dashboards.tell({ type: 'policy', policy: this.#dashboardPolicy() })
    if (workspacePolicy(before).history !== this.#history) this.#dashboards.renew()
  }

  #presenceChanged(gone?: WebSocket): void {
    this.#dashboards.tell({ type: 'members', list: this.#dashboards.presence(gone) })
  }

  #countsChanged(): void {
    const countsOf = this.#rows.counts()
    const hides = this.#history === 'hide'
    this.#dashboards.tellEach((member) => ({
      type: 'counts',
      counts: countsOf(member.member, hides && !seesAll(member)),
    }))
  }

  /** One alarm: whatever is due next, later while something is out of reach. Asked for again only if it must come earlier. */
  #arm(): void {
    const dues = [this.#rows.nextDue(), this.#markers.nextDue()].filter((due) => due !== null)
    const urgent =
      this.#rights.toGiveBack().length > 0 || this.#rights.outdated().length > 0 || this.#policies.untold(1).length > 0
    if (urgent || this.#rows.hasUncounted()) dues.push(Date.now())
    if (dues.length === 0) return
    const wait = this.#failures === 0 ? 0 : Math.min(RETRY_MS * 2 ** (this.#failures - 1), RETRY_MAX_MS)
    // Set in the past it may stay silent.
    const at = Math.max(Math.min(...dues), Date.now() + Math.max(wait, 1_000))
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    void this.ctx.storage.setAlarm(at)
  }
}
