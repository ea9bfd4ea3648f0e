/**
 * The inbox object's calls to the conversations of its workspace, in the name of the system. None is made within a call
 * of theirs whose answer it would wait for.
 */
import type { BanNews } from '../../core/bans/ban.ts'
import type { Command } from '../../core/conversation/command.ts'
import type { Policies } from '../../core/conversation/policy.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ClientId, MemberId } from '../../core/ids.ts'
import type { DispatchAnswer } from '../../core/protocol/conversationCalls.ts'

export class Conversations {
  readonly #objects: () => Env['CONVERSATION']
  readonly #workspace: string

  constructor(objects: () => Env['CONVERSATION'], workspace: string) {
    this.#objects = objects
    this.#workspace = workspace
  }

  /** The row as the conversation has it, null where there is none (any more). */
  async ask(id: string): Promise<ConversationRow | null> {
    const read = await this.#at(id).read({ kind: 'system', workspace: this.#workspace })
    return read.ok ? read.row : null
  }

  /** Tells a conversation what was decided. */
  async instruct(id: string, policies: Policies): Promise<void> {
    await this.#at(id).policiesChanged(policies)
  }

  /** Tells a conversation what holds its visitor now (BN1). */
  async tellBans(id: string, news: BanNews): Promise<void> {
    await this.#at(id).bansChanged(news)
  }

  /** Closes a member's sockets in a conversation: they open again on the rights of now. */
  async revoke(id: string, member: string): Promise<void> {
    await this.#at(id).revoke(member)
  }

  /**
   * Takes a conversation from a member who was disabled.
   * Refused where somebody else has it by now: nothing to do then.
   */
  async release(id: string, member: string): Promise<void> {
    await this.#tell(id, `release${Date.now()}:1`, { type: 'release', from: member as MemberId })
  }

  /**
   * CV6: gives a conversation that nobody has to a member. Refused where somebody has it by now.
   * @param turn rises from one to the next
   * @returns what it is then; null where it is being deleted or gone
   */
  async give(id: string, to: MemberId, turn: number): Promise<ConversationRow | null> {
    const answer = await this.#tell(id, `assign:${turn}`, { type: 'assign', to })
    return answer.row
  }

  #tell(id: string, client: `${string}:${number}`, command: Command): Promise<DispatchAnswer> {
    const envelope = { id: client as ClientId, command }
    return this.#at(id).dispatch({ identity: { kind: 'system', workspace: this.#workspace }, envelope })
  }

  // A stub is of no more use once its object has failed: a new one for every call.
  #at(id: string) {
    return this.#objects().getByName(id)
  }
}
