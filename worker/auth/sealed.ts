/**
 * Secrets of others that have to be read again, like the password of a mail server: encrypted with a key that follows
 * from one of the installation's own secrets and never stands in the database.
 */

const FORMAT = 'v1'
const IV_BYTES = 12
const BASE64 = { alphabet: 'base64url', omitPadding: true } as const
const bytes = new TextEncoder()

/** @param place what it is and whose, `smtp w_…`: sealed for one place, it cannot be opened in another */
export async function seal(secret: string, place: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const algorithm = { name: 'AES-GCM', iv, additionalData: bytes.encode(place) }
  const sealed = await crypto.subtle.encrypt(algorithm, await keyOf(secret), bytes.encode(text))
  return [FORMAT, iv.toBase64(BASE64), new Uint8Array(sealed).toBase64(BASE64)].join('.')
}

/** The text, or null where it was sealed with another secret, for another place, or changed since. */
export async function unseal(secret: string, place: string, sealed: string): Promise<string | null> {
  const [format, iv = '', text = ''] = sealed.split('.')
  if (format !== FORMAT) return null
  try {
    const algorithm = {
      name: 'AES-GCM',
      iv: Uint8Array.fromBase64(iv, BASE64),
      additionalData: bytes.encode(place),
    }
    const opened = await crypto.subtle.decrypt(algorithm, await keyOf(secret), Uint8Array.fromBase64(text, BASE64))
    return new TextDecoder().decode(opened)
  } catch {
    return null
  }
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', bytes.encode(secret), 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes.encode('foyer sealed') }
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
