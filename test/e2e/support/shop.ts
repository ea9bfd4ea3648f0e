/** Somebody else's website: another origin (127.0.0.1, where Foyer is on localhost) with the snippet on its page. */
import { createServer, type Server } from 'node:http'

export class Shop {
  readonly origin: string
  readonly #server: Server
  #page = ''
  #policy: string | null = null
  #css = ''

  private constructor(origin: string, server: Server) {
    this.origin = origin
    this.#server = server
  }

  static open(): Promise<Shop> {
    return new Promise((resolve, reject) => {
      const server = createServer((request, response) => {
        if (request.url === '/favicon.ico') return void response.writeHead(204).end()
        const policy = shop.#policy === null ? {} : { 'content-security-policy': shop.#policy }
        if (request.url === '/shop.css')
          return void response.writeHead(200, { 'content-type': 'text/css' }).end(shop.#css)
        // The same page without the chat, to compare with.
        const plain = request.url === '/plain' ? shop.#page.replace(/<script.*?<\/script>/s, '') : shop.#page
        const page = plain.replace('</head>', shop.#css ? '<link rel="stylesheet" href="/shop.css"></head>' : '</head>')
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...policy }).end(page)
      })
      let shop: Shop
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (!address || typeof address === 'string') return reject(new Error('The shop has no address.'))
        shop = new Shop(`http://127.0.0.1:${address.port}`, server)
        resolve(shop)
      })
    })
  }

  /** Puts the snippet on every page, as Settings → Channels tells it. */
  embed(foyer: string, channel: string): void {
    const snippet = `<script src="${foyer}/widget.js" data-channel="${channel}" async></script>`
    this.#page = `<!doctype html><html lang="en"><head><title>Kettles</title></head>
      <body><h1>Kettles</h1><p>Hand made in small numbers.</p>${snippet}</body></html>`
  }

  /** From now on pages leave with this Content-Security-Policy; null: with none. */
  protect(policy: string | null): void {
    this.#policy = policy
  }

  /** From now on pages have this style sheet. */
  dress(css: string): void {
    this.#css = css
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}
