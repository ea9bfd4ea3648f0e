/**
 * One workspace's live inbox: the agents' sockets, the rows that changed, read markers, and the only writer of the
 * workspace's index in D1. Must never stand between a visitor and an agent: conversations work while this object or D1
 * is out of reach.
 */
import { DurableObject } from 'cloudflare:workers'
import type { BanFact, BannedNetwork, Hold, Party } from '../../core/bans/ban.ts'
import type { Receipt } from '../../core/conversation/deletion.ts'
import { type Policies, workspacePolicy } from '../../core/conversation/policy.ts'
import { type ConversationRow, completed } from '../../core/conversation/row.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { decodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { Admission, Awaited, Opened, RebuiltPage, Standing } from '../../core/protocol/inboxCalls.ts'
import { type InboxFrame, type Marker, parseInboxFrame } from '../../core/protocol/inboxFrames.ts'
import { report } from '../report.ts'
import { closeBack, isHeard, openedSocket } from '../webSockets.ts'
import { Alarm } from './alarm.ts'
import { Assigning } from './assigning.ts'
import { keepBans } from './banning.ts'
import { LiveBans } from './bans.ts'
import { Burials } from './burials.ts'
import { Conversations } from './conversations.ts'
import { Dashboards } from './dashboards.ts'
import { Database } from './database.ts'
import { Limits } from './limits.ts'
import { Markers } from './markers.ts'
import { News } from './news.ts'
import { type Concerned, OpenConversations } from './openConversations.ts'
import { LivePolicies } from './policies.ts'
import { rebuildPage } from './rebuild.ts'
import { Rights } from './rights.ts'
import { Rows } from './rows.ts'
import { Turns } from './turns.ts'
import { cutOff, duesOf, giveBack, tellBans, tellPolicies, type UpkeepDeps, upkeep } from './upkeep.ts'

