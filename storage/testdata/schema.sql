CREATE TRIGGER audit_keep_delete BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'audit_unlocked')
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TRIGGER audit_keep_update BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'audit_unlocked')
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TABLE audit (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  project   TEXT NOT NULL,
  at        TEXT NOT NULL,
  person    TEXT NOT NULL,
  action    TEXT NOT NULL,
  object    TEXT NOT NULL,
  before    TEXT NOT NULL,
  after     TEXT NOT NULL,
  via       TEXT NOT NULL,
  change_no INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  ref       TEXT NOT NULL,
  op        TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash      TEXT NOT NULL
) STRICT;

CREATE INDEX audit_object ON audit (project, object, seq);

CREATE INDEX audit_project ON audit (project, seq);

CREATE TABLE chains (
  project TEXT PRIMARY KEY,
  entries INTEGER NOT NULL,
  head    TEXT NOT NULL
) STRICT;

CREATE TABLE changes (
  project   TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  change_no INTEGER NOT NULL,
  person    TEXT NOT NULL,
  at        TEXT NOT NULL,
  undo      INTEGER NOT NULL,
  undone_by INTEGER NOT NULL,
  PRIMARY KEY (project, change_no)
) STRICT;

CREATE TABLE chats (
  platform TEXT NOT NULL,
  chat     TEXT NOT NULL,
  project  TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  audience TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (platform, chat, project)
) STRICT;

CREATE INDEX chats_project ON chats (project);

CREATE TABLE dialogues (
  platform   TEXT NOT NULL,
  room       TEXT NOT NULL,
  person     TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  doc        TEXT NOT NULL,
  PRIMARY KEY (platform, room, person)
) STRICT;

CREATE TABLE handles (
  platform TEXT NOT NULL,
  handle   TEXT NOT NULL,
  person   TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  PRIMARY KEY (platform, handle)
) STRICT;

CREATE INDEX handles_person ON handles (person);

CREATE TABLE hints (
  project   TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  phrase    TEXT NOT NULL,
  milestone TEXT NOT NULL,
  PRIMARY KEY (project, phrase)
) STRICT;

CREATE TABLE inbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  platform    TEXT NOT NULL,
  message_id  TEXT NOT NULL,
  room        TEXT NOT NULL,
  state       TEXT NOT NULL,
  attempts    INTEGER NOT NULL,
  problem     TEXT NOT NULL,
  received_at TEXT NOT NULL,
  doc         TEXT NOT NULL,
  UNIQUE (platform, message_id)
) STRICT;

CREATE INDEX inbox_received ON inbox (received_at);

CREATE INDEX inbox_waiting ON inbox (platform, room, id) WHERE state = 'waiting';

CREATE TABLE leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  project TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  person  TEXT NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  side    TEXT NOT NULL,
  roles   TEXT NOT NULL,
  PRIMARY KEY (project, person)
) STRICT;

CREATE INDEX members_person ON members (person);

CREATE TABLE messages (
  platform   TEXT NOT NULL,
  message_id TEXT NOT NULL,
  room       TEXT NOT NULL,
  outbox     INTEGER NOT NULL,
  project    TEXT NOT NULL,
  card       TEXT NOT NULL,
  at         TEXT NOT NULL,
  doc        TEXT NOT NULL,
  PRIMARY KEY (platform, message_id)
) STRICT;

CREATE INDEX messages_at ON messages (at);

CREATE INDEX messages_room ON messages (platform, room, outbox);

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE milestones (
  project  TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  key      TEXT NOT NULL,
  position INTEGER NOT NULL,
  status   TEXT NOT NULL,
  open     INTEGER NOT NULL,
  due_on   TEXT NOT NULL,
  owner    TEXT NOT NULL,
  side     TEXT NOT NULL,
  doc      TEXT NOT NULL,
  PRIMARY KEY (project, key)
) STRICT;

CREATE INDEX milestones_due ON milestones (due_on, project) WHERE open = 1;

CREATE TABLE notices (
  project TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  kind    TEXT NOT NULL,
  object  TEXT NOT NULL,
  about   TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (project, kind, object, about)
) STRICT;

CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  platform    TEXT NOT NULL,
  lane        TEXT NOT NULL,
  state       TEXT NOT NULL,
  live        INTEGER NOT NULL,
  not_before  TEXT NOT NULL,
  retry_at    TEXT NOT NULL,
  attempts    INTEGER NOT NULL,
  lease_until TEXT NOT NULL,
  claimed_by  TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  project     TEXT NOT NULL,
  kind        TEXT NOT NULL,
  problem     TEXT NOT NULL,
  enqueued_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  doc         TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (platform, (CASE state WHEN 'retry' THEN retry_at WHEN 'sending' THEN lease_until ELSE not_before END))
  WHERE live = 1;

CREATE INDEX outbox_finished ON outbox (finished_at) WHERE live = 0;

CREATE INDEX outbox_lane ON outbox (platform, lane, enqueued_at);

CREATE INDEX outbox_live ON outbox (lane, id) WHERE live = 1;

CREATE INDEX outbox_project ON outbox (project, id) WHERE live = 1;

CREATE INDEX outbox_turn ON outbox (platform, (CASE WHEN kind IN ('reply', 'question', 'error') THEN 0 ELSE 1 END), id) WHERE live = 1;

CREATE TABLE people (
  id  TEXT PRIMARY KEY,
  doc TEXT NOT NULL
) STRICT;

CREATE TABLE projects (
  key      TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  status   TEXT NOT NULL,
  next_at  TEXT NOT NULL DEFAULT '',
  owed_at  TEXT NOT NULL DEFAULT '',
  last_key INTEGER NOT NULL DEFAULT 0,
  doc      TEXT NOT NULL
) STRICT;

CREATE INDEX projects_next_at ON projects (next_at, key) WHERE next_at <> '';

CREATE TABLE register (
  project    TEXT NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  kind       TEXT NOT NULL,
  id         TEXT NOT NULL,
  position   INTEGER NOT NULL,
  status     TEXT NOT NULL,
  due_on     TEXT NOT NULL,
  owner      TEXT NOT NULL,
  created_by TEXT NOT NULL,
  doc        TEXT NOT NULL,
  PRIMARY KEY (project, kind, id)
) STRICT;

CREATE TABLE rooms (
  platform   TEXT NOT NULL,
  room       TEXT NOT NULL,
  direct_user TEXT NOT NULL,
  doc        TEXT NOT NULL,
  PRIMARY KEY (platform, room)
) STRICT;

CREATE INDEX rooms_user ON rooms (platform, direct_user) WHERE direct_user <> '';

CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL) STRICT;

