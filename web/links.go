package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"timonel/locale"
)

// Links makes and checks the addresses of pages: each holds what it opens, until when, and a signature of both. Who has the
// address may read, who has not learns nothing.
type Links struct {
	// Key signs; 32 random bytes.
	Key []byte
	// Now is the clock by which links end.
	Now func() time.Time
}

// linkPath is where the pages are, before key, end and signature.
const linkPath = "/p/"

// Path is where a project's page is until a moment.
func (l Links) Path(project string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 36)
	return linkPath + project + "/" + end + "/" + base64.RawURLEncoding.EncodeToString(l.sign(project, end)) + "/"
}

func (l Links) sign(project, end string) []byte {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte("page\x00" + project + "\x00" + end))
	return mac.Sum(nil)
}

// opens returns which project a request may read, "" for none. A wrong signature takes as long as a right one.
func (l Links) opens(r *http.Request) string {
	project, end := r.PathValue("project"), r.PathValue("end")
	given, err := base64.RawURLEncoding.DecodeString(r.PathValue("signature"))
	if err != nil {
		given = nil
	}
	right := hmac.Equal(given, l.sign(project, end))
	until, err := strconv.ParseInt(end, 36, 64)
	if !right || err != nil || l.Now().Unix() >= until {
		return ""
	}
	return project
}

// nothing is the one answer to every address that opens nothing: wrong, changed, ended, or of a project that is gone. Nobody
// knows who reads it, so it says so in every language.
func nothing(w http.ResponseWriter) {
	protect(w.Header())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	for _, lang := range locale.Languages {
		_, _ = io.WriteString(w, locale.For(lang).Text("page.nothing", nil)+"\n")
	}
}

// protect keeps a page out of caches, other sites' frames and search engines, and its address to itself.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow")
}

// Base is an address without the slash at its end.
func Base(address string) string { return strings.TrimRight(address, "/") }
