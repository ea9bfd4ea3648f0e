import { describe, expect, test } from 'vitest'
import { append } from '../../core/conversation/append.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { HAND_OVER_MS } from '../../core/conversation/effects.ts'
import type { MessageEntry } from '../../core/conversation/entries.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { TRANSCRIPT_WINDOW_MS } from '../../core/conversation/transcriptRequests.ts'
import type { Author, ClientId } from '../../core/ids.ts'
import { SCOPES } from '../../core/scopes.ts'
import { AGENT_ADA, NOW, standing, told } from '../support/corpora/records.ts'

const SAID: MessageEntry = {
  n: 2,
  at: NOW,
  author: 'visitor:d' as Author,
  type: 'message.created',
  body: { text: 'hi' },
}
const ASK: Command = { type: 'send_transcript', to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' }
const SYSTEM: Actor = { kind: 'system' }
const open = standing({ status: 'waiting_human', assignee: null, servedBy: null })

function did(record: ConversationRecord, actor: Actor, command: Command, now: number): ConversationRecord {
  const decision = decide(record, actor, command, now, SAID)
  if (!decision.ok) throw new Error(decision.refusal.code)
  return append(record, decision, actor, { id: `x:${now}` as ClientId }, now).record
}
const asked = (record: ConversationRecord, now: number) => decide(record, AGENT_ADA, ASK, now, SAID)
const five = () => [0, 1, 2, 3, 4].reduce((record, i) => did(record, AGENT_ADA, ASK, NOW + i * 1_000), open)
const settle = (request: number, mayRetry: boolean): Command => ({
  ...{ type: 'settle_transcript', request, to: 'vic@example.com' },
  settled: { outcome: 'failed', reason: 'no', mayRetry },
})

describe('asking for a transcript', () => {
  test('[TR1] is numbered from 1, and says to whom, from where and by whom', () => {
    const decision = asked(open, NOW)
    expect(told(decision)).toBe('asked 1 to vic@example.com')
    expect(told(asked(five(), NOW + TRANSCRIPT_WINDOW_MS))).toBe('asked 6 to vic@example.com')
  })

  test('[TR2] needs something that was said', () => {
    expect(told(decide(open, AGENT_ADA, ASK, NOW, null))).toBe('!transcript_empty')
  })

  test('[TR5] the sixth within the hour is refused, with the very millisecond from which it is not', () => {
    const at = NOW + TRANSCRIPT_WINDOW_MS
    for (const now of [NOW + 5_000, at - 1])
      expect(asked(five(), now)).toMatchObject({ ok: false, refusal: { code: 'too_many_transcripts', retryAt: at } })
    expect(asked(five(), at).ok).toBe(true)
    // The window rolls: then the second place is free a second later.
    const sixth = did(five(), AGENT_ADA, ASK, at)
    expect(asked(sixth, at)).toMatchObject({ refusal: { retryAt: at + 1_000 } })
    expect(asked(sixth, at + 1_000).ok).toBe(true)
  })

  test('[TR5] the limit is the policy’s, and one that is lowered holds at once', () => {
    const two = { ...five(), policy: { ...open.policy, transcriptsPerHour: 2 } }
    expect(asked(two, NOW + 9_000)).toMatchObject({ refusal: { retryAt: NOW + 3_000 + TRANSCRIPT_WINDOW_MS } })
    const { transcriptsPerHour: _, ...older } = open.policy
    expect(asked({ ...five(), policy: older }, NOW + 9_000).ok).toBe(false)
  })

  test('[TR5] a place is given back by a failure without Retry, and by no other end', () => {
    expect(asked(did(five(), SYSTEM, settle(3, false), NOW + 9_000), NOW + 9_000).ok).toBe(true)
    const kept = did(five(), SYSTEM, settle(3, true), NOW + 9_000)
    expect(asked(kept, NOW + 9_000).ok).toBe(false)
    const sent: Command = { ...settle(3, false), settled: { outcome: 'sent' } } as Command
    expect(asked(did(five(), SYSTEM, sent, NOW + 9_000), NOW + 9_000).ok).toBe(false)
  })

  test('[TR5] Retry is for what failed with it, once, and takes no place', () => {
    const retry: Command = { type: 'retry_transcript', request: 3 }
    expect(told(decide(five(), AGENT_ADA, retry, NOW))).toBe('!transcript_not_failed')
    const failed = did(five(), SYSTEM, settle(3, true), NOW + 9_000)
    expect(told(decide(failed, AGENT_ADA, retry, NOW))).toBe('retried 3')
    const retried = did(failed, AGENT_ADA, retry, NOW + 9_000)
    expect(retried.transcripts?.slots).toEqual(failed.transcripts?.slots)
    expect(told(decide(retried, AGENT_ADA, retry, NOW))).toBe('!transcript_not_failed')
  })

  test.each([-1, 1])(
    '[Q8] a clock that goes %i hour or 8 days keeps the window, and shuts it for no longer',
    (sign) => {
      const record = five()
      const back = asked(record, NOW + 5_000 - 1_800_000)
      expect(back).toMatchObject({ ok: false, refusal: { retryAt: NOW + TRANSCRIPT_WINDOW_MS } })
      expect(asked(record, NOW + sign * 8 * 86_400_000).ok).toBe(true)
    },
  )

  test('[TR8] is for agents, and for keys with the scope: no visitor chooses a recipient', () => {
    const visitor: Actor = { kind: 'visitor', device: open.device }
    const key = (scopes: (typeof SCOPES)[number][]): Actor => ({ kind: 'key', id: 'k', name: 'Robot', scopes })
    expect(told(decide(open, visitor, ASK, NOW, SAID))).toBe('!not_allowed')
    expect(told(decide(open, SYSTEM, ASK, NOW, SAID))).toBe('!not_allowed')
    expect(told(decide(open, key(SCOPES.filter((s) => s !== 'transcripts:write')), ASK, NOW, SAID))).toBe(
      '!scope_missing',
    )
    expect(told(decide(open, key(['transcripts:write']), ASK, NOW, SAID))).toBe('asked 1 to vic@example.com')
    for (const actor of [visitor, AGENT_ADA, key([...SCOPES])])
      expect(told(decide(open, actor, settle(1, true), NOW))).toBe('!not_allowed')
  })

  test('[TR4] the visitor learns that one was sent, and the team to whom', () => {
    const sent: Command = { ...settle(1, false), settled: { outcome: 'sent' } } as Command
    const decision = decide(did(open, AGENT_ADA, ASK, NOW), SYSTEM, sent, NOW)
    if (!decision.ok) throw new Error('refused')
    expect(decision.events).toEqual([
      { type: 'transcript.sent', body: {} },
      { type: 'transcript.settled', body: { request: 1, to: 'vic@example.com', outcome: 'sent' } },
    ])
  })

  test('[I8] a promise is looked at within a minute, and an ordinary record does not know of it', () => {
    expect(did(open, AGENT_ADA, ASK, NOW).timers.effects).toBe(NOW + HAND_OVER_MS)
    const ordinary = did(open, AGENT_ADA, { type: 'add_note', text: 'x' }, NOW)
    expect('transcripts' in ordinary || 'effects' in ordinary.timers).toBe(false)
  })
})
