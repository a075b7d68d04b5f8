// Package storage keeps everything that Timonel knows in one database, SQLite or PostgreSQL: people, projects, the audit,
// dialogues, and the durable paths of messages in and out. It decides nothing: it loads aggregates, writes down what
// differs, and keeps the promises that need a transaction (once, in order, all or nothing).
//
// One SQL text serves both engines; where their DDL differs, migrate.go fills in the words. Everything runs inside DB.Update
// or DB.View; the methods of DB that take part in no transaction of the caller's (Receive, ClaimOutgoing, MarkSent, …) open
// one of their own. Transactions do not nest, and on an in-memory database, which has one connection, a nested one would
// wait for ever.
//
// What Update returned for is on the disk (synchronous=FULL): a power cut loses nothing that was acknowledged. Updates that
// wait for each other share a commit. On PostgreSQL a project that Update loads is locked until its end, and a transaction
// that another one overtook runs again.
//
// A project is stored as documents in the form of the export, one for the header and one for each object in its lists, with
// the columns beside them that queries need. Save compares object by object; each that differs is one row and one entry of
// the audit, from which alone Undo puts things back. What came in is forgotten when it was handled, but for its id.
package storage
