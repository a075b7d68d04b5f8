package main

import (
	"errors"
	"fmt"
	"strings"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

type forgetCommand struct {
	Person string `arg:"" help:"Who: an id as in the export, an account as slack:U0123456789, or a whole name." placeholder:"PERSON"`
	databaseFlag
}

// Run removes a person and says what that took.
func (c *forgetCommand) Run(a *app) (err error) {
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	id, err := c.find(a, db)
	if err != nil {
		return err
	}
	f, err := db.Forget(a.ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "forgotten: %s is %s now, in %s; taken out: %s, and the words of %s; %s rewritten, and the audit verifies\n",
		f.Person, f.As, count(len(f.Projects), "project"), counted(f.Texts, "text", "texts"), count(f.Messages, "message"),
		counted(f.Entries, "audit entry", "audit entries"))
	for _, key := range f.Leads {
		fmt.Fprintf(a.stderr, "timonel: warning: nobody else leads %s: name another lead\n", key)
	}
	fmt.Fprintln(a.stderr, "timonel: backups and exports made before still hold this person, and so may what others wrote; docs/privacy.md says more")
	return nil
}

// find reads who is meant.
func (c *forgetCommand) find(a *app, db *storage.DB) (id steering.PersonID, err error) {
	err = db.View(a.ctx, func(tx *storage.Tx) error {
		p, err := tx.Person(steering.PersonID(c.Person))
		if platform, handle, cut := strings.Cut(c.Person, ":"); errors.Is(err, storage.ErrNotFound) && cut {
			p, err = tx.PersonByHandle(bot.Platform(platform), bot.UserID(handle))
		}
		if err == nil {
			id = p.ID
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		return c.byName(tx, &id)
	})
	return id, err
}

func (c *forgetCommand) byName(tx *storage.Tx, id *steering.PersonID) error {
	people, err := tx.People()
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range people {
		if strings.EqualFold(p.Name, c.Person) {
			ids = append(ids, string(p.ID))
			*id = p.ID
		}
	}
	switch len(ids) {
	case 1:
		return nil
	case 0:
		return usage("forget %s: nobody is called that (timonel export lists the people)", c.Person)
	}
	return usage("forget %s: several are called that (say which id: %s)", c.Person, strings.Join(ids, ", "))
}
