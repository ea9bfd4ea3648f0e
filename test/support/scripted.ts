/** Conversations driven straight through the object's RPC: fast, and with every writer at hand. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Command, Envelope } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY, type Policies, type Policy } from '../../core/conversation/policy.ts'
import { NO_SOURCE, type Origin } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import {
  type ChannelId,
  type ClientId,
  contactOf,
  type DeviceId,
  type MemberId,
  type WorkspaceId,
} from '../../core/ids.ts'
import type { DispatchAnswer, DispatchCall, PageAnswer, ReadAnswer } from '../../core/protocol/conversationCalls.ts'
import type { Identity } from '../../core/protocol/identity.ts'
import { SCOPES } from '../../core/scopes.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { conversationIdFor } from '../../worker/ids.ts'

export const WORKSPACE = 'w_scripted' as WorkspaceId
/** Ana is an administrator; Ben is not, and what is hidden from agents is hidden from him. */
export const MEMBERS = { ana: 'm_ana' as MemberId, ben: 'm_ben' as MemberId }
/** The assistant of the channel, where the policy says that there is one. */
export const NOVA = 'a_nova'
/** A program that may do whatever programs may, but for deleting conversations. */
export const ROBOT = {
  id: 'k_robot',
  name: 'Robot',
  scopes: SCOPES.filter((scope) => scope !== 'conversations:delete'),
}
/** `foyer` is the system. */
export type Who = 'visitor' | 'nova' | 'robot' | 'foyer' | keyof typeof MEMBERS

export const KIND_OF = {
  ...{ visitor: 'visitor', ana: 'agent', ben: 'agent' },
  ...{ nova: 'assistant', robot: 'key', foyer: 'system' },
} as const satisfies Record<Who, Identity['kind']>

/** Limits so wide that they never refuse; the code that counts them still runs. */
export const OPEN_POLICY: Policy = {
  ...DEFAULT_POLICY,
  version: 1,
  limits: { quick: { burst: 100_000, everyMs: 1 }, lasting: { burst: 100_000, everyMs: 1 } },
}

type Extra = Omit<Partial<Envelope>, 'id' | 'command'>
export type Dispatch = (who: Who, clientId: string, command: Command, extra?: Extra) => Promise<DispatchAnswer>

/** What can be done from inside the object. */
export interface Inside {
  dispatch: Dispatch
  sleep(): void
  /** An administrator decides. */
  decide(policies: Policies): Promise<void>
  alarmAt(): Promise<number | null>
  /** The power goes before it is durable: nothing of it was, and nobody has heard of it. */
  crash(who: Who, clientId: string, command: Command, extra?: Extra): void
  /** The power goes once it is durable: it was, and nobody has heard of it, nor of the answer. */
  crashAfter(who: Who, clientId: string, command: Command, extra?: Extra): Promise<void>
  log(who: Who): Promise<Entry[]>
  page(who: Who): Promise<PageAnswer>
  row(): Promise<ConversationRow>
  read(who: Who): Promise<ReadAnswer>
}

let count = 0

