/** Whether an address is free to serve on. Built-ins of Node 20 only. */
import { createServer } from 'node:net'
import { Sentence } from './paths.mjs'

/** @param {string | undefined} text what stands in `PORT` */
export function portFrom(text) {
  const port = Number(text ?? 8787)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new Sentence(`PORT is to be a number from 1 to 65535, not "${text}".`)
}

/**
 * Refuses with a sentence when another program has the port. Both loopback addresses are tried: a browser that is
 * sent to "localhost" would otherwise reach whoever listens on the other one.
 * @param {number} port
 */
export async function claimPort(port) {
  for (const host of ['127.0.0.1', '::1']) {
    if (await isTaken(port, host)) {
      const next = port < 65535 ? port + 1 : port - 1
      throw new Sentence(`Port ${port} is taken by another program. Stop it, or start with PORT=${next} npm start.`)
    }
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function isTaken(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : ''
      if (code === 'EADDRINUSE') resolve(true)
      // No IPv6 on this machine: nobody can be reached there.
      else if (host === '::1') resolve(false)
      else if (code === 'EACCES')
        reject(new Sentence(`Port ${port} may not be used without special rights. Try PORT=8787.`))
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)))
  })
}
