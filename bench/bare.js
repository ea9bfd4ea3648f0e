/**
 * What is measured is a Worker, not what stands around it. On the platform rates are counted in the memory of the machine that
 * runs it; the local simulation asks a database behind a request, which costs as much as half a start. Here they are counted in
 * memory too, with the limits of wrangler.toml. Either Worker is served through this module.
 */
import worker from './worker.js'

export * from './worker.js'

/** @typedef {{ limit: number, period: number }} Limit per key; `period` in seconds */
/** @typedef {{ RATES: string }} Rates as JSON: what wrangler.toml says of each, by the name of its binding */

class Rate {
  #limit
  #period
  /** The window that is counted, and how often each key came in it. */
  #window = 0
  #counts = new Map()

  /** @param {Limit} simple */
  constructor({ limit, period }) {
    this.#limit = limit
    this.#period = period * 1_000
  }

  /** @param {{ key: string }} asked */
  async limit({ key }) {
    const window = Math.floor(Date.now() / this.#period)
    if (window !== this.#window) this.#counts.clear()
    this.#window = window
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return { success: count <= this.#limit }
  }
}

/** @type {(Rates & Record<string, unknown>) | null} */
let around = null

/** @param {Rates} env */
function withRates(env) {
  /** @type {Record<string, { simple: Limit }>} */
  const described = JSON.parse(env.RATES)
  const rates = Object.entries(described).map(([name, { simple }]) => [name, new Rate(simple)])
  return { ...env, ...Object.fromEntries(rates) }
}

export default {
  ...worker,
  /** @param {Request} request @param {Rates} env @param {ExecutionContext} context */
  fetch(request, env, context) {
    around ??= withRates(env)
    return worker.fetch(request, around, context)
  },
}
