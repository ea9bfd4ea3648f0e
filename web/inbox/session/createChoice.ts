import { createSignal } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'

const KEY = 'foyer-workspace'

type Membership = Session['memberships'][number]

/** The workspace one works in: the one chosen last in this browser, else the first. */
export function createChoice(memberships: () => readonly Membership[]) {
  const [chosen, setChosen] = createSignal(stored())
  return {
    membership: (): Membership | null =>
      memberships().find(({ workspace }) => workspace.id === chosen()) ?? memberships()[0] ?? null,
    choose: (workspace: string): void => {
      setChosen(workspace)
      try {
        localStorage.setItem(KEY, workspace)
      } catch {
        // Storage is denied: the choice holds for this page.
      }
    },
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
