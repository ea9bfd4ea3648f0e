/**
 * Addresses and networks of the internet (BN4), read from text and compared as numbers. Every spelling of one address
 * is one number: an IPv4 address and the IPv6 one that maps it are the same, so that nobody comes back under another
 * notation.
 */

/** From and to, both included: 128 bits, IPv4 as `::ffff:a.b.c.d`. */
export interface Network {
  first: bigint
  last: bigint
  /** The one way it is written: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. */
  text: string
}

/** `too_wide`: it would shut out a good part of the internet. */
export type NetworkFault = 'not_a_network' | 'too_wide'

const BITS = 128
const MAPPED = 0xffff_0000_0000n
const MAPPED_LAST = 0xffff_ffff_ffffn
const MAPPED_PREFIX = 96
/** The widest that can be banned, as a prefix in 128 bits: an IPv4 /8, an IPv6 /16. */
const WIDEST = { v4: MAPPED_PREFIX + 8, v6: 16 }

/** The number of an address, or null for what is none. Leading zeros in IPv4 are refused: some read them as octal. */
export function parseAddress(text: string): bigint | null {
  if (text.includes(':')) return parseV6(text)
  const v4 = parseV4(text)
  return v4 === null ? null : MAPPED | v4
}

/** An address, or a network as CIDR; bits behind the prefix are cut off. */
export function parseNetwork(text: string): Network | NetworkFault {
  const [address = '', length, ...rest] = text.trim().split('/')
  const number = parseAddress(address)
  if (number === null || rest.length > 0) return 'not_a_network'
  const isV4 = !address.includes(':')
  const given = length === undefined ? (isV4 ? 32 : BITS) : /^(0|[1-9]\d{0,2})$/.test(length) ? Number(length) : -1
  const prefix = isV4 ? given + MAPPED_PREFIX : given
  if (given < 0 || prefix > BITS) return 'not_a_network'
  const hosts = (1n << BigInt(BITS - prefix)) - 1n
  const first = number & ~hosts
  const last = first | hosts
  const holdsV4 = first <= MAPPED && last >= MAPPED_LAST
  // One that holds all of IPv4 says so by its numbers alone: `::/64` looks harmless.
  if (prefix < (holdsV4 || isMapped(first) ? WIDEST.v4 : WIDEST.v6)) return 'too_wide'
  return { first, last, text: written(first, prefix) }
}

/** Whether an address lies within. What is no address lies nowhere. */
export function isWithin({ first, last }: Pick<Network, 'first' | 'last'>, address: string): boolean {
  const number = parseAddress(address)
  return number !== null && first <= number && number <= last
}

/**
 * What to ban of somebody who is at this address: whoever has one of IPv6 has all of its /64. Null for what is none.
 */
export function networkAround(address: string): string | null {
  const number = parseAddress(address)
  if (number === null) return null
  const network = parseNetwork(isMapped(number) ? address : `${address}/64`)
  return typeof network === 'string' ? null : network.text
}

/** By what limits count an address: one of IPv4 is what it is, and nothing else is looked into. */
export function countedAs(address: string): string {
  return address.includes(':') ? (networkAround(address) ?? address) : address
}

function isMapped(number: bigint): boolean {
  return number >= MAPPED && number <= MAPPED_LAST
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null
  return parts.reduce((number, part) => (number << 8n) | BigInt(part), 0n)
}

/** RFC 4291: eight groups, one run of zeros left out, the last two also as an IPv4 address. No zone, no brackets. */
function parseV6(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = [groupsOf(halves[0] ?? '', halves.length === 1), groupsOf(halves[1] ?? '', true)]
  if (!head || !tail) return null
  const left = 8 - head.length - tail.length
  if (halves.length === 1 ? left !== 0 : left < 1) return null
  return [...head, ...Array<bigint>(left).fill(0n), ...tail].reduce((number, group) => (number << 16n) | group, 0n)
}

/** @param atEnd whether the last of them may be written as IPv4 */
function groupsOf(text: string, atEnd: boolean): bigint[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const groups: bigint[] = []
  for (const [i, part] of parts.entries()) {
    const v4 = atEnd && i === parts.length - 1 && part.includes('.') ? parseV4(part) : null
    if (v4 !== null) groups.push(v4 >> 16n, v4 & 0xffffn)
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`))
    else return null
  }
  return groups
}

function written(first: bigint, prefix: number): string {
  const isV4 = isMapped(first) && prefix >= MAPPED_PREFIX
  const address = isV4 ? writtenV4(first) : writtenV6(first)
  return prefix === BITS ? address : `${address}/${isV4 ? prefix - MAPPED_PREFIX : prefix}`
}

function writtenV4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join('.')
}

/** RFC 5952: lower case, no leading zeros, the first of the longest runs of zeros left out. */
function writtenV6(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((number >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  const runs = groups.map((_, from) => groups.slice(from).findIndex((group) => group !== '0'))
  const lengths = runs.map((length, from) => (length < 0 ? 8 - from : length))
  const longest = Math.max(...lengths)
  if (longest < 2) return groups.join(':')
  const from = lengths.indexOf(longest)
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + longest).join(':')}`
}
