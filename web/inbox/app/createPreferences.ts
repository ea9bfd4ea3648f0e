/** What a member chose for themself in this browser. Without storage a choice holds for this page. */
import { createStore } from 'solid-js/store'
import type { MemberId } from '../../../core/ids.ts'
import { keep, readKept } from '../../lib/kept.ts'

export interface Choices {
  /** IB8: also conversations that nobody has, or that wait for somebody. */
  unassigned: boolean
  toast: boolean
  sound: boolean
  /** Notifications of the browser; it asks for its own permission. */
  browser: boolean
  /** Single keys as shortcuts (WCAG 2.1.4). */
  keys: boolean
}

export interface Preferences {
  /** A store: reactive. */
  choices: Readonly<Choices>
  choose(name: keyof Choices, value: boolean): void
}

const DEFAULTS: Choices = { unassigned: true, toast: true, sound: true, browser: false, keys: true }

export function createPreferences(me: MemberId): Preferences {
  const key = `foyer-preferences:${me}`
  const [choices, setChoices] = createStore<Choices>(stored(key))
  return {
    choices,
    choose: (name, value) => {
      setChoices(name, value)
      keep(key, JSON.stringify(choices))
    },
  }
}

function stored(key: string): Choices {
  try {
    const kept: unknown = JSON.parse(readKept(key) ?? '{}')
    const entries = Object.entries(kept ?? {}).filter(([name, value]) => name in DEFAULTS && typeof value === 'boolean')
    return { ...DEFAULTS, ...Object.fromEntries(entries) }
  } catch {
    return { ...DEFAULTS }
  }
}
