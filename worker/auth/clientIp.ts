import { countedAs } from '../../core/bans/network.ts'

/** The address a request came from, as Cloudflare saw it: the only place that reads it. */
export function clientIp(request: Request): string {
  return request.headers.get('cf-connecting-ip') ?? 'unknown'
}

/** By what requests of one address are limited: whoever has one of IPv6 has as many as they like next to it. */
export function clientNetwork(request: Request): string {
  return countedAs(clientIp(request))
}
