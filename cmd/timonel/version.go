package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build: -ldflags "-X main.version=1.2.3".
var version = "dev"

type versionCommand struct{}

// Run prints version, commit and Go version.
func (c *versionCommand) Run(a *app) error {
	fmt.Fprintf(a.stdout, "timonel %s, commit %s, %s\n", version, commit(), runtime.Version())
	return nil
}

// commit is the one that the program was built from, as the Go tool noted it.
func commit() string {
	id, changed := "unknown", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return id
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			id = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	return id[:min(12, len(id))] + changed
}
