/**
 * The schema of an object's own database.
 * Steps are only ever appended: an object may sleep for years between two.
 */

/**
 * Runs the steps that are missing. In a transaction of the caller's, which also notes that they were run.
 * @param done how many of them this database has had
 */
export function runMigrations(sql: SqlStorage, steps: readonly string[], done: number): void {
  for (const step of steps.slice(done)) sql.exec(step)
}

/** Whether a table that is made on first use has been made. Reads the schema, row by row. */
export function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0
}
