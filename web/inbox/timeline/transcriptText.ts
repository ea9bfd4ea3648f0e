/** What happened to a transcript, as sentences for the team (TR4, TR6). */
import type { Entry } from '../../../core/conversation/entries.ts'
import type { Names } from './createNames.ts'

export type TranscriptEntry = Extract<Entry, { type: `transcript.${string}` }>

/** Null where the line that follows says more: the team is told to whom it went, the visitor only that it did. */
export function transcriptText(entry: TranscriptEntry, names: Names): string | null {
  const by = names.author(entry.author)
  switch (entry.type) {
    case 'transcript.sent':
      return null
    case 'transcript.requested':
      return `${by} asked to send a transcript to ${entry.body.to}`
    case 'transcript.retried':
      return `${by} asked to send the transcript again`
    case 'transcript.settled':
      return outcomeText(entry.body)
  }
}

type Settled = Extract<Entry, { type: 'transcript.settled' }>['body']

function outcomeText({ to, outcome, reason = '' }: Settled): string {
  switch (outcome) {
    case 'sent':
      return `The transcript was sent to ${to}`
    case 'failed':
      return `The transcript to ${to} could not be sent. ${reason}`
    case 'unknown':
      return `It is not known whether the transcript to ${to} was sent. ${reason} It is not sent again by itself.`
  }
}

/** The failure that an entry tells of, where it may be tried again and nobody has since; else null. */
export function retryable(entry: Entry, entries: readonly Entry[]): Settled | null {
  if (entry.type !== 'transcript.settled' || !entry.body.mayRetry) return null
  const { request } = entry.body
  const isOver = entries.some(
    (later) =>
      (later.type === 'transcript.retried' || later.type === 'transcript.settled') &&
      later.n > entry.n &&
      later.body.request === request,
  )
  return isOver ? null : entry.body
}
