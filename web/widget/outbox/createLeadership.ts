import { type Accessor, createSignal, onCleanup } from 'solid-js'

export interface Leadership {
  /** Whether this tab sends what all tabs have written. */
  leads: Accessor<boolean>
  /** Takes over: somebody writes here. */
  take(): void
}

/**
 * One of the tabs that share an outbox leads. It is the one in which something was written last: a tab in the
 * background may be asleep and would never send. Two may believe for a moment that they lead; client ids make that
 * harmless (DL2). Without Web Locks, or where they are denied, each tab leads alone.
 */
export function createLeadership(name: string): Leadership {
  const [leads, setLeads] = createSignal(false)
  let waiting = new AbortController()
  let release = (): void => undefined
  let ended = false

  const ask = async (how: LockOptions): Promise<void> => {
    try {
      await navigator.locks.request(name, how, () => {
        setLeads(true)
        return new Promise<void>((resolve) => {
          release = resolve
        })
      })
    } catch (error) {
      if (ended || how.signal?.aborted) return
      const stolen = error instanceof DOMException && error.name === 'AbortError'
      setLeads(!stolen)
      if (stolen) wait()
    }
  }
  const wait = (): void => {
    waiting = new AbortController()
    void ask({ signal: waiting.signal })
  }
  wait()
  onCleanup(() => {
    ended = true
    waiting.abort()
    release()
  })
  return {
    leads,
    take: () => {
      if (leads()) return
      waiting.abort()
      void ask({ steal: true })
    },
  }
}
