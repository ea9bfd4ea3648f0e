/** Builds `/widget.js`, the one file that other websites load: a plain script, no module, no dependency. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('.'),
  publicDir: false,
  build: {
    outDir: at('../dist/client'),
    emptyOutDir: false,
    target: 'es2020',
    lib: { entry: at('widget/loader.ts'), formats: ['iife'], name: 'FoyerLoader', fileName: () => 'widget.js' },
  },
})
