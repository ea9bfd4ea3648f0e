/**
 * What stands behind `Bearer`, or null; the scheme has no case (RFC 9110, 11.1).
 * Another scheme is not ours: a proxy may ask browsers for a password of its own.
 */
export function bearerOf(authorization: string | undefined): string | null {
  const match = authorization === undefined ? null : /^Bearer\b(.*)$/i.exec(authorization)
  return match ? (match[1] ?? '').trim() : null
}
