/** Equal to the protocol's by type: `inboxFrames.ts` itself would bring the validator into the browser. */
export const COUNT_MAX: typeof import('../../../core/protocol/inboxFrames.ts').COUNT_MAX = 100

/** A count in the room of three characters: "7", "99+" (IB2). */
export function countText(count: number): string {
  return count >= COUNT_MAX ? `${COUNT_MAX - 1}+` : String(count)
}
