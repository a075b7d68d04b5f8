package plan

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"timonel/steering"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLibrary(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "ours.toml", "key = \"ours\"\nname = \"Ours\"")
	write(t, dir, "nokey.toml", "name = \"By its file\"")
	write(t, dir, "cesla.toml", "key = \"cesla\"\nname = \"Our Cesla\"")
	write(t, dir, "notes.md", "not a plan")
	write(t, dir, ".draft.toml", "not a plan")
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"cesla", "deployment", "extended-support", "fieldpro-custom", "fieldpro-template", "nokey", "onboarding", "ours"}
	if !slices.Equal(l.Keys(), want) {
		t.Errorf("keys %v, want %v", l.Keys(), want)
	}
	for key, title := range map[string]string{"ours": "Ours", "OURS": "Ours", "cesla": "Our Cesla", "nokey": "By its file", "Onboarding": "Guided onboarding"} {
		p, err := l.Find(key)
		if err != nil || p.Title("en") != title {
			t.Errorf("find %s: got %v, %v", key, p, err)
		}
	}
	builtin, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := builtin.Find("cesla"); err != nil || p.Title("en") == "Our Cesla" || slices.Contains(builtin.Keys(), "ours") {
		t.Errorf("an operator's folder changed the built-in plans: %v, %v", p, err)
	}
}

func TestFindUnknown(t *testing.T) {
	l, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Find("fieldpro")
	var refusal *steering.Error
	if !errors.As(err, &refusal) || refusal.Key != KeyNoPlan || refusal.Code != steering.CodeNotFound {
		t.Fatalf("got %v", err)
	}
	if known, _ := refusal.Args["known"].(string); !strings.Contains(known, "fieldpro-custom, fieldpro-template") {
		t.Errorf("the refusal names %v", refusal.Args["known"])
	}
}

func TestOpenWrong(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.toml", "name = \"A\"\nnmae = \"x\"")
	write(t, dir, "b.toml", "key = \"same\"\nname = \"B\"")
	write(t, dir, "c.toml", "key = \"same\"\nname = \"C\"")
	l, err := Open(dir)
	if l != nil || err == nil {
		t.Fatalf("got %v, %v", l, err)
	}
	for _, want := range []string{`a.toml:2: plan: unknown field "nmae"`, `plan "same" stands in b.toml and in c.toml`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s:\n%v", want, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}
