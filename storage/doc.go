// Package storage keeps everything that Timonel knows in one database, SQLite or PostgreSQL: people, projects, the audit,
// dialogues, and the durable paths of messages in and out. It decides nothing: it loads aggregates, writes down what
// differs, and keeps the promises that need a transaction (once, in order, all or nothing).
//
// One SQL text serves both engines. Everything runs inside DB.Update or DB.View; the methods of DB that take part in no
// such transaction (Receive, ClaimOutgoing, MarkSent, …) open one of their own.
package storage
