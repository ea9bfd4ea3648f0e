/**
 * One line of JSON for the operator's log. What somebody wrote, tokens and secrets never go there.
 * @param about ids by which it can be found
 */
export function report(message: string, error: unknown, about: Readonly<Record<string, unknown>> = {}): void {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(JSON.stringify({ level: 'error', message, ...about, error: reason }))
}
