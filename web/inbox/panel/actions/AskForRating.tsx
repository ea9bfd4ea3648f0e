import { Show } from 'solid-js'
import Smile from '~icons/lucide/smile-plus'
import { CAPABILITIES } from '../../../../core/channelKinds.ts'
import { unavailable } from '../../../../core/refusals.ts'
import { momentOf } from '../../../lib/moment.ts'
import { useNotify } from '../../../ui/Notices.tsx'
import { createWait } from '../../app/createWait.ts'
import { useInbox } from '../../app/InboxContext.tsx'
import { createAttempt } from '../../form/createAttempt.ts'
import { useSession } from '../../session/SessionProvider.tsx'
import { ActionButton } from './ActionButton.tsx'
import type { ActionProps } from './Actions.tsx'

/**
 * Asks the visitor for a rating (RT1); where one asked not long ago,
 * says when one may again (RT3). Not there for voice (RT4).
 */
export function AskForRating(props: ActionProps) {
  const session = useSession()
  const notify = useNotify()
  const { channels } = useInbox()
  const { attempt, busy } = createAttempt(notify)
  const kind = () => channels.kindOf(props.row.channel)
  const again = () => props.permissions.asksAgainAt()
  const waits = createWait(again)
  const barred = () => {
    if (CAPABILITIES[kind()].rating === 'barred') return unavailable('rating_unavailable', kind()).message
    const fault = props.permissions.askFault()
    if (fault !== null) return fault
    return waits() ? `You have asked already. You can ask again ${momentOf(again() ?? 0)}.` : undefined
  }

  const ask = () =>
    attempt(async () => {
      await session.request('POST', `/api/v1/conversations/${props.id}/rating-requests`)
      notify('The visitor is asked for a rating.')
    })

  return (
    <Show when={CAPABILITIES[kind()].rating !== 'hidden'}>
      <ActionButton icon={<Smile aria-hidden="true" />} busy={busy()} barred={barred()} onClick={() => void ask()}>
        Ask for rating
      </ActionButton>
    </Show>
  )
}
