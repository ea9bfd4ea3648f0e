import { useNotify } from '../../ui/Notices.tsx'

/** Copies a text and says so; says what to do where the browser does not allow it. */
export function createCopy(): (text: string, done: string) => Promise<void> {
  const notify = useNotify()
  return async (text, done) => {
    try {
      await navigator.clipboard.writeText(text)
      notify(done)
    } catch {
      notify('The browser does not allow copying here. Copy it from the address bar.', 'bad')
    }
  }
}
