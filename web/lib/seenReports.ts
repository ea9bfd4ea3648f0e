export interface SeenReports {
  /** Everything up to this public number has been on the screen. */
  seen(n: number): void
  /** After a reconnect: tells again what may have been lost. */
  repeat(): void
  /** Tells what was held back, before the link goes: who turns away has read all the same. */
  stop(): void
}

const AT_MOST_EVERY_MS = 2_000

/** Tells the server how far somebody has read: at once, then at most every two seconds, never what it knows already. */
export function createSeenReports(tell: (n: number) => void, known: () => number): SeenReports {
  let wanted = 0
  let told = 0
  let pause: ReturnType<typeof setTimeout> | undefined

  const report = (): void => {
    pause = undefined
    if (wanted <= Math.max(told, known())) return
    told = wanted
    tell(wanted)
    pause = setTimeout(report, AT_MOST_EVERY_MS)
  }

  return {
    seen: (n) => {
      wanted = Math.max(wanted, n)
      if (pause === undefined) report()
    },
    repeat: () => {
      told = 0
      if (pause === undefined) report()
    },
    stop: () => {
      clearTimeout(pause)
      report()
      clearTimeout(pause)
    },
  }
}
