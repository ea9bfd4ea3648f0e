/** A mail server of one's own, reached by `cloudflare:sockets`. Port 25 is closed to Workers. */
import { connect } from 'cloudflare:sockets'
import { MINUTE_MS, SECOND_MS } from '../../../core/durations.ts'
import type { MailTransport } from '../transport.ts'
import { deliver, type Patience, type SmtpAccount } from './deliver.ts'

const PATIENCE: Patience = { replyMs: 20 * SECOND_MS, acceptMs: MINUTE_MS }

/** @param name what we call ourselves: the domain of this installation */
export function smtp(account: SmtpAccount, name: string, patience = PATIENCE): MailTransport {
  return {
    async send(mail) {
      const { host: hostname, port, security } = account
      try {
        const secureTransport = security === 'tls' ? 'on' : 'starttls'
        const socket = connect({ hostname, port }, { secureTransport, allowHalfOpen: false })
        // The failure is met where the connection is read from; here it would be one more that nobody waits for.
        socket.opened.catch(() => undefined)
        socket.closed.catch(() => undefined)
        return await deliver(socket, account, mail, name, patience)
      } catch {
        return { outcome: 'refused', reason: 'There is no mail server at this address.', permanent: false }
      }
    },
  }
}
