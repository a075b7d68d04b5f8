package storage

import (
	"path/filepath"
	"testing"
)

func TestFile(t *testing.T) {
	here, err := filepath.Abs("t.db")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"t.db": here, "file:t.db": here, "file:t.db?cache=shared": here, "file:///srv/t.db": "/srv/t.db", "/srv/t.db": "/srv/t.db",
		"": "", ":memory:": "", "postgres://u:secret@db/t": "", "postgresql://db/t": "", "mysql://u:secret@db/t": "",
	} {
		if got := File(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestShared(t *testing.T) {
	onEngines(t, func(t *testing.T, e engine) {
		if got := openOn(t, e, newClock()).Shared(); got != (e == postgresEngine) {
			t.Errorf("shared: %v", got)
		}
	})
}
