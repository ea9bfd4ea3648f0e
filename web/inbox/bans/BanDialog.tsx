import { lazy, Show, Suspense } from 'solid-js'
import type { BanActs } from './createBan.ts'

// Rarely needed: it comes when it is asked for.
const BanForm = lazy(() => import('./BanForm.tsx').then((m) => ({ default: m.BanForm })))

/** The dialog of `createBan`, as long as it is asked. */
export function BanDialog(props: { ban: BanActs }) {
  return (
    <Show when={props.ban.asked()}>
      <Suspense>
        <BanForm ban={props.ban} />
      </Suspense>
    </Show>
  )
}
