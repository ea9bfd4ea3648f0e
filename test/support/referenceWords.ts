/** The words of the reference: what can be asked, by whom, and what is written. Nothing of it comes from the core. */

export type Command =
  | { type: 'start'; text: string }
  | { type: 'send_message'; text: string; quote?: number; reopen?: boolean; epoch?: number }
  | { type: 'add_note'; text: string; quote?: number | string }
  | { type: 'edit_message'; ref: number; text: string }
  | { type: 'delete_message'; ref: number }
  | { type: 'hand_off'; epoch: number }
  | { type: 'continue_in'; conversation: string }
  | { type: 'assign'; to: string | null }
  | { type: 'release'; from: string }
  | { type: 'add_collaborator' | 'remove_collaborator'; member: string }
  | { type: 'set_status' | 'set_priority'; to: string }
  | { type: 'submit_rating'; score: number; comment?: string }
  | { type: 'score_conversation'; score: number | null }
  | { type: 'send_transcript'; to: string; from: string; name: string }
  | { type: 'retry_transcript'; request: number }
  | { type: 'settle_transcript'; request: number; to: string; settled: { outcome: string; mayRetry?: boolean } }
  | { type: 'tell_ban'; ban: { version: number; lifted: boolean } & Record<'by' | 'scope' | 'kind' | 'until', unknown> }
  | { type: 'accept' | 'close' | 'reopen' | 'delete' | 'restore' | 'request_rating' }

/** What administrators decided, in the words of CV4, CV6, CV7, CV8 and AI1. */
export interface Rules {
  reopen: 'any_message' | 'visitor_message' | 'never'
  mayWrite: 'anyone' | 'assignee_and_collaborators'
  mayAssign: 'anyone' | 'assignee_and_admins'
  history: 'keep' | 'hide'
  /** Whether the channel has one. */
  assistant: boolean
}

export interface Person {
  author: string
  kind: 'visitor' | 'agent' | 'key' | 'assistant' | 'system'
  /** Agents only. */
  member?: string
  name?: string
  admin?: boolean
}

export interface Line {
  author: string
  type: string
  body: Record<string, unknown>
  clientId: string | null
  at: number
  /** Team lines: the number of public lines before it. */
  after: number | null
}

const TEAM = ['send_message', 'add_note', 'edit_message', 'delete_message', 'assign', 'close', 'reopen', 'delete']
TEAM.push('restore', 'add_collaborator', 'remove_collaborator', 'set_status', 'set_priority', 'request_rating')
TEAM.push('score_conversation', 'send_transcript', 'retry_transcript')
/** What each can ask for at all. */
export const MAY: Record<Person['kind'], string[]> = {
  visitor: ['start', 'send_message', 'close', 'continue_in', 'submit_rating'],
  agent: [...TEAM, 'accept'],
  key: TEAM,
  assistant: ['send_message', 'hand_off'],
  system: ['close', 'assign', 'release', 'settle_transcript', 'tell_ban'],
}

/** What there is to say of each command. */
export type Each<Result> = { [Type in Command['type']]: (command: Command & { type: Type }) => Result }

/** What a table says of a command; undefined where it says nothing. */
export function ofEach<Result>(table: Partial<Each<Result>>, command: Command): Result | undefined {
  const said: Partial<Record<string, (command: never) => Result>> = table
  return said[command.type]?.(command as never)
}
