package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/steering"
	"timonel/storage"
)

var moment = time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)

func newPages(t *testing.T) (http.Handler, Links) {
	t.Helper()
	db, err := storage.Open(context.Background(), filepath.Join(t.TempDir(), "p.db"), storage.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	due := steering.NewDate(2026, 3, 13)
	err = db.Update(context.Background(), func(tx *storage.Tx) error {
		if err := tx.PutPerson(&steering.Person{ID: "ana", Name: "Ana"}); err != nil {
			return err
		}
		return tx.CreateProject(&steering.Project{
			Key: "ACME", Name: "ACME <script>alert(1)</script>", Mode: steering.ModeImplementation, Language: "en", Timezone: "UTC", Status: steering.ProjectActive,
			Milestones: []*steering.Milestone{{Key: "1", Name: "Scope & <b>signed</b>", Status: steering.Pending, Baseline: due, Due: due, Forecast: due, Gate: true}},
			Risks:      []*steering.Risk{{ID: 1, Text: "secret risk", Status: steering.EntryOpen}},
		}, steering.Actor{Person: "ana"})
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := db.PageKey(context.Background(), []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := db.PageKey(context.Background(), []byte(strings.Repeat("x", 32))); err != nil || string(again) != string(key) {
		t.Fatalf("the key changed: %v", err)
	}
	links := Links{Key: key, Now: func() time.Time { return moment }}
	mux := http.NewServeMux()
	Pages{DB: db, Links: links, Log: zerolog.Nop()}.Register(mux)
	return mux, links
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestASignedLinkOpensItsProject(t *testing.T) {
	h, links := newPages(t)
	path := links.Path("ACME", moment.Add(time.Hour))
	page := get(h, path)
	text := page.Body.String()
	if page.Code != http.StatusOK || !strings.Contains(text, "Scope &amp; &lt;b&gt;signed&lt;/b&gt;") || !strings.Contains(text, "ACME &lt;script&gt;") {
		t.Fatalf("%d %s", page.Code, text)
	}
	if strings.Contains(text, "<script") || strings.Contains(text, "secret risk") {
		t.Errorf("what must not be there is: %s", text)
	}
	if csp := page.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || page.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", page.Header())
	}
	picture := get(h, path+"timeline.svg")
	if picture.Code != http.StatusOK || !strings.Contains(picture.Body.String(), "<svg") {
		t.Errorf("%d %.80s", picture.Code, picture.Body)
	}
}

// The forecast is that of the day on which the page is read, not of the last sweep.
func TestThePageForecastsFromItsDay(t *testing.T) {
	h, links := newPages(t)
	path := links.Path("ACME", moment.AddDate(0, 0, 30))
	before := get(h, path).Body.String()
	moment = moment.AddDate(0, 0, 21) // ten days after the milestone's
	t.Cleanup(func() { moment = moment.AddDate(0, 0, -21) })
	const forecast = "<td>Mon 23 Mar</td></tr>"
	if after := get(h, path).Body.String(); strings.Contains(before, forecast) || !strings.Contains(after, forecast) {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

// Whatever is wrong with an address, the answer is one and the same: nobody learns which projects there are.
func TestEveryOtherLinkOpensNothing(t *testing.T) {
	h, links := newPages(t)
	right := links.Path("ACME", moment.Add(time.Hour))
	parts := strings.Split(strings.Trim(right, "/"), "/") // p, project, end, signature
	other := Links{Key: []byte(strings.Repeat("z", 32)), Now: links.Now}
	want := get(h, "/p/").Body.String()
	for _, words := range []string{"pide un enlace nuevo", "peça um novo link", "ask for a new link"} {
		if !strings.Contains(want, words) {
			t.Errorf("it does not say %q: %s", words, want)
		}
	}
	for name, path := range map[string]string{
		"ended":           links.Path("ACME", moment),
		"other project":   strings.Replace(right, "ACME", "GLOBEX", 1),
		"no such project": links.Path("GLOBEX", moment.Add(time.Hour)),
		"longer":          "/p/ACME/zzzzzzz/" + parts[3] + "/",
		"other key":       other.Path("ACME", moment.Add(time.Hour)),
		"no signature":    "/p/ACME/" + parts[2] + "//",
		"short":           "/p/ACME/" + parts[2] + "/" + parts[3][:10] + "/",
		"not base64":      "/p/ACME/" + parts[2] + "/!!!!/",
		"zeroes":          "/p/ACME/" + parts[2] + "/" + base64.RawURLEncoding.EncodeToString(make([]byte, 32)) + "/",
		"picture":         "/p/ACME/" + parts[2] + "/" + strings.Repeat("A", 43) + "/timeline.svg",
		"deeper":          right + "more",
		"project alone":   "/p/ACME",
		"end is no time":  "/p/ACME/-/" + parts[3] + "/",
	} {
		t.Run(name, func(t *testing.T) {
			w := get(h, path)
			if w.Code == http.StatusMovedPermanently || w.Code == http.StatusTemporaryRedirect { // the server's own, of a path with two slashes
				w = get(h, w.Header().Get("Location"))
			}
			if w.Code != http.StatusNotFound || w.Body.String() != want {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		})
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, right, strings.NewReader("x")))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}