export class Inbox extends DurableObject<Env> {
  readonly #database = new Database(this.ctx.storage)
  readonly #rows = new Rows(this.#database)
  readonly #markers = new Markers(this.#database)
  readonly #rights = new Rights(this.#database)
  readonly #policies = new LivePolicies(this.#database)
  readonly #bans = new LiveBans(this.#database)
  readonly #open = new OpenConversations(this.#database)
  readonly #limits = new Limits(this.#database)
  readonly #burials = new Burials(this.#database, this.#rows)
  readonly #dashboards = new Dashboards(this.ctx)
  readonly #alarm = new Alarm(this.ctx.storage)
  readonly #conversations = new Conversations(() => this.env.CONVERSATION, this.#workspace)
  readonly #news = new News({
    dashboards: this.#dashboards,
    rows: this.#rows,
    markers: this.#markers,
    policies: this.#policies,
  })
  readonly #assigning = new Assigning({
    turns: new Turns(this.#database),
    policies: this.#policies,
    rights: this.#rights,
    dashboards: this.#dashboards,
    conversations: this.#conversations,
    decided: () => this.#arm(),
    learned: (row) => void this.#keep(row, true),
  })

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
    const { client, server } = this.#dashboards.accept({ member: me, expiresAt: agent.sessionExpiresAt, state: 'here' })
    // The rights changed while the upgrade was on its way: it comes again on those of now.
    if (!this.#rights.hold(member.member, agent.asOf)) server.close(CLOSE.renew, 'rights changed')
    this.#news.welcome(server, me)
    this.#presenceChanged()
    this.#arm()
    return openedSocket(request, client)
  }

  /**
   * A conversation's row is now this. Repeating it is harmless; an older one changes nothing.
   * @param urgent lists must show it within seconds: a new conversation, another status or assignee
   * @param policy the version of the policies that the conversation has
   * @param bans those that it knows of; left out by one of before there were any
   * @param awaited the visitor is about to open a socket: as if `opened` had been called as well
   * @returns the policies, where they are newer; with `awaited`, what `opened` answers
   */
  async update(
    told: ConversationRow,
    urgent: boolean,
    policy?: number,
    bans?: string,
    awaited?: Awaited,
  ): Promise<Policies | null | Opened> {
    // A conversation that still runs the version before may say less.
    const row = completed(told)
    if (row.workspace !== this.#workspace) throw new Error('a row of another workspace')
    const { id, contact, device } = row
    const newer = this.#policies.newerThan(policy)
    if (bans !== undefined) this.#compareBans(id, { contact, device, bans })
    if (this.#keep(row, urgent) && this.#assigning.concerns(row)) this.#assign()
    await this.#rows.stored(id)
    if (awaited === undefined || policy === undefined || bans === undefined) return newer
    return this.#openedBy(id, { contact, device, bans, ip: awaited.ip }, policy, awaited.at)
  }

  /** CV12: a conversation is gone for good. Asked for again until it answers that the index has taken it. */
  async purge(conversation: string, receipt: Receipt): Promise<boolean> {
    if (receipt.workspace !== this.#workspace) throw new Error('a conversation of another workspace')
    return this.#burials.bury(this.env.DB, conversation, receipt)
  }

  /** One page of holding the index against its conversations; null while D1 is out of reach. */
  async rebuild(after: string | null): Promise<RebuiltPage | null> {
    const ask = (id: string) => this.#conversations.ask(id)
    const learned = (row: ConversationRow) => void this.#keep(row, true)
    const page = await rebuildPage({ ...this.#deps, ask, learned }, after)
    this.#assign()
    return page
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
   * DL9, BN2: may this device, from this address, start one more conversation? Asked before any object is made.
   * @param contact left out by a Worker of before there were bans
   */
  async admitStart(conversation: string, device: string, ip: string, contact?: string): Promise<Admission> {
    // A repeated start meets the conversation it made: it costs nothing.
    if (this.#rows.isKnown(conversation)) return null
    const now = Date.now()
    const shut = contact === undefined ? null : this.#bans.shutsOut({ contact, device } as Party, ip, now)
    if (shut !== null && shut !== 'ask') return shut
    return this.#limits.start(conversation, device, ip, now, workspacePolicy(this.#policies.now())) ?? shut
  }

  /**
   * DL9: may this device, from this address, say once more who is behind it? Every dashboard is told of it.
   * @returns null if it may, else the epoch milliseconds from which it may
   */
  async admitContact(device: string, ip: string): Promise<number | null> {
    return this.#limits.contact(device, ip, Date.now())
  }

  /** The same for a program or a member who brings what somebody wrote elsewhere. */
  async admitStartBy(conversation: string, caller: string): Promise<number | null> {
    if (this.#rows.isKnown(conversation)) return null
    return this.#limits.startBy(conversation, caller, Date.now())
  }

  /** Asked by a conversation of before there was `opened`: it has let a member in. False: the socket must go. */
  async viewing(conversation: string, member: string, asOf: number): Promise<boolean> {
    return this.#rights.opened(member, conversation, asOf)
  }

  /**
   * A socket of a conversation has opened: a member's, on rights read at `asOf`, or the visitor's.
   * @param policy the version of the policies that the conversation has
   * @param standing who it is with; left out by one of before there were bans
   */
  async opened(
    conversation: string,
    who: { member: string; asOf: number } | null,
    policy: number,
    at: number,
    standing?: Standing,
  ): Promise<Opened> {
    if (standing) this.#compareBans(conversation, standing)
    const holds = who === null || this.#rights.opened(who.member, conversation, who.asOf)
    return { ...this.#openedBy(conversation, standing, policy, at), holds }
  }

  /** A member's last socket in a conversation has gone, or the visitor's; with `empty` it was the very last. */
  async left(conversation: string, member: string | null, at: number, empty = false): Promise<void> {
    if (member !== null) this.#rights.closed({ member, conversation, at })
    if (empty) this.#open.closed(conversation, at)
  }

  /** An administrator decided anew: open conversations and dashboards follow. */
  async policiesChanged(policies: Policies): Promise<void> {
    this.#policiesKept(policies)
    this.#assign()
    if (!(await tellPolicies(this.#deps))) this.#alarm.failed()
    this.#arm()
  }

  /**
   * BN1: contacts, devices or networks were banned, or are no longer. Conversations and dashboards follow.
   * @param concerned conversations of theirs, as D1 has them
   */
  async bansChanged(facts: readonly BanFact[], concerned: readonly Concerned[]): Promise<void> {
    keepBans(this.#deps, this.#dashboards, facts, concerned)
    if (!(await tellBans(this.#deps))) this.#alarm.failed()
    this.#arm()
  }

  /** The newest change of bans that was heard of here. */
  async bansVersion(): Promise<number> {
    return this.#bans.version
  }

  /** From where the visitor of a conversation is here now, the address that was seen last at the end. */
  async addressesOf(conversation: string): Promise<string[]> {
    return this.#open.addressesOf(conversation)
  }

  /** What holds a contact and a device, and the banned networks: for the Worker, while D1 is out of reach. */
  async bansOf(party: Party | null): Promise<{ holds: Hold[]; networks: BannedNetwork[] }> {
    const now = Date.now()
    return { holds: party ? this.#bans.holdsOf(party, now) : [], networks: this.#bans.networks(now) }
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
    if (done.includes(false)) this.#alarm.failed()
    this.#arm()
  }

  /** The member's switch (available or away). */
  async availabilityChanged(member: string, available: boolean): Promise<void> {
    if (this.#dashboards.switched(member, available)) this.#presenceChanged()
  }

  /** Passes something on to every dashboard: a changed contact, changed settings. */
  async announce(frame: Extract<InboxFrame, { type: 'contact' | 'changed' }>): Promise<void> {
    this.#dashboards.tell(frame)
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const frame = isHeard(socket) ? parseInboxFrame(data) : null
    const attachment = this.#dashboards.valid(socket)
    if (!frame || !attachment) return
    if (frame.type === 'presence') {
      if (this.#dashboards.reported(socket, frame.state)) this.#presenceChanged()
      return
    }
    const { member } = attachment.member
    // Neither of one that is gone nor of one that never was: whoever names any would fill the database.
    const isHere = this.#rows.isKnown(frame.id) && !this.#burials.has(frame.id)
    const marker = isHere ? this.#markers.take(member, frame, Date.now()) : null
    if (!marker) return
    this.#dashboards.tellMember(member, { type: 'markers', list: [marker] })
    this.#arm()
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#news.presence(socket)
    closeBack(socket, code)
  }

  /** Never throws: an alarm that fails six times is dropped by the platform. */
  override async alarm(): Promise<void> {
    this.#alarm.rang()
    const now = Date.now()
    try {
      if (await upkeep(this.#deps, now)) this.#alarm.recovered()
      else this.#alarm.failed()
      this.#limits.sweep(now)
    } catch (error) {
      this.#alarm.failed()
      report('the upkeep of an inbox failed', error)
    }
    this.#arm()
  }

  get #deps(): UpkeepDeps {
    return {
      workspace: this.#workspace,
      db: this.env.DB,
      rows: this.#rows,
      markers: this.#markers,
      rights: this.#rights,
      policies: this.#policies,
      bans: this.#bans,
      open: this.#open,
      conversations: this.#conversations,
      assigning: this.#assigning,
    }
  }

  #openedBy(conversation: string, standing: Standing | undefined, policy: number, at: number): Opened {
    this.#open.opened(conversation, policy, at, standing)
    const banned = this.#bans.bansAddress(standing?.ip, at) ? ({ banned: true } as const) : {}
    return { holds: true, policies: this.#policies.newerThan(policy), ...banned }
  }

  /** A conversation that knows other bans than those of now is told, after whatever it asks for was answered. */
  #compareBans(conversation: string, standing: Standing): void {
    if (!this.#bans.differs(standing, Date.now())) return
    this.#bans.owe(conversation, standing)
    this.#arm()
    void tellBans(this.#deps)
  }

  /** Answers whether it changed what is open, or whose. */
  #keep(row: ConversationRow, urgent: boolean): boolean {
    const kept = this.#burials.has(row.id) ? null : this.#rows.keep(row, urgent, Date.now())
    if (!kept) return false
    this.#limits.write()
    this.#dashboards.tellRow(row, kept.withdrawn, this.#news.history)
    if (kept.counted) this.#news.counts()
    const holder = row.deletedAt === null && row.status !== 'closed' ? row.assignee : null
    const isLeft = holder !== null && this.#rights.holds(holder)
    // Nearly always: an alarm that goes off before the row is due will find it, and nothing has to be looked up.
    if (isLeft || !this.#alarm.comesBy(kept.due)) this.#arm()
    return kept.counted
  }

  /** Somebody came or went. */
  #presenceChanged(): void {
    this.#news.presence()
    this.#assign()
  }

  /** CV6, after whatever may let something be given. The alarm takes over what does not succeed. */
  #assign(): void {
    void this.#assigning.run().then((isWell) => isWell || this.#arm())
  }

  /** Keeps policies that are newer than those here, and tells the dashboards what changed for them. */
  #policiesKept(policies: Policies | undefined): void {
    const before = this.#policies.keep(policies)
    if (before) this.#news.policies(before)
  }

  /** Whatever is due next. */
  #arm(): void {
    this.#alarm.arm(duesOf(this.#deps, Date.now()))
  }
}
