import type { Component, ComponentProps } from 'solid-js'
import CircleCheck from '~icons/lucide/circle-check'
import CircleDashed from '~icons/lucide/circle-dashed'
import Inbox from '~icons/lucide/inbox'
import Mail from '~icons/lucide/mail'
import UserCheck from '~icons/lucide/user-check'
import UserX from '~icons/lucide/user-x'
import { VIEWS, type View } from '../../../core/conversation/filter.ts'

interface ViewWords {
  name: string
  icon: Component<ComponentProps<'svg'>>
  /** What it means that the view is empty, and what to do next. */
  empty: string
}

/** The views of the inbox (IB2) in words and signs. */
export const VIEW_WORDS: Readonly<Record<View, ViewWords>> = {
  all: { name: 'All', icon: Inbox, empty: 'Nobody has written yet.' },
  unread: { name: 'Unread', icon: Mail, empty: 'You have read everything.' },
  unresolved: { name: 'Unresolved', icon: CircleDashed, empty: 'Every conversation is resolved.' },
  resolved: { name: 'Resolved', icon: CircleCheck, empty: 'Closed conversations are kept here.' },
  mine: { name: 'Assigned to me', icon: UserCheck, empty: 'No conversation is assigned to you.' },
  unassigned: { name: 'Unassigned', icon: UserX, empty: 'Nobody is waiting for somebody to take over.' },
}

/** Whether a part of an address names a view. */
export function isView(text: string | undefined): text is View {
  return VIEWS.some((view) => view === text)
}
