/**
 * What a conversation should do, written a second time and as plainly as possible, from the rules alone. Imports
 * nothing of the core: a mistake there must not be repeated here by sharing it.
 */

export type Command =
  | { type: 'start'; text: string }
  | { type: 'send_message'; text: string; quote?: number; reopen?: boolean; epoch?: number }
  | { type: 'hand_off'; epoch: number }
  | { type: 'continue_in'; conversation: string }
  | { type: 'add_note'; text: string }
  | { type: 'accept' }
  | { type: 'assign'; to: string | null }
  | { type: 'set_status'; to: string }
  | { type: 'set_priority'; to: string }
  | { type: 'close' }
  | { type: 'reopen' }
  | { type: 'delete' }
  | { type: 'restore' }

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
  kind: 'visitor' | 'agent' | 'assistant'
  /** Agents only. */
  member: string
  name: string
  admin?: boolean
}

interface Line {
  author: string
  type: string
  body: object
  clientId: string | null
  /** Team lines: the number of public lines before it. */
  after: number | null
}

export class ReferenceConversation {
  readonly #rules: Rules
  continuedIn: string | null = null
  /** Everybody who ever had it. */
  readonly #had = new Set<string>()
  status = ''
  assignee: string | null = null
  priority = 'medium'
  deleting = false
  servedBy: string | null = null
  /** AI3: how often it has changed who handles it. */
  epoch = 0
  readonly visible: Line[] = []
  readonly team: Line[] = []
  /** author and client id → what was asked. */
  readonly #asked = new Map<string, string>()

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /** The code of a refusal, `repeated`, or `ok`. */
  take(person: Person, clientId: string, command: Command): string {
    if (this.hides(person) || (person.kind === 'assistant' && !this.#rules.assistant)) return 'not_found'
    const key = `${person.author} ${clientId}`
    // Of a message it counts what it says; of all else, what it does.
    const asked = JSON.stringify(
      'text' in command
        ? [command.type === 'add_note', command.text, 'quote' in command ? (command.quote ?? '') : '']
        : [
            command.type,
            'to' in command ? command.to : '',
            'conversation' in command ? command.conversation : '',
            'epoch' in command ? command.epoch : '',
          ],
    )
    const before = this.#asked.get(key)
    // CV12: of what is being deleted nobody learns whether it was asked before.
    if (before !== undefined && this.deleting) return 'not_found'
    if (before !== undefined) return before === asked ? 'repeated' : 'client_id_conflict'
    const no = this.#refusal(person, command)
    if (no) return no
    this.#asked.set(key, asked)
    this.#happen(person, clientId, command)
    return 'ok'
  }

  /** CV7: nobody follows here. */
  hides(person: Person): boolean {
    const lost = this.#had.has(person.member) && this.assignee !== person.member
    return this.#rules.history === 'hide' && !person.admin && lost
  }

  #refusal(person: Person, command: Command): string | null {
    if (this.visible.length === 0)
      return person.kind === 'visitor' && command.type === 'start' ? this.#textFault(command.text) : 'not_found'
    if (this.deleting) {
      if (person.kind !== 'agent' || command.type !== 'restore') return 'not_found'
      return person.admin ? null : 'not_allowed'
    }
    if (person.kind === 'visitor') {
      if (command.type === 'start') return 'already_started'
      if (command.type !== 'send_message' && command.type !== 'close' && command.type !== 'continue_in')
        return 'not_allowed'
    } else if (person.kind === 'assistant') {
      if (command.type !== 'send_message' && command.type !== 'hand_off') return 'not_allowed'
      if (this.status !== 'active_ai' || command.epoch !== this.epoch) return 'superseded'
    } else if (['start', 'continue_in', 'hand_off'].includes(command.type)) return 'not_allowed'
    if (command.type === 'send_message' || command.type === 'add_note') {
      const fault = this.#textFault(command.text)
      if (fault) return fault
      if (command.type === 'send_message' && command.quote !== undefined && command.quote > this.visible.length)
        return 'quote_not_found'
    }
    const closed = this.status === 'closed'
    const forGood = closed && this.#rules.reopen === 'never'
    const isAgent = person.kind === 'agent'
    const nobodyElses = this.assignee === null || this.assignee === person.member
    const strange = this.#rules.mayAssign === 'assignee_and_admins' && !nobodyElses && !person.admin
    const mine = this.assignee === person.member && this.servedBy === person.author && this.status === 'active_human'
    switch (command.type) {
      case 'send_message':
        if (forGood) return 'conversation_ended'
        if (!isAgent) return null
        if (this.#rules.mayWrite === 'assignee_and_collaborators' && !nobodyElses && !person.admin) return 'not_allowed'
        return closed && this.#rules.reopen === 'visitor_message' && !command.reopen ? 'conversation_closed' : null
      case 'continue_in':
        if (!forGood) return 'conversation_not_ended'
        return this.continuedIn === null ? null : 'conversation_ended'
      case 'close':
        return closed ? 'already_closed' : null
      case 'reopen':
        return forGood ? 'conversation_ended' : closed ? null : 'already_open'
      case 'accept':
        if (closed) return forGood ? 'conversation_ended' : 'conversation_closed'
        return strange ? 'not_allowed' : mine ? 'already_assigned' : null
      case 'assign':
        if (command.to === person.member && !closed) return strange ? 'not_allowed' : mine ? 'already_assigned' : null
        if (command.to === this.assignee) return 'already_assigned'
        if (this.#rules.mayAssign === 'anyone' || this.assignee === person.member || person.admin) return null
        return this.assignee === null && command.to === person.member ? null : 'not_allowed'
      case 'delete':
        return person.admin ? null : 'not_allowed'
      case 'restore':
        return person.admin ? 'not_deleted' : 'not_allowed'
      case 'set_priority':
        return command.to === this.priority ? 'priority_unchanged' : null
      case 'set_status':
        if (command.to === this.status) return closed ? 'already_closed' : 'status_unchanged'
        if (forGood) return 'conversation_ended'
        if (command.to !== 'active_ai') return null
        if (!this.#rules.assistant) return 'no_assistant'
        return strange ? 'not_allowed' : null
      default:
        return null
    }
  }

  #textFault(text: string): string | null {
    if (text.trim() === '') return 'message_blank'
    return [...text].length > 2000 ? 'message_too_long' : null
  }

  #happen(person: Person, clientId: string, command: Command): void {
    const lines: Array<{ log: Line[]; type: string; body: object }> = []
    const say = (type: string, body: object) => lines.push({ log: this.visible, type, body })
    const tell = (type: string, body: object) => lines.push({ log: this.team, type, body })
    const setStatus = (to: string) => {
      if (to === this.status) return
      say('conversation.status_changed', { from: this.status === '' ? null : this.status, to })
      this.status = to
      this.epoch += 1
    }
    const assign = (to: string | null) => {
      if (to === this.assignee) return
      tell('conversation.assigned', { from: this.assignee, to })
      if (to !== null) this.#had.add(to)
      this.assignee = to
    }
    const serve = () => {
      if (this.servedBy === person.author) return
      say('agent.joined', { name: person.name })
      this.servedBy = person.author
    }
    const comeBack = () => {
      if (this.#rules.assistant) setStatus('active_ai')
      else setStatus(this.assignee === null ? 'waiting_human' : 'active_human')
    }
    const stepIn = (takeOver: boolean) => {
      if (takeOver || this.assignee === null) assign(person.member)
      setStatus('active_human')
      serve()
    }
    switch (command.type) {
      case 'start':
        setStatus(this.#rules.assistant ? 'active_ai' : 'waiting_human')
        say('message.created', { text: command.text })
        break
      case 'send_message':
        if (person.kind === 'agent') stepIn(false)
        else if (person.kind === 'assistant') serve()
        else if (this.status === 'closed') comeBack()
        say(
          'message.created',
          command.quote === undefined ? { text: command.text } : { text: command.text, quote: command.quote },
        )
        break
      case 'add_note':
        tell('note.created', { text: command.text })
        break
      case 'accept':
        stepIn(true)
        break
      case 'assign':
        if (command.to === person.member && this.status !== 'closed') stepIn(true)
        else assign(command.to)
        break
      case 'set_priority':
        tell('conversation.priority_changed', { from: this.priority, to: command.to })
        this.priority = command.to
        break
      case 'set_status':
        if (command.to === 'active_human') stepIn(false)
        else setStatus(command.to)
        if (command.to === 'active_ai') assign(null)
        break
      case 'close':
        setStatus('closed')
        break
      case 'reopen':
        if (this.assignee === null) comeBack()
        else setStatus('active_human')
        break
      case 'hand_off':
        setStatus('waiting_human')
        break
      case 'continue_in':
        say('conversation.continued', { in: command.conversation })
        this.continuedIn = command.conversation
        break
      case 'delete':
      case 'restore':
        this.deleting = command.type === 'delete'
        tell(this.deleting ? 'conversation.deleted' : 'conversation.restored', {})
        break
    }
    this.#write(person.author, clientId, lines)
  }

  #write(author: string, clientId: string, lines: Array<{ log: Line[]; type: string; body: object }>): void {
    const bearer = lines.find((l) => l.type === 'message.created' || l.type === 'note.created') ?? lines[0]
    for (const line of lines) {
      const after = line.log === this.team ? this.visible.length : null
      line.log.push({ author, type: line.type, body: line.body, clientId: line === bearer ? clientId : null, after })
    }
  }
}
