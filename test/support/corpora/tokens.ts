/**
 * Visitor tokens and session cookies that nobody here has given out.
 * Each list is named, so that a failure says which.
 */
import { env } from 'cloudflare:workers'
import { SESSION_COOKIE } from '../../../worker/auth/session.ts'
import { cookieFor } from '../installation.ts'

const bytes = new TextEncoder()
const base64url = { alphabet: 'base64url', omitPadding: true } as const

const part = (value: unknown) =>
  bytes.encode(typeof value === 'string' ? value : JSON.stringify(value)).toBase64(base64url)

async function sign(text: string, secret: string | Uint8Array, hash: string): Promise<string> {
  const raw = typeof secret === 'string' ? bytes.encode(secret) : secret
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(text))).toBase64(base64url)
}

export interface Claims {
  ws?: unknown
  sub?: unknown
  aud?: unknown
  iat?: unknown
  exp?: unknown
  nbf?: unknown
  more?: unknown
}

/** A token with these claims, right unless told otherwise. */
export async function signedVisitorToken(
  claims: unknown,
  {
    header = { alg: 'HS256' },
    secret = env.VISITOR_SECRET,
    hash = 'SHA-256',
  }: { header?: unknown; secret?: string | Uint8Array; hash?: string } = {},
): Promise<string> {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${await sign(text, secret, hash)}`
}

export function goodClaims(workspace: string, device: string, now: number): Claims {
  const iat = Math.floor(now / 1000)
  return { ws: workspace, sub: device, aud: 'foyer:visitor', iat, exp: iat + 3_600 }
}

/**
 * Forgeries of a visitor's token, made by somebody who knows `good`
 * and the shape of things but no secret, or has only another one.
 */
export async function forgedVisitorTokens(
  good: string,
  other: string,
  claims: Claims,
  now: number,
): Promise<Array<[name: string, token: string]>> {
  const [header = '', payload = '', signature = ''] = good.split('.')
  const [, otherPayload = '', otherSignature = ''] = other.split('.')
  const seconds = Math.floor(now / 1000)
  const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'Z' : 'A') + text.slice(at + 1)
  const none = (alg: string) => `${part({ alg })}.${payload}.`
  const unsigned = (alg: string) => `${part({ alg })}.${payload}.${signature}`
  const { ws: _ws, ...withoutWorkspace } = claims
  const { sub: _sub, ...withoutDevice } = claims
  const { aud: _aud, ...withoutAudience } = claims
  const { exp: _exp, ...withoutExpiry } = claims
  const { iat: _iat, ...withoutIssue } = claims
  const jwk = { kty: 'oct', k: part('mine'), alg: 'HS256' }
  return [
    ['empty', ''],
    ['the word null', 'null'],
    ['the word undefined', 'undefined'],
    ['a dot', '.'],
    ['two dots', '..'],
    ['many dots', '.'.repeat(500)],
    ['header alone', header],
    ['payload alone', payload],
    ['without signature', `${header}.${payload}`],
    ['empty signature', `${header}.${payload}.`],
    ['empty payload', `${header}..${signature}`],
    ['empty header', `.${payload}.${signature}`],
    ['alg none', none('none')],
    ['alg None', none('None')],
    ['alg NONE', none('NONE')],
    ['alg nOnE, with the signature left', unsigned('nOnE')],
    ['alg empty', unsigned('')],
    ['alg HS384 named', unsigned('HS384')],
    ['alg RS256 named', unsigned('RS256')],
    ['alg ES256 named', unsigned('ES256')],
    ['alg a list', `${part({ alg: ['HS256'] })}.${payload}.${signature}`],
    ['no alg', await signedVisitorToken(claims, { header: { typ: 'JWT' } })],
    ['HS384 with our key', await signedVisitorToken(claims, { header: { alg: 'HS384' }, hash: 'SHA-384' })],
    ['HS512 with our key', await signedVisitorToken(claims, { header: { alg: 'HS512' }, hash: 'SHA-512' })],
    ['signed with SHA-512 under HS256', await signedVisitorToken(claims, { hash: 'SHA-512' })],
    ['another key', await signedVisitorToken(claims, { secret: 'another key of enough characters ......' })],
    ['a key of one zero', await signedVisitorToken(claims, { secret: new Uint8Array(1) })],
    ['the word secret as key', await signedVisitorToken(claims, { secret: 'secret' })],
    ['our key in capitals', await signedVisitorToken(claims, { secret: env.VISITOR_SECRET.toUpperCase() })],
    ['the key of session cookies', await signedVisitorToken(claims, { secret: env.AUTH_SECRET })],
    ['the key of conversation ids', await signedVisitorToken(claims, { secret: env.ID_SECRET })],
    ['the set-up token as key', await signedVisitorToken(claims, { secret: env.SETUP_TOKEN })],
    ['a key brought along', await signedVisitorToken(claims, { header: { alg: 'HS256', jwk }, secret: 'mine' })],
    [
      'a key named by path',
      await signedVisitorToken(claims, { header: { alg: 'HS256', kid: '../../dev/null' }, secret: new Uint8Array(1) }),
    ],
    ['an unknown critical header', await signedVisitorToken(claims, { header: { alg: 'HS256', crit: ['x'], x: 1 } })],
    ['unencoded payload', await signedVisitorToken(claims, { header: { alg: 'HS256', crit: ['b64'], b64: false } })],
    ['another audience', await signedVisitorToken({ ...claims, aud: 'foyer:agent' })],
    ['audiences without ours', await signedVisitorToken({ ...claims, aud: ['a', 'b'] })],
    ['no audience', await signedVisitorToken(withoutAudience)],
    ['expired this second', await signedVisitorToken({ ...claims, exp: seconds })],
    ['expired a year ago', await signedVisitorToken({ ...claims, exp: seconds - 31_536_000 })],
    ['no expiry', await signedVisitorToken(withoutExpiry)],
    ['expiry in words', await signedVisitorToken({ ...claims, exp: 'never' })],
    ['not yet', await signedVisitorToken({ ...claims, nbf: seconds + 60 })],
    ['no time of issue', await signedVisitorToken(withoutIssue)],
    ['no device', await signedVisitorToken(withoutDevice)],
    ['empty device', await signedVisitorToken({ ...claims, sub: '' })],
    ['device a number', await signedVisitorToken({ ...claims, sub: 7 })],
    ['no workspace', await signedVisitorToken(withoutWorkspace)],
    ['workspace a list', await signedVisitorToken({ ...claims, ws: [claims.ws] })],
    ['payload a list', await signedVisitorToken([claims])],
    ['payload null', await signedVisitorToken('null')],
    ['payload no JSON', await signedVisitorToken('hello')],
    ['signature of another token', `${header}.${payload}.${otherSignature}`],
    ['payload of another token', `${header}.${otherPayload}.${signature}`],
    ['parts swapped', `${payload}.${header}.${signature}`],
    ['parts reversed', `${signature}.${payload}.${header}`],
    ['first letter of the signature', `${header}.${payload}.${flip(signature, 0)}`],
    ['middle letter of the signature', `${header}.${payload}.${flip(signature, 20)}`],
    ['signature cut short', good.slice(0, -4)],
    ['signature made longer', `${good}AAAA`],
    ['padding on the payload', `${header}.${payload}=.${signature}`],
    ['one letter of the payload', `${header}.${flip(payload, 12)}.${signature}`],
    ['in capitals', good.toUpperCase()],
    ['in small letters', good.toLowerCase()],
    ['twice', `${good}.${good}`],
    ['five parts', `${good}.a.b`],
    ['encoded once more', part(good)],
    ['percent-encoded', good.replaceAll('.', '%2E')],
    ['in quotes', `"${good}"`],
    ['other dots', good.replaceAll('.', '\u3002')],
    ['an emoji', '😍'],
    ['an emoji in it', `${good}😍`],
    ['a statement', "' OR 1=1 --"],
    ['the claims in plain', JSON.stringify(claims)],
    ['right but of 2,001 characters', await signedVisitorToken({ ...claims, more: 'x'.repeat(2_000) })],
    ['megabytes', 'x'.repeat(60_000)],
  ]
}

/** Cookies that open no session. `token` is that of a session which is good. */
export async function forgedCookies(good: string, token: string): Promise<Array<[name: string, cookie: string]>> {
  const value = decodeURIComponent(good.slice(SESSION_COOKIE.length + 1))
  const signature = value.slice(value.lastIndexOf('.') + 1)
  const named = (text: string) => `${SESSION_COOKIE}=${text}`
  return [
    ['empty', named('')],
    ['token alone', named(token)],
    ['token and a dot', named(`${token}.`)],
    ['signature alone', named(encodeURIComponent(`.${signature}`))],
    ['of another token', named(encodeURIComponent(`s_none.${signature}`))],
    ['of a part of the token', named(encodeURIComponent(`${token.slice(0, -1)}.${signature}`))],
    ['signature cut short', named(encodeURIComponent(`${token}.${signature.slice(0, -4)}`))],
    ['signature of zeros', named(encodeURIComponent(`${token}.${new Uint8Array(32).toBase64()}`))],
    ['signature no base64', named(encodeURIComponent(`${token}.***`))],
    ['broken percent-encoding', named(`${token}.%E0%A4%A`)],
    ['another key', await cookieFor(token, 'another key of enough characters ......')],
    ['the key of visitors', await cookieFor(token, env.VISITOR_SECRET)],
    ['the key of conversation ids', await cookieFor(token, env.ID_SECRET)],
    ['a good signature of an unknown token', await cookieFor('s_unknown')],
    ['a good signature of nothing', await cookieFor('')],
    ['a statement, well signed', await cookieFor("' OR 1=1 --")],
    ['a wildcard, well signed', await cookieFor('%')],
    ['another name', good.replace(SESSION_COOKIE, 'foyer')],
    ['small letters', good.replace(SESSION_COOKIE, SESSION_COOKIE.toLowerCase())],
    ['a longer name', `x${good}`],
    ['inside another cookie', `other="${good}"`],
    ['megabytes', named('x'.repeat(60_000))],
  ]
}
