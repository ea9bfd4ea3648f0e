import Link from '~icons/lucide/link'
import { createCopyLink } from '../../conversation/createCopyLink.ts'
import { ActionButton } from './ActionButton.tsx'
import type { ActionProps } from './Actions.tsx'

/** Copies the link that opens this conversation for whoever may see it (LK1). */
export function CopyLink(props: ActionProps) {
  const copyLink = createCopyLink()
  return (
    <ActionButton icon={<Link aria-hidden="true" />} onClick={() => copyLink(props.id)}>
      Copy link
    </ActionButton>
  )
}
