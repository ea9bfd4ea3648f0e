/** The built product as a copy, for what must not change this checkout: a planted bug, other secrets. */
import { cpSync, existsSync, readdirSync, realpathSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NEEDED = ['core', 'durable-objects', 'worker', 'web', 'migrations', 'scripts', 'dist']
const NEEDED_FILES = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'wrangler.toml', '.dev.vars']

/** With the times of files and folders, so that nothing is built anew without need; the packages are shared. */
export function copyProduct(to: string, from = ROOT): void {
  for (const path of [...NEEDED, ...NEEDED_FILES].filter((path) => existsSync(join(from, path)))) {
    cpSync(join(from, path), join(to, path), { recursive: true, preserveTimestamps: true })
    copyFolderTimes(join(from, path), join(to, path))
  }
  symlinkSync(realpathSync(join(from, 'node_modules')), join(to, 'node_modules'))
}

/** Node keeps those of files alone. */
function copyFolderTimes(from: string, to: string): void {
  const times = statSync(from)
  if (!times.isDirectory()) return
  for (const name of readdirSync(from)) copyFolderTimes(join(from, name), join(to, name))
  utimesSync(to, times.atime, times.mtime)
}
