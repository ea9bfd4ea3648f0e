/**
 * Which consumer a queue has.
 * An installation may bear another name, and its queues with it: their endings are ours.
 */
import { buryTranscripts, sendTranscripts } from './transcripts.ts'

/** Hands a batch to the consumer of its queue. @throws for a queue that has none: its messages come again */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  if (batch.queue.endsWith('-transcripts')) return sendTranscripts(batch, env)
  if (batch.queue.endsWith('-transcripts-dead')) return buryTranscripts(batch)
  throw new Error(`nobody consumes ${batch.queue}`)
}
