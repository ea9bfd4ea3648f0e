/**
 * Finds a Chromium for the tests on any machine, or brings one: `CHROME_PATH`, an installed one, Playwright's, one
 * from the system's packages, the one inside an npm package.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Browser {
  executablePath: string
  args: string[]
}

const NAMES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const FLAGS = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const isRoot = process.getuid?.() === 0

/** A browser that has answered `--version`. Throws a sentence where none can be had. */
export async function findBrowser(): Promise<Browser> {
  const executablePath = chosen() ?? NAMES.find(runs) ?? fromPlaywright() ?? fromApt() ?? (await fromPackage())
  if (!executablePath) {
    throw new Error(
      'The end-to-end tests need Chromium. Install it (npx playwright-core install chromium) or name one in CHROME_PATH.',
    )
  }
  return { executablePath, args: isRoot ? [...FLAGS, '--no-sandbox'] : FLAGS }
}

function chosen(): string | undefined {
  const path = process.env['CHROME_PATH']
  if (path && !runs(path)) throw new Error(`CHROME_PATH names ${path}, which does not run.`)
  return path || undefined
}

/** Whether it is a browser at all: some systems install a stub that asks for another package. */
function runs(path: string): boolean {
  if (!existsSync(path)) return false
  const answer = spawnSync(path, ['--version', ...(isRoot ? ['--no-sandbox'] : [])], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  return answer.status === 0 && /\d+\.\d+\.\d+/.test(answer.stdout)
}

function fromPlaywright(): string | undefined {
  const caches = [
    process.env['PLAYWRIGHT_BROWSERS_PATH'],
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
  ]
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-linux/headless_shell',
    'chrome-headless-shell-linux64/chrome-headless-shell',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ]
  return caches
    .filter((cache) => cache !== undefined && existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache ?? '')
        .filter((name) => name.startsWith('chromium'))
        .map((name) => join(cache ?? '', name)),
    )
    .flatMap((folder) => inside.map((path) => join(folder, path)))
    .find(runs)
}

function fromApt(): string | undefined {
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return undefined
  console.log('Installing a browser for the end-to-end tests …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env, timeout: 180_000 })
  for (const name of ['chromium-headless-shell', 'chromium']) {
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
      stdio: 'ignore',
      env,
      timeout: 300_000,
    })
    const path = `/usr/bin/${name}`
    if (runs(path)) return path
  }
  return undefined
}

async function fromPackage(): Promise<string | undefined> {
  // Without it the package takes this for a machine that has the system libraries, and leaves out those it carries.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  const path = await chromium.executablePath()
  return runs(path) ? path : undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await findBrowser()).executablePath)
