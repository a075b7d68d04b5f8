package main

import (
	"crypto/rand"
	"fmt"
	"time"

	"timonel/internal/config"
	"timonel/storage"
	"timonel/web"
)

type linkCommand struct {
	Project projectKey `help:"Whose page." placeholder:"KEY"`
	Days    int        `default:"30" help:"For how many days the link is good, 1 to 365." placeholder:"N"`
	Revoke  bool       `help:"Make every link that was given out worthless, and then this one if a project is named."`
	databaseFlag
}

// mostDays is how long a link may be good.
const mostDays = 365

// Run prints the address of a project's page: who has it may read, until it ends.
func (c *linkCommand) Run(a *app) (err error) {
	if c.Days < 1 || c.Days > mostDays {
		return usage("make a link: --days cannot be %d (1 to %d)", c.Days, mostDays)
	}
	if c.Project == "" && !c.Revoke {
		return usage("make a link: no project named (--project KEY; timonel export lists the projects)")
	}
	conf, err := a.checked("http", "storage")
	if err != nil {
		return err
	}
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	if c.Revoke {
		if err := db.DropPageKey(a.ctx); err != nil {
			return err
		}
	}
	if c.Project == "" {
		return nil
	}
	if err := db.View(a.ctx, func(tx *storage.Tx) error { _, err := tx.Project(string(c.Project)); return err }); err != nil {
		return unknownProject(c.Project, err)
	}
	links, err := a.links(db)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, base(conf.HTTP)+links.Path(string(c.Project), a.now().Add(time.Duration(c.Days)*day)))
	return nil
}

// links are those of a database: whoever shares it signs with one key, which the first makes.
func (a *app) links(db *storage.DB) (web.Links, error) {
	offer := make([]byte, 32)
	if _, err := rand.Read(offer); err != nil {
		return web.Links{}, fmt.Errorf("make a key for the links: %w", err)
	}
	key, err := db.PageKey(a.ctx, offer)
	return web.Links{Key: key, Now: a.now}, err
}

// base is where people reach the pages.
func base(c config.HTTP) string {
	if c.URL != "" {
		return web.Base(c.URL)
	}
	return "http://" + c.Addr
}
