/**
 * Mails the transcripts that were asked for (TR3–TR7), one message of the queue each. A claim comes first and is
 * durable before anything is sent, so that what is delivered twice is sent once; whatever happens before the mail
 * leaves is told as certainly not sent, and what nobody tells lapses to unknown.
 */
import { z } from 'zod'
import type { EffectOutcome } from '../../core/conversation/effects.ts'
import { isConversationId } from '../../core/ids.ts'
import type { ClaimedTranscript, EffectCall, TranscriptJob } from '../../core/protocol/effectCalls.ts'
import { isVerifiedSender } from '../db/senders.ts'
import { openFor } from '../db/workspace.ts'
import { titleOf, transcriptForMail } from '../mail/transcript.tsx'
import { sendBy, wayOut } from '../mail/workspaceMail.ts'
import { conversationObject } from '../objects.ts'
import { report } from '../report.ts'
import { linkTo, readTranscript } from '../transcripts.ts'

const Job = z.object({
  conversation: z.string().refine(isConversationId),
  request: z.int().min(1),
}) satisfies z.ZodType<TranscriptJob>

/** Seconds until what could not be begun is delivered once more. */
const AGAIN_S = 30
/** What came of a mail is told until somebody hears it. */
const TELLINGS = 3

/** The queue itself. What throws has not been begun, and comes again; three times later it is a dead letter. */
export async function sendTranscripts(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await sendOne(env, Job.parse(message.body))
        message.ack()
      } catch (error) {
        reportTrouble('a transcript could not be begun', message, error)
        message.retry({ delaySeconds: AGAIN_S })
      }
    }),
  )
}

/**
 * Dead letters: nobody could begin. They are told to the operator and let go, because the conversation itself hands
 * over again what is pending, and gives up in the end, where everybody sees it.
 */
export async function buryTranscripts(batch: MessageBatch): Promise<void> {
  for (const message of batch.messages) {
    reportTrouble('a transcript is a dead letter', message, new Error('given up by its queue'))
    message.ack()
  }
}

function reportTrouble(what: string, { id, attempts, body }: Message, error: unknown): void {
  const { data: job } = Job.safeParse(body)
  report(what, error, { queueMessage: id, attempts, ...job })
}

async function sendOne(env: Env, job: TranscriptJob): Promise<void> {
  const stub = conversationObject(env, job.conversation)
  const claim = await stub.effect({ do: 'claim', request: job.request })
  if (!claim.ok || !('job' in claim)) return
  const outcome = await outcomeOf(env, job, claim.job)
  await tell(env, job, { do: 'tell', request: job.request, claim: claim.job.claim, outcome })
}

async function outcomeOf(env: Env, job: TranscriptJob, claimed: ClaimedTranscript): Promise<EffectOutcome> {
  let ready: Awaited<ReturnType<typeof prepared>>
  try {
    ready = await prepared(env, job, claimed)
  } catch (error) {
    report('a transcript could not be made', error, { ...job })
    return { outcome: 'refused', reason: 'A part of the service was out of reach.', permanent: false }
  }
  if ('outcome' in ready) return ready
  return sendBy(ready.way, ready.mail)
}

/** All that the mail needs, or why there is none to send. */
async function prepared(env: Env, { conversation, request }: TranscriptJob, claimed: ClaimedTranscript) {
  const { workspace: id, contact, to, from, name, until } = claimed
  const workspace = openFor(env.DB, id, 'system')
  if (!(await isVerifiedSender(workspace, from))) return refused('The sender’s address was removed meanwhile.')
  const way = await wayOut(env, workspace, { address: from, name })
  if (!way) return refused('This installation sends no mail.')
  const as = { kind: 'system', workspace: id } as const
  const transcript = await readTranscript(env, { conversation, as, workspace: id, contact, until })
  if (!transcript) return refused('Every message it would hold was deleted meanwhile.')
  const now = Date.now()
  const document = transcriptForMail(
    transcript,
    await linkTo(env, { conversation, workspace: id, contact, until }, now),
  )
  // The same request is the same mail, however often it was tried.
  const mail = {
    to: { address: to },
    subject: titleOf(transcript),
    ...document,
    id: `${conversation}.${request}`,
    at: now,
  }
  return { way, mail }
}

function refused(reason: string): EffectOutcome {
  return { outcome: 'refused', reason, permanent: true }
}

async function tell(env: Env, { conversation }: TranscriptJob, call: EffectCall): Promise<void> {
  for (let telling = 1; ; telling += 1) {
    try {
      await conversationObject(env, conversation).effect(call)
      return
    } catch (error) {
      report('the end of a transcript could not be told', error)
      // It has been claimed: delivered again it would only be turned away.
      if (telling === TELLINGS) return
    }
  }
}
