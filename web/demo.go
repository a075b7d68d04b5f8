// Package web serves what a browser shows: the demo's group chat with the project beside it, and the service's health. It
// changes nothing by itself: what people do on a page goes to the same conversations as a chat platform's messages.
package web

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"timonel/internal/markup"
)

//go:embed assets
var assets embed.FS

// World is a group chat in virtual time, as the demo needs it.
type World interface {
	// View tells everything that the page shows.
	View(ctx context.Context) (View, error)
	// Do carries out what somebody did on the page.
	Do(ctx context.Context, a Deed) error
	// Timeline draws the project's picture as SVG.
	Timeline(ctx context.Context) ([]byte, error)
	// File returns a file that went through the chat, by its SHA-256.
	File(ctx context.Context, sha string) (name, mime string, data []byte, err error)
}

// ErrBadDeed is wrapped by what a page asked for and cannot be; the message says what to do instead.
var ErrBadDeed = errors.New("cannot do that")

// Deed is what somebody did on the page.
type Deed struct {
	Kind    string `json:"kind"` // say, press, react, vote, file, advance, language, restart
	As      string `json:"as"`   // the member
	Direct  bool   `json:"direct"`
	Text    string `json:"text"`    // of say and file; the emoji of react; the option of vote; the step of advance; the language
	Message int    `json:"message"` // the bot's message that is pressed, reacted to, quoted or voted on; 0 = none
	Action  string `json:"action"`
	Name    string `json:"name"` // of a file
	Data    []byte `json:"data"` // of a file
}

// View is the page's content. Texts are safe HTML where the field says so.
type View struct {
	Now      string            `json:"now"`
	Language string            `json:"language"`
	Words    map[string]string `json:"words"` // of the page itself, in the language
	Members  []MemberView      `json:"members"`
	Messages []MessageView     `json:"messages"`
	Project  ProjectView       `json:"project"`
	Version  int               `json:"version"` // grows with every change
}

// MemberView is somebody to speak as.
type MemberView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	Side string `json:"side"`
}

// MessageView is one message of a chat; Chat is "group" or a member's id for the direct chat with the bot.
type MessageView struct {
	ID      int          `json:"id"`
	Chat    string       `json:"chat"`
	From    string       `json:"from"` // "" is the bot
	Name    string       `json:"name"`
	Day     string       `json:"day"`
	Clock   string       `json:"clock"`
	HTML    string       `json:"html"`
	Kind    string       `json:"kind,omitempty"`
	Options []OptionView `json:"options,omitempty"`
	Poll    *PollView    `json:"poll,omitempty"`
	Files   []FileView   `json:"files,omitempty"`
	Quote   int          `json:"quote,omitempty"`
	Marks   []string     `json:"marks,omitempty"` // reactions on it
}

// OptionView is a button.
type OptionView struct {
	Label  string `json:"label"`
	Action string `json:"action"`
	Style  string `json:"style,omitempty"`
}

// PollView is a poll with the votes so far.
type PollView struct {
	Question string   `json:"question"`
	Options  []string `json:"options"`
	Votes    []int    `json:"votes"`
}

// FileView is a file to open.
type FileView struct {
	Name string `json:"name"`
	MIME string `json:"mime"`
	SHA  string `json:"sha"`
}

// ProjectView is the project beside the chat.
type ProjectView struct {
	Name       string          `json:"name"`
	Health     string          `json:"health"`
	Status     string          `json:"status"` // safe HTML
	Milestones []MilestoneView `json:"milestones"`
	Entries    []string        `json:"entries"` // risks, issues, decisions, actions that are open, one line each
}

// MilestoneView is a row of the project's list.
type MilestoneView struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Stage    string `json:"stage"`
	Status   string `json:"status"`
	Word     string `json:"word"`
	Due      string `json:"due"`
	Forecast string `json:"forecast,omitempty"`
	Owner    string `json:"owner,omitempty"`
	Gate     bool   `json:"gate,omitempty"`
	Late     bool   `json:"late,omitempty"`
	Progress int    `json:"progress,omitempty"`
}

// HTML renders a text with marks as safe HTML: all that people wrote is escaped.
func HTML(text string) string {
	r := markup.Renderer{
		Text:    html.EscapeString,
		Bold:    func(s string) string { return "<b>" + s + "</b>" },
		Mention: func(_, name string) string { return `<span class="mention">@` + html.EscapeString(name) + "</span>" },
	}
	return strings.ReplaceAll(r.Render(text), "\n", "<br>")
}

// maxBody bounds what a page may send, files included.
const maxBody = 8 << 20

// Demo serves the demo of a world.
func Demo(world World) (http.Handler, error) {
	static, err := fs.Sub(assets, "assets")
	if err != nil {
		return nil, fmt.Errorf("open the page's files: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(static))
	mux.HandleFunc("GET /api/view", func(w http.ResponseWriter, r *http.Request) { serveView(w, r, world) })
	mux.HandleFunc("POST /api/do", func(w http.ResponseWriter, r *http.Request) { serveDeed(w, r, world) })
	mux.HandleFunc("GET /api/timeline.svg", func(w http.ResponseWriter, r *http.Request) {
		data, err := world.Timeline(r.Context())
		if err != nil {
			problem(w, err)
			return
		}
		send(w, "image/svg+xml", data)
	})
	mux.HandleFunc("GET /api/file/{sha}", func(w http.ResponseWriter, r *http.Request) { serveFile(w, r, world) })
	return guarded(mux), nil
}

// guarded keeps other sites' pages from driving the demo: it answers only under a local name, and changes need our page.
func guarded(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	}))
}

func serveView(w http.ResponseWriter, r *http.Request, world World) {
	view, err := world.View(r.Context())
	if err != nil {
		problem(w, err)
		return
	}
	sendJSON(w, view)
}

func serveDeed(w http.ResponseWriter, r *http.Request, world World) {
	var deed Deed
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	if err := decoder.Decode(&deed); err != nil {
		problem(w, fmt.Errorf("%w: the request is not readable: %w", ErrBadDeed, err))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	if err := world.Do(ctx, deed); err != nil {
		problem(w, err)
		return
	}
	serveView(w, r, world)
}

func serveFile(w http.ResponseWriter, r *http.Request, world World) {
	name, mime, data, err := world.File(r.Context(), r.PathValue("sha"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	disposition := "attachment"
	if mime == "image/png" || mime == "image/jpeg" {
		disposition = "inline"
	}
	w.Header().Set("Content-Disposition", disposition+`; filename="`+strings.NewReplacer(`"`, "", "\n", "", "\r", "").Replace(name)+`"`)
	send(w, mime, data)
}

func sendJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		problem(w, err)
		return
	}
	send(w, "application/json", data)
}

func send(w http.ResponseWriter, mime string, data []byte) {
	w.Header().Set("Content-Type", mime)
	if _, err := w.Write(data); err != nil { //nolint:gosec // the type is set, nosniff holds, and texts were escaped
		return // the browser went away
	}
}

func problem(w http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	if errors.Is(err, ErrBadDeed) {
		code = http.StatusBadRequest
	}
	http.Error(w, err.Error(), code)
}
