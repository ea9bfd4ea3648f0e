/** Password hashes: scrypt, native in the runtime (PBKDF2 beyond 100,000 rounds throws in production only). */
import { scrypt, timingSafeEqual } from 'node:crypto'

const COST = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const KEY_BYTES = 32

/** `scrypt$N$r$salt$key`, salt and key in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await derive(password, salt, COST.N, COST.r)
  return `scrypt$${COST.N}$${COST.r}$${salt.toBase64()}$${key.toBase64()}`
}

/** Whether a password is the one that was hashed. False also for a hash that cannot be read. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [scheme, N, r, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || !N || !r || !salt || !key) return false
  try {
    const expected = Uint8Array.fromBase64(key)
    const given = await derive(password, Uint8Array.fromBase64(salt), Number(N), Number(r))
    return given.length === expected.length && timingSafeEqual(given, expected)
  } catch {
    return false
  }
}

function derive(password: string, salt: Uint8Array, N: number, r: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // NFKC: the same password typed on another keyboard must stay the same.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...COST, N, r }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
