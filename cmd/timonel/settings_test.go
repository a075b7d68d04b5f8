package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/fakeslack"
	"timonel/internal/fakewhatsapp"
)

// settings writes a configuration with a database, an address for the pages ("" for none) and more tables, and returns its
// file.
func settings(t testing.TB, folder, database, pages string, more ...string) string {
	t.Helper()
	file := filepath.Join(folder, "timonel.toml")
	text := fmt.Sprintf("[storage]\nurl = %q\n[http]\naddr = %q\n", database, pages) + strings.Join(more, "")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// onSlack is the table that leads to a Slack of our own.
func onSlack(c *fakeslack.Cast) string {
	return fmt.Sprintf("[slack]\napi_url = %q\napp_token = %q\nbot_token = %q\n", c.APIURL(), c.AppToken(), c.BotToken())
}

// onWhatsApp is the table that leads to a WhatsApp of our own; it may go on.
func onWhatsApp(c *fakewhatsapp.Cast, device string) string {
	return fmt.Sprintf("[whatsapp]\nenabled = true\nstore = %q\nwebsocket_url = %q\nroot_key = %q\n", device, c.WebsocketURL(), c.RootKey())
}

// exported is the state of a database, as export writes it.
func exported(t testing.TB, database string) string {
	t.Helper()
	var out, problems bytes.Buffer
	if code := run(context.Background(), []string{"export", "--db", database}, nil, strings.NewReader(""), &out, &problems); code != exitDone {
		t.Fatalf("export: %s", &problems)
	}
	return out.String()
}

// exportedRisks are the texts of the risks in a database, by project.
func exportedRisks(t testing.TB, database string) map[string][]string {
	t.Helper()
	var state struct {
		Projects []struct {
			Key   string
			Risks []struct{ Text string }
		}
	}
	if err := json.Unmarshal([]byte(exported(t, database)), &state); err != nil {
		t.Fatal(err)
	}
	risks := map[string][]string{}
	for _, p := range state.Projects {
		for _, r := range p.Risks {
			risks[p.Key] = append(risks[p.Key], r.Text)
		}
	}
	return risks
}
