/**
 * What a Worker may remember from one request to the next: that which it would find again just the same, whoever asks.
 * An isolate serves many, of all workspaces, one after the other and side by side, and may be gone at any moment: so
 * nothing is right only because it is remembered, and whatever holds for one reader alone (who they are, what they may
 * see) is part of the key, or is asked anew. What may change is kept with the time until which it is good.
 *
 * Its bound is the number of entries, because visitors make up the keys (headers, tokens, addresses) and an isolate has
 * 128 MB for everything: https://developers.cloudflare.com/workers/platform/limits/#memory
 */
export class Memory<Key, Value> extends Map<Key, Value> {
  readonly #most: number

  /** @param most entries; who makes the keys long also bounds their length */
  constructor(most: number) {
    super()
    this.#most = most
  }

  /** The newest of all. Where it is one too many, the one that was set longest ago is forgotten. */
  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    const [oldest] = this.size > this.#most ? this.keys() : []
    if (oldest !== undefined) this.delete(oldest)
    return this
  }
}
