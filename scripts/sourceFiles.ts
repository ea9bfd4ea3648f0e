/** The files of the repository that are written by hand. */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['core', 'durable-objects', 'worker', 'web', 'test', 'scripts', 'bench']

/** Paths from the root of the repository, which becomes the working directory so that they can be read as they are. */
export function sourceFiles(name: RegExp): string[] {
  process.chdir(ROOT)
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  )
}
