-- The whole state. Documents (doc) are JSON in the form of the export; the columns beside them are what queries need.
-- Moments are UTC text with nine digits of fraction, so that they sort; civil dates are YYYY-MM-DD, '' when unset.
-- {{int}}, {{text}}, {{id}} and {{strict}} are filled in by the runner, see migrate.go.

CREATE TABLE meta (
  key   {{text}} PRIMARY KEY,
  value {{text}} NOT NULL
) {{strict}};

-- People, and who they are on each platform.
CREATE TABLE people (
  id  {{text}} PRIMARY KEY,
  doc {{text}} NOT NULL
) {{strict}};

CREATE TABLE handles (
  platform {{text}} NOT NULL,
  handle   {{text}} NOT NULL,
  person   {{text}} NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  PRIMARY KEY (platform, handle)
) {{strict}};
CREATE INDEX handles_person ON handles (person);

-- A project: its header in doc, its lists in the tables below. version counts the saves; last_key is the highest number
-- that a milestone ever had, because numbers are never used again. next_at is when the scheduler has to look at it, owed_at
-- from when on something is owed that could not go out yet ('' if everything before next_at is settled).
CREATE TABLE projects (
  key      {{text}} PRIMARY KEY,
  version  {{int}} NOT NULL,
  status   {{text}} NOT NULL,
  next_at  {{text}} NOT NULL DEFAULT '',
  owed_at  {{text}} NOT NULL DEFAULT '',
  last_key {{int}} NOT NULL DEFAULT 0,
  doc      {{text}} NOT NULL
) {{strict}};
CREATE INDEX projects_next_at ON projects (next_at) WHERE next_at <> '';

