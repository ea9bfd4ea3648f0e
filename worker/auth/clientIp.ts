/** The address a request came from, as Cloudflare saw it: the only place that reads it. */
export function clientIp(request: Request): string {
  return request.headers.get('cf-connecting-ip') ?? 'unknown'
}
