/**
 * Rows that may wait a moment, so that what many conversations tell at once is written at once: a turn that writes
 * costs the same whatever it writes. The first goes as it comes, those of the next `GATHER_MS` together. Must never
 * lose one in silence: whoever brought a row waits for `written` before saying that it was taken.
 */

/** Milliseconds between two writes. A tenth of what a conversation itself waits before it tells again. */
export const GATHER_MS = 50

export class Gathering<Row extends { id: string }> {
  readonly #store: (rows: readonly Row[]) => void
  readonly #waiting = new Map<string, Row>()
  #writtenAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | null = null
  /** Those who wait to hear that it is written. */
  #bringers: Array<{ resolve(): void; reject(error: unknown): void }> = []

  /** @param store writes these rows, all or none */
  constructor(store: (rows: readonly Row[]) => void) {
    this.#store = store
  }

  /** Takes a row in place of the one that waits under its id. */
  add(row: Row, now: number): void {
    this.#waiting.set(row.id, row)
    const wait = this.#writtenAt + GATHER_MS - now
    if (wait <= 0) this.#write(now)
    // Longer can only be a clock that has since gone back.
    else this.#timer ??= setTimeout(() => this.#later(), Math.min(wait, GATHER_MS))
  }

  /** What waits under this id. */
  get(id: string): Row | undefined {
    return this.#waiting.get(id)
  }

  /** A newer one has been written, or there is to be none. */
  drop(id: string): void {
    this.#waiting.delete(id)
  }

  /** Writes what waits, now. With nothing to write it costs nothing. */
  settle(): void {
    if (this.#waiting.size > 0) this.#write(Date.now())
  }

  /** Resolves once nothing waits under this id any more. @throws where it could not be written */
  async written(id: string): Promise<void> {
    if (!this.#waiting.has(id)) return
    return new Promise((resolve, reject) => this.#bringers.push({ resolve, reject }))
  }

  #later(): void {
    try {
      this.#write(Date.now())
    } catch {
      // Who brought them has been told so, and brings them again.
    }
  }

  #write(now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const bringers = this.#bringers.splice(0)
    const rows = [...this.#waiting.values()]
    this.#waiting.clear()
    try {
      if (rows.length > 0) this.#store(rows)
    } catch (error) {
      for (const { reject } of bringers) reject(error)
      throw error
    }
    this.#writtenAt = now
    for (const { resolve } of bringers) resolve()
  }
}
