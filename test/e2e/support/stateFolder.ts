/** The databases of a state folder as text, so that a repository can keep what an earlier version left behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** What JSON cannot say is said in an object. */
type Value = null | string | number | { int: string } | { bytes: string }

interface Part {
  /** What made it, word for word. */
  create: string
  name: string
  /** Of tables. */
  rows: Value[][]
}

interface StoredFile {
  path: string
  parts: Part[]
}

export interface StateFolder {
  databases: StoredFile[]
  /** The other files, as they are. */
  notes: Array<{ path: string; text: string }>
}

/** What Foyer keeps; the rest is the runtime's own (traces, caches) and of no consequence. */
const KEPT = /^v3.(d1|do)\b.*\.sqlite$/

/** A folder that nobody is using. */
export function readStateFolder(folder: string): StateFolder {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  return {
    databases: paths.filter((path) => KEPT.test(path)).map((path) => dump(folder, path)),
    notes: paths
      .filter((path) => !/\.sqlite(-wal|-shm)?$/.test(path) && path !== 'running.json')
      .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })),
  }
}

/** Makes the folder anew. */
export function writeStateFolder(folder: string, { databases, notes }: StateFolder): void {
  for (const { path, text } of notes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const { path, parts } of databases) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    const db = new DatabaseSync(join(folder, path))
    db.exec('PRAGMA journal_mode = WAL; BEGIN')
    for (const { create, name, rows } of parts) {
      db.exec(create)
      for (const row of rows)
        db.prepare(`INSERT INTO "${name}" VALUES (${row.map(() => '?').join(', ')})`).run(...row.map(toSql))
    }
    db.exec('COMMIT')
    db.close()
  }
}

function dump(folder: string, path: string): StoredFile {
  const db = new DatabaseSync(join(folder, path))
  const rowsOf = (name: string): Value[][] => {
    const all = db.prepare(`SELECT * FROM "${name}"`)
    all.setReadBigInts(true)
    return all.all().map((row) => Object.values(row).map(toJson))
  }
  const parts = db
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid",
    )
    .all()
    .map(({ type, name, sql }) => ({
      create: String(sql),
      name: String(name),
      rows: type === 'table' ? rowsOf(String(name)) : [],
    }))
  db.close()
  return { path, parts }
}

function toJson(value: unknown): Value {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : { int: String(value) }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

function toSql(value: Value): SQLInputValue {
  if (value === null || typeof value !== 'object') return value
  return 'int' in value ? BigInt(value.int) : Buffer.from(value.bytes, 'base64')
}
