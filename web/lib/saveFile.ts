import { MINUTE_MS } from '../../core/durations.ts'

/** How long a browser may take to begin: it reads the file by its address. */
const KEPT_MS = MINUTE_MS

/** Has the browser keep a file, as if a link to it had been followed. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
