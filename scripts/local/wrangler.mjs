/** How wrangler is called here: without network, account, questions or telemetry. Built-ins of Node 20 only. */
import { join } from 'node:path'
import { at, stateDir } from './paths.mjs'

export const WRANGLER = at('node_modules/wrangler/bin/wrangler.js')

/** On this machine mail goes nowhere, and a page shows it. */
export const LOCAL_BUILD = ['--define', 'LOCAL:true']
/** The address that Foyer writes from where no mail leaves. */
export const LOCAL_MAIL_FROM = 'foyer@foyer.example'

export function wranglerEnv() {
  return {
    ...process.env,
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    // Where instances on one machine find each other: each installation keeps to itself.
    WRANGLER_REGISTRY_PATH: join(stateDir(), 'registry'),
    WRANGLER_WRITE_LOGS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
}
