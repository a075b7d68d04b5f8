package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of a SQLite database to a file that does not exist yet, while others read and write.
// The copy appears under its name when it is complete, and only its owner can read it.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.engine == postgresEngine {
		return errors.New("back up: a PostgreSQL database is copied by its own tool (pg_dump --format=custom --file=FILE URL)")
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("back up: %s is there already (name another file)", file)
	}
	return wrap("back up", appear(file, os.Link, func(temporary string) error { return db.sqlite.vacuumInto(ctx, temporary) }))
}

// backupBefore copies a SQLite file beside itself before a migration, over the copy of an attempt that failed.
func (db *DB) backupBefore(ctx context.Context, version int) error {
	file := fmt.Sprintf("%s.before-%d", db.sqlite.path, version)
	return wrap("copy the database before the migration", appear(file, os.Rename, func(temporary string) error {
		return db.sqlite.vacuumInto(ctx, temporary)
	}))
}

// appear lets write fill a new private file beside the named one, brings it to the disk and gives it its name: by os.Link,
// which fails if the name is taken, or by os.Rename, which takes it.
func appear(file string, name func(from, to string) error, write func(temporary string) error) error {
	folder := filepath.Dir(file)
	f, err := os.CreateTemp(folder, ".timonel-*") // made with mode 0600
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("folder %s does not exist (create it first)", folder)
	}
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left there if all went well
	defer f.Close()
	if err := write(f.Name()); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := name(f.Name(), file); err != nil {
		return err
	}
	return syncFolder(folder)
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// vacuumInto copies the database into an empty file. In memory it takes the only connection; a file has one of its own for
// this, so that nobody waits.
func (f *sqliteFile) vacuumInto(ctx context.Context, file string) error {
	if f.path != "" {
		_, err := f.pools[0].ExecContext(ctx, `VACUUM INTO $1`, file)
		return explain(err)
	}
	c, open := <-f.writer
	if !open {
		return errClosed
	}
	defer func() { f.writer <- c }()
	_, err := c.conn.ExecContext(ctx, `VACUUM INTO $1`, file)
	return explain(err)
}

// Restore puts a backup where url, a SQLite path, says. It never overwrites a database, and refuses a file that is no
// intact backup of this version or an older one.
func Restore(ctx context.Context, file, url string) error {
	if isPostgres(url) {
		return errors.New("restore: a PostgreSQL database is restored by its own tool (pg_restore --dbname=URL FILE)")
	}
	path, err := sqlitePath(url)
	if err != nil {
		return wrap("restore", err)
	}
	if path == "" {
		return errors.New("restore: a database in memory has no place to restore to (name a file)")
	}
	for _, name := range []string{path, path + "-wal"} {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("restore: %s is there already (stop the bot and move the file away first)", name)
		}
	}
	return wrap("restore", appear(path, os.Link, func(temporary string) error {
		if err := copyFile(file, temporary); err != nil {
			return err
		}
		return wrap(file, verifyBackup(ctx, temporary))
	}))
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// verifyBackup reads a whole database file, without writing to it.
func verifyBackup(ctx context.Context, path string) error {
	pool, err := sql.Open("sqlite", sqliteReadOnly(path))
	if err != nil {
		return err
	}
	defer pool.Close()
	var result string
	if err := pool.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&result); err != nil {
		return explain(err)
	}
	if result != "ok" {
		return fmt.Errorf("it is damaged: %s (take another backup)", result)
	}
	var version int
	if err := pool.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version); err != nil {
		return fmt.Errorf("it is no backup of Timonel's: %w", explain(err))
	}
	steps, err := migrations()
	if err != nil {
		return err
	}
	if version > len(steps) {
		return newerSchema(version, len(steps))
	}
	return nil
}
