/** Long enough for a machine that is busy with other things; nothing that comes is waited for this long. */
export const PATIENCE_MS = 10_000

interface Patience {
  /** Milliseconds after which it is given up. */
  timeout?: number
  /** Milliseconds between two looks. */
  interval?: number
}

/**
 * Waits for what comes by itself: looks again until `holds` no longer throws, and answers what it does. Unlike Vitest's
 * own it lets a faked clock stand, and its patience is more than a busy machine does nothing at all for.
 * @throws what `holds` threw last
 */
export async function eventually<T>(
  holds: () => T | Promise<T>,
  { timeout = PATIENCE_MS, interval = 20 }: Patience = {},
): Promise<T> {
  const until = performance.now() + timeout
  for (;;) {
    try {
      return await holds()
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, interval))
  }
}
