/** Marks a file as one of these stores (PRAGMA application_id): the letters `CLQY`. */
export const applicationId = 0x434c5159

/**
 * What brings an empty file to version 1, version 1 to version 2, and so on. What was released is never changed: a change
 * of the schema is one more step.
 *
 * - Texts that come from outside are kept as JSON text: so any text comes back as it was, also one with a NUL or half of a
 *   surrogate pair. Ids are kept as they are.
 * - Times are REAL: whatever number JavaScript has, it comes back.
 * - Nothing refers to another table by a constraint: a session is removed long before what belonged to it.
 */
export const migrations: readonly string[] = [
  `
  -- An id is never given twice (AUTOINCREMENT): the rest of a removed session is no part of a new one. While a turn is live,
  -- its row is as it was before that one was accepted, or as it was when a turn ended meanwhile.
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    created_at REAL NOT NULL,
    ends_at REAL,
    ttl_ms REAL NOT NULL,
    last_active_at REAL NOT NULL,
    expires_at REAL, -- NULL while a turn is live
    message_count INTEGER NOT NULL DEFAULT 0,
    turn_count INTEGER NOT NULL DEFAULT 0,
    ended_count INTEGER NOT NULL DEFAULT 0, -- turns that have ended
    metadata TEXT NOT NULL,
    chat TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_of_owner ON sessions (owner, last_active_at DESC, session_id);
  CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX idle_sessions_by_activity ON sessions (last_active_at) WHERE expires_at IS NOT NULL;

  -- Apart from the session, whose row is written anew with every turn: a state may be large.
  CREATE TABLE states (session INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;

  CREATE TABLE turns (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    position INTEGER NOT NULL,
    turn_id TEXT NOT NULL,
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    status TEXT, -- how it ended
    ended INTEGER, -- its number among the turns of the session that have ended: the order of the history
    question INTEGER NOT NULL, -- the user's message
    answer INTEGER, -- the assistant's
    functions_called TEXT,
    metadata TEXT NOT NULL,
    UNIQUE (session, position)
  ) STRICT;
  -- Only the ends of the ids: an index of whole ones is four times as large, and every turn changes a page somewhere in it.
  CREATE INDEX turns_by_id ON turns (session, substr(turn_id, -6));
  -- Nearly all turns end in the order in which they were accepted: only the others are here.
  CREATE UNIQUE INDEX turns_ended_out_of_order ON turns (session, ended) WHERE ended <> position;

  -- The turns that run (place 0) or wait: those that are to interrupt below 0, the others above; the next one has the
  -- lowest place.
  CREATE TABLE live_turns (
    turn INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    place INTEGER NOT NULL,
    instance TEXT NOT NULL,
    lease_until REAL NOT NULL,
    UNIQUE (session, place)
  ) STRICT;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    position INTEGER NOT NULL,
    message TEXT NOT NULL,
    UNIQUE (session, position)
  ) STRICT;

  -- The id is the turn's id * 2^24 + the number of the last event in the row: one tree in place of two. Events that were
  -- written together are one row, a line for each. A file can take 2^29 turns, counted from the oldest that was there when
  -- it last had none: what is more is no whole number of JavaScript any more.
  CREATE TABLE events (id INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT;

  CREATE TABLE keys (
    turn INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    until REAL NOT NULL,
    UNIQUE (owner, key)
  ) STRICT;
  CREATE INDEX keys_by_end ON keys (until);

  -- The sessions that are gone, and of which something is left.
  CREATE TABLE removed_sessions (session INTEGER PRIMARY KEY) STRICT;

  -- How many sessions there are: counting them would take longer the more there are.
  CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), sessions INTEGER NOT NULL) STRICT;
  INSERT INTO totals (id, sessions) VALUES (1, 0);

  -- Health checks try to write here.
  CREATE TABLE probe (id INTEGER PRIMARY KEY, filling TEXT NOT NULL) STRICT;
  `,
]
