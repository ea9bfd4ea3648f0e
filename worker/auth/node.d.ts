/** The few of Node's functions that the Worker uses; Node's own types do not compile beside those of Workers. */
declare module 'node:crypto' {
  export function scrypt(
    password: string,
    salt: Uint8Array,
    keyLength: number,
    options: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null, key: Uint8Array) => void,
  ): void
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean
  export function createHmac(
    algorithm: 'sha256',
    key: string,
  ): { update(text: string): { digest(): Uint8Array; digest(encoding: 'base64url'): string } }
}
