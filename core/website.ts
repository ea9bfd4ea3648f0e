/**
 * The addresses of websites, as people type them.
 * The core has no URL class (no platform at all), and an origin needs none.
 */

const ADDRESS =
  /^(https?):\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::([1-9][0-9]{0,4}))?(?:[/?#].*)?$/i
const IP = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** Why an address is refused, as the end of "This …". */
const FAULTS = {
  address: 'is not the address of a website, like https://shop.example',
  dot: 'has no dot, so no visitor could open it: write the whole name, like https://shop.example',
  ip: 'is not an IP address: it has four numbers of at most 255, like http://192.168.0.10',
} as const

/**
 * The origin of a website, `https://shop.example`, as browsers write it; or what is wrong. `https` where no scheme is
 * given. A name without a dot is nobody's website, but for `localhost`: it is a typing error far more often than an
 * intranet.
 */
export function websiteOrigin(text: string): { origin: string } | { fault: string } {
  const match = ADDRESS.exec(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  const scheme = match?.[1]?.toLowerCase()
  const host = match?.[2]?.toLowerCase()
  if (!scheme || !host || (match?.[3] && Number(match[3]) > 65535)) return { fault: FAULTS.address }
  // Browsers take every host whose last part is a number for an IP address, and rewrite it or refuse it.
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(host) && !IP.test(host)) return { fault: FAULTS.ip }
  if (!host.includes('.') && host !== 'localhost') return { fault: FAULTS.dot }
  const standard = scheme === 'https' ? '443' : '80'
  return { origin: `${scheme}://${host}${match?.[3] && match[3] !== standard ? `:${match[3]}` : ''}` }
}

/** Why these cannot be the addresses of websites, naming the first that is wrong; undefined where all are well. */
export function websiteFault(addresses: readonly string[]): string | undefined {
  for (const address of addresses) {
    const parsed = websiteOrigin(address.trim())
    if ('fault' in parsed) return addresses.length > 1 ? `“${address}” ${parsed.fault}.` : `This ${parsed.fault}.`
  }
  return undefined
}
