/**
 * Bans at the edge (BN2–BN5): who may not begin a conversation, who may not write, and from where nothing is answered
 * at all. Where the inbox object is asked anyway, it says so as well; otherwise D1 is, and while that is out of reach,
 * again the inbox object.
 */
import { type BanKind, type BannedNetwork, isInForce, type Party, strongest } from '../core/bans/ban.ts'
import { isWithin, parseNetwork } from '../core/bans/network.ts'
import type { WorkspaceId } from '../core/ids.ts'
import type { Admission } from '../core/protocol/inboxCalls.ts'
import { refusal } from '../core/refusals.ts'
import { bannedNetworks, bansHolding } from './db/bans.ts'
import { Memory } from './memory.ts'
import { problem, refused } from './problem.ts'
import { within } from './within.ts'

/** How long D1 is waited for. */
const PATIENCE_MS = 500
/**
 * How long the networks that were read hold good in this isolate;
 * a socket that slips through is closed by its object.
 */
const NETWORKS_KEPT_MS = 10_000
const WORKSPACES_KEPT = 1_000

const known = new Memory<WorkspaceId, { goodUntil: number; networks: readonly BannedNetwork[] }>(WORKSPACES_KEPT)

/** Networks were banned here, or are no longer: what was read before is not looked at again. */
export function forgetNetworks(workspace: WorkspaceId): void {
  known.delete(workspace)
}

/**
 * For whatever is asked on behalf of a visitor.
 * @throws Problem `network_banned`
 */
export async function refuseNetwork(env: Env, workspace: WorkspaceId, ip: string): Promise<void> {
  const now = Date.now()
  if (lies(ip, await networksOf(env, workspace, now), now)) throw problem('network_banned')
}

interface Asking extends Party {
  workspace: WorkspaceId
  /** What they say their address is; whoever was banned under it is banned under it again (BN5). */
  email?: string | undefined
  /** Left out where a program asks: it speaks for people elsewhere. */
  ip?: string
}

/**
 * What the inbox object said to one more conversation of a visitor.
 * @throws Problem `banned`, `network_banned`, `too_many_conversations`
 */
export async function refuseUnlessAdmitted(env: Env, who: Asking, admission: Admission): Promise<void> {
  if (typeof admission === 'number') throw refused(refusal('too_many_conversations', admission))
  if (admission === 'network_banned') throw problem('network_banned')
  if (admission === 'banned') throw refused(refusal('banned'))
  if (admission === 'ask') await refuseBanned(env, who)
}

/**
 * Before a conversation begins.
 * @throws Problem `banned`, `network_banned`
 */
export async function refuseBanned(env: Env, who: Asking): Promise<void> {
  if ((await holding(env, who)) !== null) throw refused(refusal('banned'))
}

/**
 * Before anything else that a visitor writes outside of a conversation.
 * @throws Problem `blocked`, `network_banned`
 */
export async function refuseBlocked(env: Env, who: Asking): Promise<void> {
  if ((await holding(env, who)) === 'block') throw refused(refusal('blocked'))
}

/** The strongest that holds somebody. @throws Problem `network_banned` */
async function holding(env: Env, who: Asking): Promise<BanKind | null> {
  const now = Date.now()
  const { holds, networks } = await either(
    async () => {
      const found = (await bansHolding(env.DB, who.workspace, who)).filter((ban) => isInForce(ban, now))
      const isNetwork = ({ scope }: { scope: string }) => scope === 'network'
      return {
        holds: found.filter((ban) => !isNetwork(ban)),
        networks: found.filter(isNetwork).map(({ target, until }) => ({ text: target, until })),
      }
    },
    () => toldOf(env, who.workspace, { contact: who.contact, device: who.device }),
  )
  if (who.ip !== undefined && lies(who.ip, networks, now)) throw problem('network_banned')
  return strongest(holds, now)
}

async function networksOf(env: Env, workspace: WorkspaceId, now: number): Promise<readonly BannedNetwork[]> {
  const kept = known.get(workspace)
  if (kept && kept.goodUntil > now) return kept.networks
  const networks = await either(
    () => bannedNetworks(env.DB, workspace, now),
    async () => (await toldOf(env, workspace, null)).networks,
  )
  known.set(workspace, { goodUntil: now + NETWORKS_KEPT_MS, networks })
  return networks
}

/**
 * What the inbox object knows.
 * One that still runs the version before names its networks, those in force, by text alone.
 */
async function toldOf(env: Env, workspace: WorkspaceId, party: Party | null) {
  const { holds, networks } = await env.INBOX.getByName(workspace).bansOf(party)
  const known: ReadonlyArray<BannedNetwork | string> = networks
  return { holds, networks: known.map((one) => (typeof one === 'string' ? { text: one, until: null } : one)) }
}

/** Whether an address lies in one of them, also to the millisecond in which a ban lifts itself. */
function lies(ip: string, networks: readonly BannedNetwork[], now: number): boolean {
  return networks
    .filter((network) => isInForce(network, now))
    .map(({ text }) => parseNetwork(text))
    .some((network) => typeof network !== 'string' && isWithin(network, ip))
}

/** The first, or the second where the first fails or does not answer in time. */
async function either<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
  try {
    return await within(PATIENCE_MS, first())
  } catch {
    return await second()
  }
}
