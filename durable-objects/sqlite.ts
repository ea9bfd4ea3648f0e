/**
 * The schema of an object's own database.
 * Steps are only ever appended: an object may sleep for years between two.
 */

/**
 * Runs the steps that are missing, all or none.
 * @param done how many of them this database has had
 * @returns how many it has now
 */
export function runMigrations(storage: DurableObjectStorage, steps: readonly string[], done: number): number {
  if (done >= steps.length) return done
  storage.transactionSync(() => {
    for (const step of steps.slice(done)) storage.sql.exec(step)
  })
  return steps.length
}

/** Whether a table that is made on first use has been made. Reads the schema, row by row. */
export function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0
}
