/**
 * Telling open dashboards of something that is done already: in D1, where the next who asks will find it. That they
 * could not be told is no reason to say it failed.
 */
import type { WorkspaceId } from '../core/ids.ts'
import type { Inbox } from './index.ts'
import { report } from './report.ts'

type Stub = DurableObjectStub<Inbox>

/** Never throws. @param tell what to ask of the inbox object, which has the dashboards */
export async function tellDashboards(
  env: Env,
  workspace: WorkspaceId,
  tell: (inbox: Stub) => Promise<unknown>,
): Promise<void> {
  try {
    await tell(env.INBOX.getByName(workspace))
  } catch (error) {
    report('dashboards could not be told', error)
  }
}

/** Every dashboard reads these settings again. */
export function settingsChanged(env: Env, workspace: WorkspaceId, what: 'members' | 'channels'): Promise<void> {
  return tellDashboards(env, workspace, (inbox) => inbox.announce({ type: 'changed', what }))
}
