/**
 * `npm run dev`: Vite serves the pages with hot reload at the addresses the Worker gives them in production, and
 * passes everything else on to the Worker. Pages come without their Content-Security-Policy here; the end-to-end
 * tests run against the built product, where it holds.
 */
import type { Plugin } from 'vite'

/** Where the Worker listens; set by scripts/dev.mjs. */
const WORKER = process.env['FOYER_WORKER']

const PAGES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\/(dashboard(\/.*)?)?$/, '/inbox/index.html'],
  [/^\/widget\/frame$/, '/widget/index.html'],
  [/^\/demo\/?$/, '/demo/index.html'],
]

const PASSED_ON = [
  '/api',
  '/widget/v1',
  '/widget.js',
  '/demo/channel.json',
  '/healthz',
  '/openapi.json',
  '/mailbox',
  '/local',
]

/** The page behind an address, or the address itself where it is none. */
export function pageFor(url: string): string {
  const [path = '/', query] = url.split('?')
  const page = PAGES.find(([pattern]) => pattern.test(path))?.[1]
  return page === undefined ? url : query === undefined ? page : `${page}?${query}`
}

export function devPages(): Plugin {
  return {
    name: 'foyer-dev-pages',
    apply: 'serve',
    config: () => ({
      appType: 'mpa',
      server: {
        strictPort: true,
        proxy: WORKER ? Object.fromEntries(PASSED_ON.map((path) => [path, { target: WORKER, ws: true }])) : {},
      },
    }),
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        request.url = pageFor(request.url ?? '/')
        next()
      })
    },
    // A page is served at another address than its folder, so what it loads from beside itself needs its full path.
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) => html.replace(/ (src|href)="\.\//g, ` $1="${path.replace(/[^/]*$/, '')}`),
    },
  }
}
