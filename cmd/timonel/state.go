package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"timonel/storage"
)

type exportCommand struct {
	Project projectKey `help:"Only this project." placeholder:"KEY"`
	databaseFlag
}

// Run writes the state to stdout.
func (c *exportCommand) Run(a *app) (err error) {
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	p := a.progress("exporting")
	defer p.end()
	return unknownProject(c.Project, db.Export(a.ctx, a.stdout, string(c.Project), p.tell))
}

// unknownProject says what to do about a project that is not there.
func unknownProject(key projectKey, err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return usage("find project %s: it is not there (timonel export lists the projects)", key)
	}
	return err
}

// projectKey is a project's key on the command line, in capitals however it is typed.
type projectKey string

// UnmarshalText reads the flag.
func (k *projectKey) UnmarshalText(text []byte) error {
	*k = projectKey(strings.ToUpper(string(text)))
	return nil
}

type importCommand struct {
	File string `arg:"" help:"What export wrote; - is the standard input." placeholder:"FILE"`
	databaseFlag
}

// Run reads a file into the database, all or nothing.
func (c *importCommand) Run(a *app) (err error) {
	r := a.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return usage("import: %w", plainPath(err))
		}
		defer f.Close()
		r = f
	}
	db, err := c.create(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	p := a.progress("importing")
	defer p.end()
	result, err := db.Import(a.ctx, r, p.tell)
	if err != nil {
		return err
	}
	p.end()
	fmt.Fprintf(a.stderr, "imported %s, %s, %s\n", count(len(result.Projects), "project"), counted(result.People, "person", "people"), counted(result.Audit, "audit entry", "audit entries"))
	return nil
}

type backupCommand struct {
	File string `arg:"" help:"The copy; it must not be there yet." placeholder:"FILE"`
	databaseFlag
}

// Run copies the database.
func (c *backupCommand) Run(a *app) (err error) {
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	return db.Backup(a.ctx, c.File)
}

type restoreCommand struct {
	File string `arg:"" help:"The copy." placeholder:"FILE"`
	databaseFlag
}

// Run puts a copy where the database is to be.
func (c *restoreCommand) Run(a *app) error {
	url, err := c.url(a)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.File); err != nil {
		return usage("restore: %w", plainPath(err))
	}
	return storage.Restore(a.ctx, c.File, url)
}

type migrateCommand struct{ databaseFlag }

// Run brings the schema up to date and says what it did.
func (c *migrateCommand) Run(a *app) (err error) {
	db, err := c.create(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	_, version, err := db.Migrate(a.ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	fmt.Fprintf(a.stdout, "the schema is version %d, this program's\n", version)
	return nil
}

// closing closes the database at the end of a command; an error of that is the command's if it had none.
func closing(db *storage.DB, err *error) {
	if e := db.Close(); e != nil && *err == nil {
		*err = fmt.Errorf("close database: %w", e)
	}
}

// plainPath drops the system call's name from an error about a file.
func plainPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

func count(n int, one string) string { return counted(n, one, one+"s") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
