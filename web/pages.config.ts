/**
 * What the builds of the pages share. Each app is built by itself: in one build they would share chunks, and the
 * widget would carry what only the inbox uses.
 */
import { fileURLToPath } from 'node:url'
import icons from 'unplugin-icons/vite'
import type { UserConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { leanSolid, plainImports } from './leanSolid.config.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * A build of the named folders' `index.html`;
 * the first of several empties the output, a lean one counts every byte.
 */
export function pages(
  names: readonly string[],
  options: { first: boolean; manifest: string; shared?: RegExp; lean?: boolean },
): UserConfig {
  return {
    root: at('.'),
    publicDir: options.first ? at('public') : false,
    plugins: [
      // One listener for all of a kind pays off with hundreds of rows; the few of a small page are lighter without.
      solid({ solid: { delegateEvents: !options.lean } }),
      icons({ compiler: 'solid', scale: 1 }),
      options.lean && [leanSolid(), plainImports()],
    ],
    css: { modules: { localsConvention: 'camelCaseOnly' } },
    build: {
      outDir: at('../dist/client'),
      emptyOutDir: options.first,
      manifest: options.manifest,
      // Nothing inline: the pages' Content-Security-Policy has no data: scripts and no inline styles.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // light-dark() and oklch() are written for these; for older ones they would be rewritten at twice the size.
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
      rolldownOptions: {
        // Which plugin took how long says nothing to who starts Foyer for the first time.
        checks: { bundlerTimings: false },
        input: Object.fromEntries(names.map((name) => [name, at(`${name}/index.html`)])),
        // Lazy pages share libraries and titles with the first one: kept in one chunk, they cost one request, not four.
        ...(options.shared && { output: { codeSplitting: { groups: [{ name: 'shared', test: options.shared }] } } }),
      },
    },
  }
}
