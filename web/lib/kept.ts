/**
 * What a browser keeps for whoever uses it, by key. Where storage is denied nothing is kept, and nothing fails: what
 * was chosen then holds for this page.
 */

/** What is kept under this key; null: nothing. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** @param text null: nothing is to be kept under this key any more */
export function keep(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Denied, or full.
  }
}
