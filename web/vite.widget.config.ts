/** Builds the widget's frame. */
import { defineConfig } from 'vite'
import { pages } from './pages.config.ts'

export default defineConfig(pages(['widget'], { first: false, manifest: '.vite/widget.json', lean: true }))