export async function scripted(policy: Policy = OPEN_POLICY) {
  count += 1
  const device = `d_${crypto.randomUUID()}` as DeviceId
  const id = conversationIdFor(env.ID_SECRET, WORKSPACE, device, `s${count}:1`)
  const origin: Origin = {
    id,
    workspace: WORKSPACE,
    channel: 'ch_scripted' as ChannelId,
    contact: contactOf(device),
    device,
    source: NO_SOURCE,
  }
  // After a crash or an eviction a stub is of no more use: take a new one for every call.
  const stub = () => env.CONVERSATION.getByName(id)
  const call = (who: Who, clientId: string, command: Command, extra: Extra = {}): DispatchCall => ({
    identity: identityOf(who, device, policy),
    envelope: { id: clientId as ClientId, command, ...extra },
    ...(command.type === 'start' ? { origin } : {}),
  })
  return {
    id,
    device,
    stub,
    call,
    identity: (who: Who): Identity => identityOf(who, device, policy),
    dispatch: ((...args) => stub().dispatch(call(...args))) as Dispatch,
    /**
     * Several commands inside the object, without the test pool's round trip for each. `sleep` is what an eviction does
     * to the object: a new instance on the same storage, with nothing in memory. (Some are real all the same.) From the
     * first `sleep` on, the inbox hears everything and remembers nothing, which is fast.
     */
    within: (run: (inside: Inside) => Promise<void>) =>
      runInDurableObject(stub(), (awake, ctx) => {
        // Nobody else is at work: plays about the inbox, and about what a queue brings back, are played elsewhere.
        const heard = { getByName: () => ({ update: async () => null }) }
        const own = Object.assign({}, env, { TRANSCRIPTS: { send: async () => {} }, INBOX: heard })
        let object = awake
        const silent = { getByName: () => ({ update: () => new Promise(() => {}) }) }
        const doom = () => new Conversation(ctx, Object.assign({}, own, { INBOX: silent }))
        // An instance that was replaced does nothing more: here its timers go on, but nobody answers it any more.
        const replace = () => {
          Object.assign(object, { env: Object.assign({}, own, { INBOX: silent }) })
          object = new Conversation(ctx, own)
        }
        return run({
          crash: (...args) => {
            const doomed = doom()
            const crash = new Error('the power went')
            try {
              ctx.storage.transactionSync(() => {
                void doomed.dispatch(call(...args))
                throw crash
              })
            } catch (error) {
              if (error !== crash) throw error
            }
            replace()
          },
          crashAfter: async (...args) => {
            await doom().dispatch(call(...args))
            replace()
          },
          dispatch: (...args) => object.dispatch(call(...args)),
          sleep: replace,
          decide: (policies) => object.policiesChanged(policies),
          alarmAt: () => ctx.storage.getAlarm(),
          log: async (who) => entriesOf(await object.page(identityOf(who, device, policy), {})),
          page: (who) => object.page(identityOf(who, device, policy), {}),
          read: (who) => object.read(identityOf(who, device, policy)),
          row: async () => rowIn(await object.read(identityOf('ana', device, policy))),
        })
      }),
    log: async (who: Who) => entriesOf(await stub().page(identityOf(who, device, policy), {})),
    page: async (who: Who): Promise<PageAnswer> => stub().page(identityOf(who, device, policy), {}),
    row: async () => rowIn(await stub().read(identityOf('ana', device, policy))),
  }
}

function entriesOf(page: PageAnswer): Entry[] {
  if (!page.ok) throw new Error(page.refusal.code)
  return page.list
}

function rowIn(read: ReadAnswer): ConversationRow {
  if (!read.ok) throw new Error(read.refusal.code)
  return read.row
}

function identityOf(who: Who, device: DeviceId, policy: Policy): Identity {
  if (who === 'visitor') return { kind: 'visitor', workspace: WORKSPACE, device, policy }
  if (who === 'robot') return { kind: 'key', workspace: WORKSPACE, ...ROBOT }
  if (who === 'foyer') return { kind: 'system', workspace: WORKSPACE }
  if (who === 'nova') return { kind: 'assistant', workspace: WORKSPACE, id: NOVA, name: 'Nova', policy }
  return {
    kind: 'agent',
    memberships: [
      {
        workspace: WORKSPACE,
        member: MEMBERS[who],
        name: who === 'ana' ? 'Ana' : 'Ben',
        role: who === 'ana' ? 'admin' : 'agent',
        rights: ['reassign'],
      },
    ],
    sessionExpiresAt: Date.now() + 86_400_000,
    asOf: Date.now(),
  }
}

/** What two conversations of one script have in common: everything but ids and times. */
export function alike(what: unknown, { id, device }: { id: string; device: string }): unknown {
  const text = JSON.stringify(what).replaceAll(id, 'id').replaceAll(device.slice(1), '')
  return JSON.parse(text.replace(/\b\d{13}\b/g, '0'))
}
