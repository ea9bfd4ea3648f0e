/**
 * A domain of one's own. Not left to wrangler: without a terminal it takes over a host name that another Worker or a
 * DNS record has, unasked.
 */
import { z } from 'zod'
import { Sentence } from '../local/paths.mjs'
import type { Platform } from './platform.ts'

const Domains = z.array(z.object({ hostname: z.string(), service: z.string() }))
const Zones = z.array(z.object({ name: z.string() }))

/**
 * Whether the host name leads to the Worker already.
 * @throws {Sentence} when it leads to another one, or is not of this account
 */
export async function isAttached(api: Platform, account: string, worker: string, host: string): Promise<boolean> {
  const found = await api.read(Domains, `/accounts/${account}/workers/domains?hostname=${host}`)
  const known = found.find((domain) => domain.hostname === host)
  if (known && known.service !== worker) {
    throw new Sentence(`${host} leads to another Worker of this account, ${known.service}. Choose another, or free it.`)
  }
  if (known) return true
  for (const name of parentsOf(host)) {
    const zones = await api.read(Zones, `/zones?name=${name}&account.id=${account}`)
    if (zones.some((zone) => zone.name === name)) return false
  }
  throw new Sentence(
    `${host} belongs to no domain of this account. Add the domain in the dashboard first ("Add a domain"), or use the ` +
      "account's own address for now: --domain workers.dev",
  )
}

/** `a.b.example`: itself and what it lies in, down to two parts. */
function parentsOf(host: string): string[] {
  const parts = host.split('.')
  return parts.slice(0, -1).map((_, index) => parts.slice(index).join('.'))
}

/** Makes the host name lead to the Worker, which must exist. Cloudflare refuses where a DNS record is in the way. */
export async function attach(api: Platform, account: string, worker: string, host: string): Promise<void> {
  await api.change(z.unknown(), 'PUT', `/accounts/${account}/workers/scripts/${worker}/domains/records`, {
    override_scope: true,
    override_existing_origin: false,
    override_existing_dns_record: false,
    origins: [{ hostname: host }],
  })
}
