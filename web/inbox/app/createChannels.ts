import { type Accessor, createSignal } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'

/** The channels of the workspace, for their names; undefined until they are read. */
export function createChannels(request: SessionControl['request']): Accessor<readonly Channel[] | undefined> {
  const [list, setList] = createSignal<readonly Channel[]>()
  request<{ list: Channel[] }>('GET', '/api/v1/channels').then(
    (answer) => setList(answer.list),
    (error: unknown) => {
      // A name that is missing is no reason to stop; the settings page says what went wrong.
      if (!(error instanceof ApiProblem)) throw error
    },
  )
  return list
}
