import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Ports of the mail servers of `smtpServers.ts`, by name. */
    smtp: Record<string, number>
  }
}
