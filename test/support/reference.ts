/**
 * What a conversation should do, written a second time and as plainly as possible, from the rules alone. Imports
 * nothing of the core: a mistake there must not be repeated here by sharing it.
 */
import { type Command, type Each, type Line, MAY, ofEach, type Person, type Rules } from './referenceWords.ts'

const [MINUTE_MS, HOUR_MS, WEEK_MS] = [60_000, 3_600_000, 7 * 86_400_000]
const textFault = (text: string) =>
  text.trim() === '' ? 'message_blank' : [...text].length > 2000 ? 'message_too_long' : null

export class ReferenceConversation {
  readonly #rules: Rules
  continuedIn: string | null = null
  /** Everybody who ever had it. */
  readonly #had = new Set<string>()
  status = ''
  assignee: string | null = null
  priority = 'medium'
  readonly collaborators = new Set<string>()
  deleting = false
  servedBy: string | null = null
  /** AI3: how often it has changed who handles it. */
  epoch = 0
  /** RT3: when each asked last. */
  readonly #asks = new Map<string, number>()
  #prompt: { n: number; until: number } | null = null
  #rating: { prompt: number; score: number; comment: string } | null = null
  #score: number | null = null
  /** TR5: when each had its place. */
  #places: Array<{ request: number; at: number }> = []
  readonly #failed = new Set<number>()
  readonly visible: Line[] = []
  readonly team: Line[] = []
  /** author and client id → what was asked. */
  readonly #asked = new Map<string, string>()

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /** The code of a refusal, `repeated`, or `ok`. */
  take(person: Person, clientId: string, command: Command, now: number): string {
    if (this.hides(person) || (person.kind === 'assistant' && !this.#rules.assistant)) return 'not_found'
    const key = `${person.author} ${clientId}`
    // Of a message it counts what it says; of all else, what it does.
    const says = command.type === 'start' || command.type === 'send_message' || command.type === 'add_note'
    const quote = 'quote' in command ? (command.quote ?? '') : ''
    const asked = JSON.stringify(says ? [command.type === 'add_note', command.text, quote] : command)
    const before = this.#asked.get(key)
    // CV12: of what is being deleted nobody learns whether it was asked before, but Foyer itself.
    if (before !== undefined && this.deleting && person.kind !== 'system') return 'not_found'
    if (before !== undefined) return before === asked ? 'repeated' : 'client_id_conflict'
    const no = this.#refusal(person, command, now)
    if (no) return no
    this.#asked.set(key, asked)
    this.#happen(person, clientId, command, now)
    return 'ok'
  }

  /** CV7: nobody follows here but who was asked to. */
  hides({ admin, member = '' }: Person): boolean {
    const lost = this.#had.has(member) && this.assignee !== member && !this.collaborators.has(member)
    return this.#rules.history === 'hide' && !admin && lost
  }

  #message(ref: number): Line | undefined {
    return this.visible.find(({ type }, i) => i + 1 === ref && type === 'message.created')
  }

  #refusal(person: Person, command: Command, now: number): string | null {
    const { kind, admin } = person
    const isStart = kind === 'visitor' && command.type === 'start'
    if (this.visible.length === 0) return isStart ? textFault(command.text) : 'not_found'
    if (this.deleting && kind === 'system') return command.type === 'settle_transcript' ? null : 'not_found'
    if (this.deleting && (command.type !== 'restore' || !MAY[kind].includes('restore'))) return 'not_found'
    if (this.deleting) return admin ? null : 'not_allowed'
    if (!MAY[kind].includes(command.type)) return 'not_allowed'
    // The program here has every scope but one.
    if (kind === 'key' && (command.type === 'delete' || command.type === 'restore')) return 'scope_missing'
    if (kind === 'assistant' && (this.status !== 'active_ai' || !('epoch' in command) || command.epoch !== this.epoch))
      return 'superseded'
    const fault = 'text' in command && command.type !== 'start' ? textFault(command.text) : null
    const quote = 'quote' in command ? String(command.quote ?? 0) : '0'
    const quotable = quote.startsWith('t') ? this.team.length : this.visible.length
    const noQuote = Number(quote.replace('t', '')) > quotable ? 'quote_not_found' : null
    return fault ?? noQuote ?? this.#fault(person, command, now)
  }

  /** CV8 */
  #mayWrite({ kind, admin, member = '' }: Person): boolean {
    if (this.#rules.mayWrite === 'anyone' || kind !== 'agent' || admin) return true
    return this.assignee === null || this.assignee === member || this.collaborators.has(member)
  }

