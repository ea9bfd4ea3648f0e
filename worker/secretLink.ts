import { hashSecret, newSecret } from './ids.ts'

/**
 * A link that lets somebody in: with its secret in the fragment, which no server is sent, and with the hash that is all
 * that is kept of it. Whoever reads the database can open nothing.
 */
export async function newSecretLink(
  env: Env,
  page: 'invitation' | 'reset-password',
): Promise<{ link: string; tokenHash: string }> {
  const secret = newSecret()
  return { link: `${env.BASE_URL}/dashboard/${page}#token=${secret}`, tokenHash: await hashSecret(secret) }
}
