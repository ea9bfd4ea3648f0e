/** Everything that is kept, as one text: to show what is not in it. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/** Every row of every table of an object. */
export async function storedIn(stub: DurableObjectStub): Promise<string> {
  return runInDurableObject(stub, (_object, ctx) => {
    const { sql } = ctx.storage
    const names = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray()
    const tables = names.map(({ name }) => name).filter((name) => !name.startsWith('_cf_'))
    return JSON.stringify(tables.map((name) => [name, sql.exec(`SELECT * FROM ${name}`).toArray()]))
  })
}

/** Every row of every table of D1. */
export async function storedInD1(): Promise<string> {
  const { results } = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{
    name: string
  }>()
  const tables = results.map(({ name }) => name).filter((name) => !/^(_cf_|sqlite_|d1_)/.test(name))
  const rows = await Promise.all(tables.map((name) => env.DB.prepare(`SELECT * FROM ${name}`).all()))
  return JSON.stringify(tables.map((name, i) => [name, rows[i]?.results]))
}
