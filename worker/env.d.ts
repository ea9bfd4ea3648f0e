/** What the Worker and its objects are given: bindings of wrangler.toml, secrets of .dev.vars or the platform. */
interface FoyerEnv {
  ENVIRONMENT: string
  /** The one address of this installation, `https://chat.example`: own origin, links, socket checks. */
  BASE_URL: string
  /** Signs session cookies. */
  AUTH_SECRET: string
  /** Makes conversation ids and digests; never changes during an installation's life. */
  ID_SECRET: string
  /** Signs visitor tokens. */
  VISITOR_SECRET: string
  /** The key before the present one: tokens it signed are taken and renewed. */
  VISITOR_SECRET_PREVIOUS?: string
  /** Opens the first-run page once. */
  SETUP_TOKEN: string
  ASSETS: Fetcher
  DB: D1Database
  RATE_IP: RateLimit
  /** Cloudflare’s Email Service; a folder on one’s own machine. */
  MAIL: SendEmail
  /** The address that Foyer itself writes from. Without one nothing is mailed. */
  MAIL_FROM?: string
  /** Domains that the Email Service may send from, separated by commas; that of MAIL_FROM is one of them. */
  MAIL_DOMAINS?: string
  /** Transcripts that were asked for, by their ids; its consumer mails them. */
  TRANSCRIPTS: Queue<import('../core/protocol/effectCalls.ts').TranscriptJob>
  CONVERSATION: DurableObjectNamespace<import('./index.ts').Conversation>
  INBOX: DurableObjectNamespace<import('./index.ts').Inbox>
}

/** Set by the build: true on one’s own machine, where no mail leaves and a page shows it; false in what is deployed. */
declare const LOCAL: boolean

interface Env extends FoyerEnv {}

declare namespace Cloudflare {
  interface Env extends FoyerEnv {}
  interface GlobalProps {
    mainModule: typeof import('./index.ts')
  }
}
