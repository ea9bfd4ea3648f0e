import { type Author, authorKind, memberOf } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { useInbox } from '../app/InboxContext.tsx'

export interface Names {
  /** The member who looks. */
  me: string
  nameOf(member: string): string
  /** Whoever wrote or did something; an assistant is marked (MS2). */
  author(author: Author): string
}

/** How everybody in a conversation is called: by the name that visitors were told, where they were. */
export function createNames(live: Pick<LiveConversation, 'state'>, contact: () => string): Names {
  const { me, members, programs } = useInbox()
  const told = (author: Author) => live.state.public.people[author]
  const nameOf = (member: string) => told(`agent:${member}`) ?? members.nameOf(member)
  return {
    me,
    nameOf,
    author: (author) => {
      const member = memberOf(author)
      if (member !== null) return member === me ? 'You' : nameOf(member)
      const kind = authorKind(author)
      if (kind === 'visitor') return contact()
      if (kind === 'key') return told(author) ?? programs.nameOf(author)
      return kind === 'assistant' ? `${told(author) ?? 'Assistant'} · AI` : 'Foyer'
    },
  }
}
