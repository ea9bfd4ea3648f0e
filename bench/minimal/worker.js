/**
 * The least that could be called a chat: a row per message, and the same text to everybody who is there. No identity,
 * no rights, no numbers, no limits, no inbox. What Foyer needs beyond this is the price of everything else.
 */
import { DurableObject } from 'cloudflare:workers'

export class Room extends DurableObject {
  /** @param {DurableObjectState} ctx @param {unknown} env */
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, body TEXT NOT NULL)')
  }

  /** @param {Request} request */
  async fetch(request) {
    if (request.method === 'POST') {
      this.#keep(await request.text())
      return new Response(null, { status: 201 })
    }
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** @param {WebSocket} _socket @param {string} body */
  webSocketMessage(_socket, body) {
    this.#keep(body)
    for (const socket of this.ctx.getWebSockets()) socket.send(body)
  }

  /** @param {WebSocket} socket */
  webSocketClose(socket) {
    socket.close()
  }

  /** @param {string} body */
  #keep(body) {
    this.ctx.storage.sql.exec('INSERT INTO log (body) VALUES (?)', body)
  }
}

export default {
  /** @param {Request} request @param {{ ROOMS: DurableObjectNamespace }} env */
  fetch(request, env) {
    const { pathname } = new URL(request.url)
    if (pathname === '/healthz') return new Response('ok')
    return env.ROOMS.getByName(pathname).fetch(request)
  },
}
