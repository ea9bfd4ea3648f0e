import type { Entry, EntryRef } from '../../../core/conversation/entries.ts'
import { preview } from '../../../core/conversation/state.ts'
import { isSaid, refOf, type Said } from '../conversation/createMessageActs.ts'
import styles from './QuoteBlock.module.css'

interface QuoteBlockProps {
  entryRef: EntryRef
  entries: readonly Entry[]
  authorOf(said: Said): string
  onJump(): void
}

/** The beginning of what is quoted, as it reads now; a click leads there. */
export function QuoteBlock(props: QuoteBlockProps) {
  const original = () => props.entries.find((entry): entry is Said => isSaid(entry) && refOf(entry) === props.entryRef)
  const author = () => {
    const said = original()
    return said ? props.authorOf(said) : 'Earlier message'
  }
  const text = () => {
    const said = original()
    if (!said) return 'Show it'
    return said.type === 'message.created' && said.body.deletedAt !== undefined
      ? 'This message was deleted.'
      : preview(said.body.text)
  }
  return (
    <button type="button" class={styles.quote} onClick={() => props.onJump()}>
      <span class="visuallyHidden">Quoted: </span>
      <bdi>{author()}</bdi>
      <span class="visuallyHidden">: </span>
      <span dir="auto">{text()}</span>
    </button>
  )
}
