/** What earlier commits said and stored, by the commits that were recorded (test/fixtures/record.mjs), oldest first. */

import first from '../../fixtures/7bbb247.json'
import beforeBans from '../../fixtures/29be46d.json'
import beforeRights from '../../fixtures/3064808.json'
import everyCall from '../../fixtures/6699615.json'
import beforeAssistants from '../../fixtures/ac88c2e.json'
import deleting from '../../fixtures/stored-6a3de75.json'
import late from '../../fixtures/stored-d9c5c95.json'
import { unpacked } from './again.ts'
import type { Call, Sent } from './recorder.ts'

export interface Stored {
  steps: unknown
  tables: Array<{ name: string; create: string; rows: SqlStorageValue[][] }>
}

export interface Recording {
  at: number
  id: string
  workspace: string
  cookie: string
  database: Array<{ name: string; create: string; rows: unknown[][] }>
  calls: Call[]
  sent: Sent[]
  received: Record<Sent['who'], Array<{ type: string }>>
  stored: { conversation: Stored; inbox: Stored }
}

/**
 * A file as it was written: the first ones named no object,
 * told no order of calls and frames, and kept frames as text.
 */
interface File extends Omit<Recording, 'calls' | 'sent' | 'received'> {
  calls?: Array<Omit<Call, 'on'>>
  sent: Array<Omit<Sent, 'calls'> & { calls?: number }>
  received?: Record<Sent['who'], string[]>
  again?: unknown[]
  said?: unknown
}

function read(json: unknown): Recording {
  const file = json as File
  if (file.again) {
    const said = unpacked({ value: file.said, again: file.again }) as Pick<Recording, 'calls' | 'received'>
    return { ...file, ...said, sent: file.sent.map((frame) => ({ ...frame, calls: frame.calls ?? 0 })) }
  }
  const calls = (file.calls ?? []).map((call) => ({
    ...call,
    on: call.object === 'inbox' ? file.workspace : file.id,
  }))
  // All of them were sent as soon as both sat there.
  const seated = calls.findLastIndex(({ object, name }) => object === 'conversation' && name === 'fetch') + 1
  const frames = (who: Sent['who']) => (file.received?.[who] ?? []).map((text) => JSON.parse(text))
  return {
    ...file,
    calls,
    sent: file.sent.map((frame) => ({ ...frame, calls: seated })),
    received: { visitor: frames('visitor'), agent: frames('agent'), inbox: frames('inbox') },
  }
}

export const RECORDINGS: ReadonlyArray<[string, Recording]> = [
  ['the first commit with tests', read(first)],
  ['the last commit before rights and policies', read(beforeRights)],
  ['the last commit before assistants', read(beforeAssistants)],
  ['the last commit before bans and transcripts', read(beforeBans)],
  ['the first commit that was recorded with every call', read(everyCall)],
]

/** What else is kept of objects alone, so that there is one of every schema. */
export const KEPT: ReadonlyArray<[string, Recording]> = [
  ...RECORDINGS,
  ['the last commit before conversations were deleted', read(late)],
  ['the last commit before policies', read(deleting)],
]

/** As if it had been recorded from `at` on, epoch milliseconds: sessions hold, and alarms do not go off at once. */
export function recordedAt(recording: Recording, at: number): Recording {
  const later = at - recording.at
  return JSON.parse(
    JSON.stringify(recording).replaceAll(/(?<=\D)17\d{11}(?=\D)/g, (time) => String(Number(time) + later)),
  )
}
