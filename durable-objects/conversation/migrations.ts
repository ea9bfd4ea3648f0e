/**
 * The schema of a conversation's database. Append only. How many steps a database has had stands in the state row,
 * so that it costs neither a table nor a query of its own.
 *
 * Two logs, so that a leak is impossible by construction: whatever serves visitors reads `public_log` alone.
 * `INTEGER PRIMARY KEY` is the rowid itself, hence no index beside the tables: a row written costs a thousand row
 * reads.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE public_log (
     n INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, type TEXT NOT NULL,
     client_id TEXT, digest TEXT, body TEXT NOT NULL
   );
   CREATE TABLE team_log (
     n INTEGER PRIMARY KEY, after INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, type TEXT NOT NULL,
     client_id TEXT, digest TEXT, body TEXT NOT NULL
   );
   CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), steps INTEGER NOT NULL, json TEXT NOT NULL);`,
]
