/** What was typed and not sent, per conversation, reply and note apart (DR1). Survives changing the conversation. */

export type Mode = 'reply' | 'note'

export interface Drafts {
  text(conversation: string, mode: Mode): string
  keep(conversation: string, mode: Mode, text: string): void
  /** The mode one last wrote in. */
  mode(conversation: string): Mode
  choose(conversation: string, mode: Mode): void
}

export function createDrafts(): Drafts {
  const texts = new Map<string, string>()
  const modes = new Map<string, Mode>()
  return {
    text: (conversation, mode) => texts.get(`${mode} ${conversation}`) ?? '',
    keep: (conversation, mode, text) => {
      if (text === '') texts.delete(`${mode} ${conversation}`)
      else texts.set(`${mode} ${conversation}`, text)
    },
    mode: (conversation) => modes.get(conversation) ?? 'reply',
    choose: (conversation, mode) => modes.set(conversation, mode),
  }
}
