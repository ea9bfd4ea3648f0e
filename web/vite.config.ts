/** Builds the inbox and the demo shop; also what `npm run dev` serves all pages with. */
import { defineConfig, mergeConfig } from 'vite'
import { devPages } from './devPages.config.ts'
import { pages } from './pages.config.ts'

export default defineConfig(
  mergeConfig(
    pages(['inbox', 'demo'], {
      first: true,
      manifest: '.vite/inbox.json',
      shared: /node_modules|web.(lib|inbox.app.createTitle)/,
    }),
    { plugins: [devPages()] },
  ),
)