-- Projections of the header, for looking a project up.
CREATE TABLE chats (
  platform {{text}} NOT NULL,
  chat     {{text}} NOT NULL,
  project  {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  audience {{text}} NOT NULL,
  position {{int}} NOT NULL,
  PRIMARY KEY (platform, chat, project)
) {{strict}};
CREATE INDEX chats_project ON chats (project);

CREATE TABLE members (
  project {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  person  {{text}} NOT NULL REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED,
  side    {{text}} NOT NULL,
  roles   {{text}} NOT NULL,
  PRIMARY KEY (project, person)
) {{strict}};
CREATE INDEX members_person ON members (person);

CREATE TABLE milestones (
  project  {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  key      {{text}} NOT NULL,
  position {{int}} NOT NULL,
  status   {{text}} NOT NULL,
  open     {{int}} NOT NULL,
  due_on   {{text}} NOT NULL,
  owner    {{text}} NOT NULL,
  side     {{text}} NOT NULL,
  doc      {{text}} NOT NULL,
  PRIMARY KEY (project, key)
) {{strict}};
CREATE INDEX milestones_due ON milestones (due_on, project) WHERE open = 1;

-- Everything else that a project keeps in lists: proposals, actions, risks, issues, decisions, changes, meetings, training,
-- invoices, requests, answers, mutes.
CREATE TABLE register (
  project    {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  kind       {{text}} NOT NULL,
  id         {{text}} NOT NULL,
  position   {{int}} NOT NULL,
  status     {{text}} NOT NULL,
  due_on     {{text}} NOT NULL,
  owner      {{text}} NOT NULL,
  created_by {{text}} NOT NULL,
  doc        {{text}} NOT NULL,
  PRIMARY KEY (project, kind, id)
) {{strict}};

-- The identities of the notices that went out.
CREATE TABLE notices (
  project {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  kind    {{text}} NOT NULL,
  object  {{text}} NOT NULL,
  about   {{text}} NOT NULL,
  at      {{text}} NOT NULL,
  PRIMARY KEY (project, kind, object, about)
) {{strict}};

-- The audit: one chain of hashes a project (and one, project '', for what concerns people alone). kind, ref and op name the
-- object exactly (op: created, changed, removed); action and object are what people are told.
CREATE TABLE audit (
  seq       {{id}},
  project   {{text}} NOT NULL,
  at        {{text}} NOT NULL,
  person    {{text}} NOT NULL,
  action    {{text}} NOT NULL,
  object    {{text}} NOT NULL,
  before    {{text}} NOT NULL,
  after     {{text}} NOT NULL,
  via       {{text}} NOT NULL,
  change_no {{int}} NOT NULL,
  kind      {{text}} NOT NULL,
  ref       {{text}} NOT NULL,
  op        {{text}} NOT NULL,
  prev_hash {{text}} NOT NULL,
  hash      {{text}} NOT NULL
) {{strict}};
CREATE INDEX audit_project ON audit (project, seq);
CREATE INDEX audit_object ON audit (project, object, seq);

-- Where each chain ends, so that a cut end is noticed too.
CREATE TABLE chains (
  project {{text}} PRIMARY KEY,
  entries {{int}} NOT NULL,
  head    {{text}} NOT NULL
) {{strict}};

-- The audit is append-only. Whoever must remove something for good (a person's right to be forgotten) does so in one
-- transaction: insert into meta (key, value) values ('audit_unlocked', <why>), rewrite the entries, recompute their chain
-- and its end in chains, delete that row of meta. Nothing in the program does it otherwise.
-- +sqlite
CREATE TRIGGER audit_keep_update BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'audit_unlocked')
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_keep_delete BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'audit_unlocked')
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
-- +postgres
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM meta WHERE key = 'audit_unlocked') THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE FUNCTION audit_keep_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_all();
-- +both

-- What may be undone: the saves of a project that the audit tells of. undone_by is the change that took it back, 0 if none;
-- undo is 1 for a change that is itself an undo.
CREATE TABLE changes (
  project   {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  change_no {{int}} NOT NULL,
  person    {{text}} NOT NULL,
  at        {{text}} NOT NULL,
  undo      {{int}} NOT NULL,
  undone_by {{int}} NOT NULL,
  PRIMARY KEY (project, change_no)
) {{strict}};

-- What people have called milestones.
CREATE TABLE hints (
  project   {{text}} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
  phrase    {{text}} NOT NULL,
  milestone {{text}} NOT NULL,
  PRIMARY KEY (project, phrase)
) {{strict}};

-- Chat places, what is being talked about there, and what the bot said that may be quoted, pressed or voted on.
CREATE TABLE rooms (
  platform   {{text}} NOT NULL,
  room       {{text}} NOT NULL,
  direct_user {{text}} NOT NULL,
  doc        {{text}} NOT NULL,
  PRIMARY KEY (platform, room)
) {{strict}};
CREATE INDEX rooms_user ON rooms (platform, direct_user) WHERE direct_user <> '';

CREATE TABLE dialogues (
  platform   {{text}} NOT NULL,
  room       {{text}} NOT NULL,
  person     {{text}} NOT NULL,
  expires_at {{text}} NOT NULL,
  doc        {{text}} NOT NULL,
  PRIMARY KEY (platform, room, person)
) {{strict}};

CREATE TABLE messages (
  platform   {{text}} NOT NULL,
  message_id {{text}} NOT NULL,
  room       {{text}} NOT NULL,
  outbox     {{int}} NOT NULL,
  project    {{text}} NOT NULL,
  card       {{text}} NOT NULL,
  at         {{text}} NOT NULL,
  doc        {{text}} NOT NULL,
  PRIMARY KEY (platform, message_id)
) {{strict}};
CREATE INDEX messages_room ON messages (platform, room, outbox);
CREATE INDEX messages_at ON messages (at);

-- What came in. doc is emptied when the event has been handled; the row stays, so that a repetition is known.
CREATE TABLE inbox (
  id          {{id}},
  platform    {{text}} NOT NULL,
  message_id  {{text}} NOT NULL,
  room        {{text}} NOT NULL,
  state       {{text}} NOT NULL,
  attempts    {{int}} NOT NULL,
  problem     {{text}} NOT NULL,
  received_at {{text}} NOT NULL,
  doc         {{text}} NOT NULL,
  UNIQUE (platform, message_id)
) {{strict}};
CREATE INDEX inbox_waiting ON inbox (platform, room, id) WHERE state = 'waiting';
CREATE INDEX inbox_received ON inbox (received_at);

-- What goes out. lane is the place whose order is kept; live is 1 until the message is sent, failed or cancelled.
CREATE TABLE outbox (
  id          {{id}},
  platform    {{text}} NOT NULL,
  lane        {{text}} NOT NULL,
  state       {{text}} NOT NULL,
  live        {{int}} NOT NULL,
  not_before  {{text}} NOT NULL,
  retry_at    {{text}} NOT NULL,
  attempts    {{int}} NOT NULL,
  lease_until {{text}} NOT NULL,
  claimed_by  {{text}} NOT NULL,
  platform_id {{text}} NOT NULL,
  project     {{text}} NOT NULL,
  kind        {{text}} NOT NULL,
  problem     {{text}} NOT NULL,
  enqueued_at {{text}} NOT NULL,
  finished_at {{text}} NOT NULL,
  doc         {{text}} NOT NULL
) {{strict}};
CREATE INDEX outbox_live ON outbox (platform, lane, id) WHERE live = 1;
CREATE INDEX outbox_project ON outbox (project, id) WHERE live = 1;
CREATE INDEX outbox_lane ON outbox (platform, lane, enqueued_at);
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE live = 0;
