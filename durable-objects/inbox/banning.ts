/**
 * What follows from a ban, or from its lifting:
 * whom of the conversations to tell, and the mark that dashboards show (BN1).
 */
import type { BanFact } from '../../core/bans/ban.ts'
import { parseNetwork } from '../../core/bans/network.ts'
import type { LiveBans } from './bans.ts'
import type { Dashboards } from './dashboards.ts'
import type { Concerned, OpenConversations } from './openConversations.ts'
import type { Rows } from './rows.ts'

/**
 * Takes what is new, notes down every conversation that has to be told, open or asleep, and shows it in the dashboards.
 * @param concerned those that D1 knows of; the open ones and those that D1 has not taken yet are found here
 */
export function keepBans(
  { bans, rows, open }: { bans: LiveBans; rows: Rows; open: OpenConversations },
  dashboards: Dashboards,
  facts: readonly BanFact[],
  concerned: readonly Concerned[],
): void {
  const young = rows.all().map(({ id, contact, device }) => ({ conversation: id, contact, device }))
  for (const { target, scope, version, kind, until, lifted, by, conversation } of bans.keep(facts)) {
    const known = [...concerned, ...young].filter(({ contact, device }) => contact === target || device === target)
    const affected = [...known, ...openBy(open, scope, target)]
    for (const other of affected) bans.owe(other.conversation, other)
    const from = affected.find((other) => other.conversation === conversation)
    if (from) bans.owe(from.conversation, from, { version, scope, kind, until, lifted, by })
    // An address is for who may ban alone, and nobody's mark.
    if (scope !== 'network') dashboards.tell({ type: 'ban', ban: { target, scope, kind, until, lifted } })
  }
}

function openBy(open: OpenConversations, scope: BanFact['scope'], target: string) {
  const network = scope === 'network' ? parseNetwork(target) : null
  return network === null || typeof network === 'string' ? open.of(target) : open.from(network)
}
