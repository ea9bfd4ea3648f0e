/** Whether something that came from elsewhere has fields to look at. */
export function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === 'object' && found !== null
}