  #fault(person: Person, command: Command, now: number): string | null {
    const { kind, admin = false, author, member = '' } = person
    const [closed, isAgent] = [this.status === 'closed', kind === 'agent']
    const forGood = closed && this.#rules.reopen === 'never'
    const free = this.#rules.mayAssign === 'anyone' || this.assignee === member || admin || !isAgent
    const strange = !free && this.assignee !== null
    const mine = this.assignee === member && this.servedBy === author && this.status === 'active_human'
    const takes = () => (strange ? 'not_allowed' : mine ? 'already_assigned' : null)
    const itself = (ref: number, mayAny: boolean, edit?: string) => {
      const message = this.#message(ref)
      if (!message) return 'message_not_found'
      if (!mayAny && message.author !== author) return 'not_allowed'
      if ('deletedAt' in message.body) return 'message_deleted'
      if (!mayAny && now - message.at > 15 * MINUTE_MS) return 'edit_window_over'
      return message.body['text'] === edit ? 'message_unchanged' : null
    }
    const faults: Partial<Each<string | null>> = {
      start: () => 'already_started',
      send_message: ({ reopen }) => {
        if (forGood) return 'conversation_ended'
        if (!isAgent && kind !== 'key') return null
        if (!this.#mayWrite(person)) return 'not_allowed'
        return closed && this.#rules.reopen === 'visitor_message' && !reopen ? 'conversation_closed' : null
      },
      edit_message: ({ ref, text }) => (this.#mayWrite(person) ? itself(ref, false, text) : 'not_allowed'),
      delete_message: ({ ref }) => itself(ref, admin),
      continue_in: () => (!forGood ? 'conversation_not_ended' : this.continuedIn && 'conversation_ended'),
      close: () => (closed ? 'already_closed' : null),
      reopen: () => (forGood ? 'conversation_ended' : closed ? null : 'already_open'),
      accept: () => (closed ? (forGood ? 'conversation_ended' : 'conversation_closed') : takes()),
      assign: ({ to }) => {
        if (isAgent && to === member && !closed) return takes()
        // Foyer gives what waits, and takes nothing away.
        if (kind === 'system' && closed) return 'conversation_closed'
        if (kind === 'system' ? this.assignee !== null : to === this.assignee) return 'already_assigned'
        if (kind === 'system') return to === null || this.status === 'active_ai' ? 'not_allowed' : null
        return free || (this.assignee === null && to === member) ? null : 'not_allowed'
      },
      release: ({ from }) => (this.assignee === from ? null : 'already_assigned'),
      add_collaborator: ({ member }) =>
        this.collaborators.has(member) ? 'already_collaborator' : this.#mayWrite(person) ? null : 'not_allowed',
      remove_collaborator: ({ member }) => (this.collaborators.has(member) ? null : 'not_collaborator'),
      delete: () => (admin ? null : 'not_allowed'),
      restore: () => (admin ? 'not_deleted' : 'not_allowed'),
      set_priority: ({ to }) => (to === this.priority ? 'priority_unchanged' : null),
      set_status: ({ to }) => {
        if (to === this.status) return closed ? 'already_closed' : 'status_unchanged'
        if (forGood) return 'conversation_ended'
        if (to !== 'active_ai') return null
        return this.#rules.assistant ? (strange ? 'not_allowed' : null) : 'no_assistant'
      },
      request_rating: () => {
        if (!this.#mayWrite(person)) return 'not_allowed'
        return now < (this.#asks.get(author) ?? now - WEEK_MS) + WEEK_MS ? 'rating_asked_recently' : null
      },
      submit_rating: ({ score, comment = '' }) => {
        if (!this.#prompt) return 'rating_not_asked'
        const before = this.#rating?.prompt === this.#prompt.n ? this.#rating : null
        if (before && now > this.#prompt.until) return 'rating_final'
        return before?.score === score && before.comment === comment ? 'rating_unchanged' : null
      },
      score_conversation: ({ score }) => (score === this.#score ? 'score_unchanged' : null),
      send_transcript: () => {
        const isLeft = this.visible.some(({ type, body }) => type === 'message.created' && !('deletedAt' in body))
        return !isLeft ? 'transcript_empty' : this.#taken(now).length < 5 ? null : 'too_many_transcripts'
      },
      retry_transcript: ({ request }) => (this.#failed.has(request) ? null : 'transcript_not_failed'),
    }
    return ofEach(faults, command) ?? null
  }

  #taken(now: number) {
    return this.#places.filter(({ at }) => Math.abs(now - at) < HOUR_MS)
  }

  #happen(person: Person, clientId: string, command: Command, now: number): void {
    const { kind, author, name = '', member = '' } = person
    const lines: Array<Pick<Line, 'type' | 'body' | 'author'> & { log: Line[] }> = []
    const say = (type: string, body: Line['body'], by = author) =>
      lines.push({ log: this.visible, type, body, author: by })
    const tell = (type: string, body: Line['body']) => lines.push({ log: this.team, type, body, author })
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
      if (this.servedBy !== author) say('agent.joined', { name })
      this.servedBy = author
    }
    const comeBack = () => {
      if (this.#rules.assistant) setStatus('active_ai')
      else setStatus(this.assignee === null ? 'waiting_human' : 'active_human')
    }
    const stepIn = (takeOver: boolean) => {
      if (takeOver || this.assignee === null) assign(member)
      setStatus('active_human')
      serve()
    }
    const setDeleting = (to: boolean) => {
      tell(to ? 'conversation.deleted' : 'conversation.restored', {})
      this.deleting = to
    }
    const moves: Each<unknown> = {
      start: ({ text }) => {
        setStatus(this.#rules.assistant ? 'active_ai' : 'waiting_human')
        say('message.created', { text })
      },
      send_message: ({ text, quote }) => {
        if (kind === 'agent') stepIn(false)
        else if (kind === 'assistant') serve()
        else if (this.status === 'closed') comeBack()
        const isKnown = this.visible.some((line) => line.type === 'agent.joined' && line.author === author)
        if (kind === 'key' && !isKnown) say('agent.joined', { name })
        say('message.created', quote === undefined ? { text } : { text, quote })
      },
      add_note: ({ text, quote }) => tell('note.created', quote === undefined ? { text } : { text, quote }),
      edit_message: ({ ref, text }) => {
        this.#rewrite(ref, { text, editedAt: this.#timeOf(this.visible, now) })
        say('message.edited', { ref, text })
      },
      delete_message: ({ ref }) => {
        this.#rewrite(ref, { text: '', deletedAt: this.#timeOf(this.visible, now) })
        say('message.deleted', { ref })
      },
      accept: () => stepIn(true),
      assign: ({ to }) => (kind === 'agent' && to === member && this.status !== 'closed' ? stepIn(true) : assign(to)),
      release: () => assign(null),
      add_collaborator: ({ member }) => this.collaborators.add(member) && tell('collaborator.added', { member }),
      remove_collaborator: ({ member }) =>
        this.collaborators.delete(member) && tell('collaborator.removed', { member }),
      set_priority: ({ to }) => {
        tell('conversation.priority_changed', { from: this.priority, to })
        this.priority = to
      },
      set_status: ({ to }) => {
        if (kind === 'agent' && to === 'active_human' && (this.assignee ?? member) === member) stepIn(false)
        else setStatus(to)
        if (to === 'active_ai') assign(null)
      },
      close: () => setStatus('closed'),
      reopen: () => (this.assignee === null ? comeBack() : setStatus('active_human')),
      hand_off: () => setStatus('waiting_human'),
      continue_in: ({ conversation }) => {
        say('conversation.continued', { in: conversation })
        this.continuedIn = conversation
      },
      request_rating: () => {
        this.#asks.set(author, this.#timeOf(this.team, now))
        this.#prompt = { n: this.visible.length + 1, until: this.#timeOf(this.visible, now) + WEEK_MS }
        tell('rating.requested', {})
        say('rating.prompted', { skin: 'faces', until: this.#prompt.until }, 'system')
      },
      submit_rating: ({ score, comment = '' }) => {
        this.#rating = { prompt: this.#prompt?.n ?? 0, score, comment }
        say('rating.submitted', { prompt: this.#rating.prompt, score, ...(comment !== '' && { comment }) })
      },
      score_conversation: ({ score }) => {
        tell('rating.scored', { from: this.#score, to: score })
        this.#score = score
      },
      send_transcript: ({ to, from, name }) => {
        const request = this.team.filter(({ type }) => type === 'transcript.requested').length + 1
        this.#places = [...this.#taken(now), { request, at: now }]
        tell('transcript.requested', { request, to, from, name })
      },
      retry_transcript: ({ request }) => this.#failed.delete(request) && tell('transcript.retried', { request }),
      settle_transcript: ({ request, to, settled }) => {
        if (settled.outcome === 'sent') say('transcript.sent', {})
        tell('transcript.settled', { request, to, ...settled })
        if (settled.outcome === 'failed' && settled.mayRetry) this.#failed.add(request)
        else if (settled.outcome === 'failed') this.#places = this.#places.filter((place) => place.request !== request)
      },
      tell_ban: ({ ban: { by, scope, kind, until, lifted } }) =>
        lifted ? tell('contact.unbanned', { by, scope }) : tell('contact.banned', { by, scope, kind, until }),
      delete: () => setDeleting(true),
      restore: () => setDeleting(false),
    }
    ofEach(moves, command)
    const bearer = lines.find((l) => l.type === 'message.created' || l.type === 'note.created') ?? lines[0]
    for (const line of lines) {
      const { log, ...written } = line
      const after = log === this.team ? this.visible.length : null
      log.push({ ...written, clientId: line === bearer ? clientId : null, at: this.#timeOf(log, now), after })
    }
  }

  /** Nothing is earlier than what stands before it; what visitors see is never later for what they do not. */
  #timeOf(log: Line[], now: number): number {
    return Math.max(now, this.visible.at(-1)?.at ?? 0, (log === this.team ? this.team.at(-1)?.at : 0) ?? 0)
  }

  /** MS8: what a message said is nowhere any more. */
  #rewrite(ref: number, change: { text: string; editedAt?: number; deletedAt?: number }): void {
    Object.assign(this.#message(ref)?.body ?? {}, change)
    for (const { type, body } of this.visible)
      if (type === 'message.edited' && body['ref'] === ref) body['text'] = change.text
  }
}
