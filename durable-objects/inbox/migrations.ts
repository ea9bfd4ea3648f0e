/** The schema of an inbox object's database. Append only. */
export const MIGRATIONS: readonly string[] = [
  // Every conversation of the workspace, until it is purged: what a rebuild of the index walks.
  `CREATE TABLE known (id TEXT PRIMARY KEY) WITHOUT ROWID;
   -- Rows that D1 has not taken yet; few at any time.
   CREATE TABLE dirty (
     id TEXT PRIMARY KEY, rev INTEGER NOT NULL, due_at INTEGER NOT NULL, introduce INTEGER NOT NULL,
     parked INTEGER NOT NULL DEFAULT 0, row TEXT NOT NULL
   ) WITHOUT ROWID;
   -- Limits on starting conversations (DL9), one arrival time per device and per address.
   CREATE TABLE starts (key TEXT PRIMARY KEY, arrival INTEGER NOT NULL) WITHOUT ROWID;`,
]
