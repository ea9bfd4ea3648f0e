/** The first frame of a connection: what the conversation is to this reader. */
import { stateFor } from '../../core/conversation/audience.ts'
import { banOf } from '../../core/conversation/blocking.ts'
import { type Actor, authorOf } from '../../core/conversation/command.ts'
import { policyView } from '../../core/conversation/policy.ts'
import type { ConversationRecord, Cursors } from '../../core/conversation/record.ts'
import type { Present, ServerFrame } from '../../core/protocol/frames.ts'
import { audienceOf } from './sockets.ts'

/** @param present asked for agents only */
export function welcome(
  record: ConversationRecord,
  actor: Actor,
  cursors: Cursors,
  present: () => Present[],
): Extract<ServerFrame, { type: 'welcome' }> {
  const audience = audienceOf(actor)
  const team = audience === 'team' ? { team: record.team.head } : {}
  return {
    type: 'welcome',
    you: authorOf(actor),
    head: { public: record.public.head, ...team },
    state: stateFor(audience, record),
    cursors,
    policy: policyView(audience, record.policy, banOf(record, Date.now())),
    ...(audience === 'team' ? { present: present() } : {}),
  }
}
