/** Reads single conversations that became known live: each once, a few at a time, however many ask for it. */

const AT_ONCE = 2

/** Answers a function that resolves when the conversation has been asked for, whatever came of it. */
export function createLookups(read: (id: string) => Promise<void>): (id: string) => Promise<void> {
  const asked = new Map<string, Promise<void>>()
  const waiting: Array<() => void> = []
  let running = 0

  async function run(id: string): Promise<void> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      await read(id)
    } finally {
      running -= 1
      asked.delete(id)
      waiting.shift()?.()
    }
  }

  return (id) => {
    const known = asked.get(id)
    if (known) return known
    const asking = run(id)
    asked.set(id, asking)
    return asking
  }
}
