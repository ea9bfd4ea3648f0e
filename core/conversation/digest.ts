/** The text of a command that is digested, so that a repeat with another content is noticed (DL2). */
import type { Command } from './command.ts'

/** Equal for equal commands, whatever the order of their keys. */
export function canonical(command: Command): string {
  return JSON.stringify(
    Object.entries(command)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
