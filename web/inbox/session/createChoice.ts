import { createSignal } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import { keep, readKept } from '../../lib/kept.ts'

const KEY = 'foyer-workspace'

type Membership = Session['memberships'][number]

/** The workspace one works in: the one chosen last in this browser, else the first. */
export function createChoice(memberships: () => readonly Membership[]) {
  const [chosen, setChosen] = createSignal(readKept(KEY))
  return {
    membership: (): Membership | null =>
      memberships().find(({ workspace }) => workspace.id === chosen()) ?? memberships()[0] ?? null,
    choose: (workspace: string): void => {
      setChosen(workspace)
      keep(KEY, workspace)
    },
  }
}
