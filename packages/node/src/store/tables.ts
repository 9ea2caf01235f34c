/** Version of the tables below; a file of another version is refused. */
export const STORE_VERSION = 1

/** Marks the file as ours: "CWNO". */
export const STORE_APPLICATION_ID = 0x43574e4f

/**
 * The tables of `node.db`. Bodies are canonical DAG-CBOR; `facts` and `event` are JSON, for whoever opens the file with
 * the sqlite3 tool. A block is kept once: the journal row of kind `block` names it.
 */
export const TABLES = `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY, value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER NOT NULL, kind TEXT NOT NULL, block TEXT, body BLOB
  ) STRICT;
  CREATE INDEX journal_by_epoch ON journal (epoch);
  CREATE TABLE blocks (
    id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, height INTEGER NOT NULL,
    final INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX blocks_final ON blocks (height) WHERE final = 1;
  CREATE INDEX blocks_unfinal ON blocks (epoch) WHERE final = 0;
  CREATE TABLE certificates (
    height INTEGER PRIMARY KEY, body BLOB NOT NULL
  ) STRICT;
  CREATE TABLE epoch_ends (
    epoch INTEGER PRIMARY KEY, header BLOB NOT NULL, certificate BLOB NOT NULL
  ) STRICT;
  CREATE TABLE receipts (
    id TEXT NOT NULL, height INTEGER NOT NULL, position INTEGER NOT NULL,
    author TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (height, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX receipts_by_id ON receipts (id);
  CREATE TABLE events (
    height INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (height, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_kind ON events (kind, height);
  CREATE TABLE snapshots (
    epoch INTEGER PRIMARY KEY, height INTEGER NOT NULL, id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    epoch INTEGER NOT NULL REFERENCES snapshots (epoch) ON DELETE CASCADE,
    key TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (epoch, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE turns (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    target INTEGER NOT NULL, conversation TEXT NOT NULL, turn INTEGER NOT NULL,
    subnet TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (conversation, turn)
  ) STRICT;
  CREATE INDEX turns_by_target ON turns (target);
  CREATE TABLE peers (
    peer TEXT PRIMARY KEY, address TEXT NOT NULL, seen_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`
