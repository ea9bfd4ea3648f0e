import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Ports of the mail servers of `smtpServers.ts`, by name. */
    smtp: Record<string, number>
    /** Whether a property ends with its first fault instead of looking for the smallest; absent where it does not. */
    endOnFailure?: boolean
  }
}
