/**
 * A visitor begins a conversation, or goes on where one was closed for good (CV4). The conversation that ended decides
 * where it goes on: however many tabs and retries ask, there is one continuation.
 */
import { policyFor } from '../core/conversation/policy.ts'
import type { Origin } from '../core/conversation/record.ts'
import type { ClientId, ConversationId } from '../core/ids.ts'
import type { DispatchAnswer } from '../core/protocol/conversationCalls.ts'
import type { Identity } from '../core/protocol/identity.ts'
import { refuseUnlessAdmitted } from './bans.ts'
import type { PublicChannel } from './db/channels.ts'
import { conversationObject } from './objects.ts'
import { refused } from './problem.ts'

export interface Beginning {
  /** Where it begins unless it goes on elsewhere. */
  origin: Origin
  channel: PublicChannel
  clientId: ClientId
  text: string
  /** The conversation that was closed for good. */
  continues: string | undefined
  /** Where it is asked from (DL9). */
  ip: string
}

/** How often one continuation may have been closed for good in its turn before somebody comes to write on. */
const HOPS_MAX = 20

/** @throws Problem for every refusal; `repeated` where the same client id had begun it */
export async function begin(env: Env, beginning: Beginning): Promise<{ id: ConversationId; repeated: boolean }> {
  const { origin, channel } = beginning
  const { workspace, device } = origin
  const policy = policyFor(channel.policies, channel.id)
  const identity: Identity = { kind: 'visitor', workspace, device, policy, ip: beginning.ip }
  let continues = beginning.continues
  for (let hops = 0; ; hops += 1) {
    const id = continues === undefined ? origin.id : await placeAfter(env, identity, continues, origin.id)
    const from = { ...origin, id, ...(continues !== undefined && { continues: continues as ConversationId }) }
    const admission = await env.INBOX.getByName(workspace).admitStart(id, device, beginning.ip, origin.contact)
    await refuseUnlessAdmitted(env, origin, admission)
    const outcome = await sayFirst(env, identity, from, beginning)
    if (outcome.ok) return { id, repeated: outcome.repeated }
    if (beginning.continues === undefined || outcome.refusal.code !== 'conversation_ended' || hops >= HOPS_MAX)
      throw refused(outcome.refusal)
    continues = id
  }
}

/** Where a conversation goes on: in a new one, in the one that continues it already, or in itself if it can. */
async function placeAfter(
  env: Env,
  identity: Identity,
  continues: string,
  fresh: ConversationId,
): Promise<ConversationId> {
  const stub = conversationObject(env, continues)
  const command = { type: 'continue_in', conversation: fresh } as const
  // An id of its own: that it goes on is not the message that waits for its acknowledgement.
  const envelope = { id: `${fresh}:1` as ClientId, retry: true, command }
  const outcome = await stub.dispatch({ identity, envelope })
  if (outcome.ok) return fresh
  const { code, continuedIn } = outcome.refusal
  if (code === 'conversation_not_ended') return continues as ConversationId
  if (continuedIn === undefined) throw refused(outcome.refusal)
  return continuedIn
}

/** The first message of a conversation that may have been begun by another tab: then it is one more. */
async function sayFirst(
  env: Env,
  identity: Identity,
  origin: Origin,
  { clientId, text, continues }: Beginning,
): Promise<DispatchAnswer> {
  const say = async (type: 'start' | 'send_message') =>
    conversationObject(env, origin.id).dispatch({
      identity,
      envelope: { id: clientId, retry: true, command: { type, text } },
      ...(type === 'start' && { origin }),
    })
  const outcome = await say('start')
  const isBegun = !outcome.ok && ['already_started', 'client_id_conflict'].includes(outcome.refusal.code)
  return continues !== undefined && isBegun ? say('send_message') : outcome
}
