/** What was typed and not sent, per conversation, reply and note apart (DR1). Survives changing the conversation. */
import { createStore } from 'solid-js/store'

export type Mode = 'reply' | 'note'

export interface Drafts {
  /** Reactive. */
  text(conversation: string, mode: Mode): string
  keep(conversation: string, mode: Mode, text: string): void
  /** The mode one last wrote in. */
  mode(conversation: string): Mode
  choose(conversation: string, mode: Mode): void
}

/** Drafts of one member, for as long as the page lives. */
export function createDrafts(): Drafts {
  const [texts, setTexts] = createStore<Record<string, string>>({})
  const modes = new Map<string, Mode>()
  return {
    text: (conversation, mode) => texts[`${mode} ${conversation}`] ?? '',
    keep: (conversation, mode, text) => setTexts(`${mode} ${conversation}`, text),
    mode: (conversation) => modes.get(conversation) ?? 'reply',
    choose: (conversation, mode) => modes.set(conversation, mode),
  }
}
