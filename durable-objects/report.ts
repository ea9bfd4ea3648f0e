/** One line of JSON for the operator's log; texts of messages never go there. */
export function report(message: string, error: unknown): void {
  console.error(
    JSON.stringify({ level: 'error', message, error: error instanceof Error ? error.message : String(error) }),
  )
}
