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
  // What is counted per view, and found when a member is disabled. Null until a conversation is next told of.
  `ALTER TABLE known ADD COLUMN status TEXT;
   ALTER TABLE known ADD COLUMN assignee TEXT;
   -- Read markers that D1 has not taken yet.
   CREATE TABLE markers (
     member TEXT NOT NULL, id TEXT NOT NULL, public INTEGER NOT NULL, visitor INTEGER NOT NULL, unread INTEGER NOT NULL,
     due_at INTEGER NOT NULL, PRIMARY KEY (member, id)
   ) WITHOUT ROWID;
   -- Which conversations have a socket of a member, let in on rights read at as_of.
   CREATE TABLE viewing (
     member TEXT NOT NULL, id TEXT NOT NULL, as_of INTEGER NOT NULL, PRIMARY KEY (member, id)
   ) WITHOUT ROWID;
   -- When a member's rights last changed: a socket that was let in on older ones is turned away.
   CREATE TABLE revoked (
     member TEXT PRIMARY KEY, at INTEGER NOT NULL, disabled INTEGER NOT NULL, unassign INTEGER NOT NULL
   ) WITHOUT ROWID;`,
  // Which revision D1 has at least: a row that comes late is known for old, also after this object slept.
  'ALTER TABLE known ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;',
  // Being deleted: still known, in no list and no count. Null until it is.
  `ALTER TABLE known ADD COLUMN deleted_at INTEGER;
   -- Gone for good: nothing that comes late brings one back.
   CREATE TABLE buried (id TEXT PRIMARY KEY) WITHOUT ROWID;`,
  // What administrators decided, and which conversations with an open socket have heard of it.
  `CREATE TABLE policies (one INTEGER PRIMARY KEY CHECK (one = 1), json TEXT NOT NULL);
   CREATE TABLE live (id TEXT PRIMARY KEY, at INTEGER NOT NULL, policy INTEGER NOT NULL) WITHOUT ROWID;`,
  // Members from whom a conversation was taken (CV7), as JSON; null for none.
  'ALTER TABLE known ADD COLUMN withdrawn TEXT;',
  // What is given to agents by itself (CV6): where it arrived, and since when nobody has it. Null until next told of.
  `ALTER TABLE known ADD COLUMN channel TEXT;
   ALTER TABLE known ADD COLUMN since INTEGER;
   -- When it last was whose turn, and what was given to them until then and may not be known to be theirs yet, as JSON.
   CREATE TABLE turns (member TEXT PRIMARY KEY, turn INTEGER NOT NULL, given TEXT NOT NULL) WITHOUT ROWID;`,
  // Who is banned, and lifted ones too, by which the newest change is known; and which conversations are to be told.
  `CREATE TABLE bans (
     target TEXT PRIMARY KEY, scope TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, until INTEGER,
     lifted INTEGER NOT NULL, follows INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE ban_news (
     id TEXT PRIMARY KEY, contact TEXT NOT NULL, device TEXT NOT NULL, version INTEGER NOT NULL, told TEXT NOT NULL
   ) WITHOUT ROWID;
   -- Who an open conversation is with, and from where; empty until it is next told of.
   ALTER TABLE live ADD COLUMN contact TEXT NOT NULL DEFAULT '';
   ALTER TABLE live ADD COLUMN device TEXT NOT NULL DEFAULT '';
   ALTER TABLE live ADD COLUMN ips TEXT NOT NULL DEFAULT '';`,
]
