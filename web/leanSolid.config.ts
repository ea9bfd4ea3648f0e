/**
 * Solid, for the widget's build, without what the widget never turns on: transitions, suspense, error boundaries,
 * schedulers, reactive sources of other libraries, MathML, and markup from a server. Solid asks for each of them at run
 * time, so no bundler can see that they are never there. Here they are said to be null, and the minifier drops what
 * stood behind.
 */
import type { Plugin } from 'vite'

const SOLID = /solid-js[\\/](web[\\/])?dist[\\/](solid|web)\.js$/

/** Where Solid reads whether one of them is there; declarations and assignments stay. */
const READINGS = [
  /(?<!let )\b(Transition|SuspenseContext|ERROR|Scheduler|ExternalSourceConfig)\b(?! = )/g,
  /\bsharedConfig\.(context|registry|effects)\b(?! = )/g,
  /\b\w+\.(suspense|tOwned)\b(?! = )/g,
  /(?<!function )\bisHydrating\(\w*\)/g,
  /(?<=[=:] )isMathML(?= \?)/g,
]

/** What would turn one of them on. A widget that comes to need one pays for all of Solid again. */
const TURNS_ON =
  /import\s*\{[^}]*\b(catchError|createResource|enable\w+|ErrorBoundary|hydrate|lazy|onError|startTransition|Suspense|useTransition)\b[^}]*\}\s*from\s*['"]solid-js/

export function leanSolid(): Plugin {
  return {
    name: 'foyer-lean-solid',
    transform: {
      filter: { id: [SOLID, /[\\/]web[\\/](lib|ui|widget)[\\/]/] },
      handler(code, id) {
        if (SOLID.test(id))
          return { code: READINGS.reduce((text, reading) => text.replace(reading, 'null'), code), map: null }
        const turnsOn = TURNS_ON.exec(code)?.[1]
        if (turnsOn) this.error(`${turnsOn} needs what web/leanSolid.config.ts leaves out of Solid.`)
        return null
      },
    },
  }
}

/**
 * Loads a later part of the widget as the browser does it:
 * Vite's own way also fetches styles and parts beside it, of which there are none.
 */
export function plainImports(): Plugin {
  return {
    name: 'foyer-plain-imports',
    enforce: 'pre',
    load: { filter: { id: /vite\/preload-helper/ }, handler: () => 'export const __vitePreload = (load) => load()' },
  }
}
