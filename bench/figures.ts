/** Arithmetic on measurements. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that at least this share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** How many cores this client needs, from now until it is asked: at one it would measure itself. */
export function clientLoad(): () => { [CLIENT]: number } {
  const [cpu, began] = [process.cpuUsage(), performance.now()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { [CLIENT]: (user + system) / 1_000 / (performance.now() - began) }
  }
}
/** The name of that figure, in every scenario that drives load. */
export const CLIENT = 'client, cores'

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
