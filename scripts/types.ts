/** Type-checks every folder with its own settings, two at a time. `npm run types [folder …]`. */
import { spawn } from 'node:child_process'

const FOLDERS = ['core', 'worker', 'web', 'test', 'test/web', 'scripts']
const AT_ONCE = 2

const queue = process.argv.length > 2 ? process.argv.slice(2) : [...FOLDERS]
let failed = false

async function work(): Promise<void> {
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    const tsc = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder, '--pretty'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const code = await new Promise((resolve) => tsc.once('exit', resolve))
    if (code === 0) continue
    failed = true
    console.error(`Types of ${folder} do not hold.`)
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work))
if (failed) process.exit(1)
