/**
 * What dashboards are told of the workspace as a whole:
 * the greeting, who is there, counts and policies. Must never await.
 */
import { canSee, seesAll } from '../../core/conversation/canSee.ts'
import { type HistoryPolicy, type Policies, workspacePolicy } from '../../core/conversation/policy.ts'
import type { Membership } from '../../core/membership.ts'
import type { DashboardPolicy } from '../../core/protocol/inboxFrames.ts'
import { rightsOf } from '../../core/rights.ts'
import type { Dashboards } from './dashboards.ts'
import type { Markers } from './markers.ts'
import type { LivePolicies } from './policies.ts'
import type { Rows } from './rows.ts'

export interface NewsDeps {
  dashboards: Dashboards
  rows: Rows
  markers: Markers
  policies: LivePolicies
}

export class News {
  readonly #deps: NewsDeps

  constructor(deps: NewsDeps) {
    this.#deps = deps
  }

  get history(): HistoryPolicy {
    return workspacePolicy(this.#deps.policies.now()).history
  }

  /** To a dashboard that has just opened: first what D1 may not have. The list itself is read from D1 afterwards. */
  welcome(socket: WebSocket, me: Membership): void {
    const { dashboards, rows, markers } = this.#deps
    const history = this.history
    dashboards.send(socket, {
      type: 'welcome',
      rows: rows.all().filter((row) => row.deletedAt === null && canSee(me, row, history)),
      markers: markers.of(me.member),
      members: dashboards.presence(),
      counts: rows.counts()(me.member, history === 'hide' && !seesAll(me)),
      policy: this.#policy(),
      rights: rightsOf(me),
    })
  }

  /** Who is there has changed. `gone` has closed. */
  presence(gone?: WebSocket): void {
    const { dashboards } = this.#deps
    dashboards.tell({ type: 'members', list: dashboards.presence(gone) })
  }

  /** What views count has changed. */
  counts(): void {
    const { dashboards, rows } = this.#deps
    if (!dashboards.anybody()) return
    const countsOf = rows.counts()
    const hides = this.history === 'hide'
    dashboards.tellEach((member) => ({ type: 'counts', counts: countsOf(member.member, hides && !seesAll(member)) }))
  }

  /** Other policies hold than `before`. */
  policies(before: Policies): void {
    const { dashboards } = this.#deps
    dashboards.tell({ type: 'policy', policy: this.#policy() })
    if (workspacePolicy(before).history !== this.history) dashboards.renew()
  }

  #policy(): DashboardPolicy {
    const { awayAfterMs } = workspacePolicy(this.#deps.policies.now())
    return { awayAfterMs }
  }
}
