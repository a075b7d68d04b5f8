package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// method is one method of the Web API.
type method struct {
	scopes []string // any of them suffices; "app" stands for the app token's connections:write, "config" for a configuration token
	tier   tier
	run    func(s *Server, c *call) obj // called with the lock held
}

// methods is the whole Web API that the server knows.
var methods map[string]method

func init() {
	read := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	history := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	methods = map[string]method{
		"api.test":                     {nil, tier4, func(*Server, *call) obj { return obj{} }},
		"apps.manifest.export":         {[]string{"config"}, tier3, (*Server).manifestExport},
		"auth.test":                    {nil, tierFree, (*Server).authTest},
		"apps.connections.open":        {[]string{"app"}, tier1, (*Server).connectionsOpen},
		"bots.info":                    {[]string{"users:read"}, tier3, (*Server).botsInfo},
		"chat.delete":                  {[]string{"chat:write"}, tier3, (*Server).chatDelete},
		"chat.getPermalink":            {nil, tierFree, (*Server).chatPermalink},
		"chat.postEphemeral":           {[]string{"chat:write"}, tier4, (*Server).chatPostEphemeral},
		"chat.postMessage":             {[]string{"chat:write"}, tierPost, (*Server).chatPostMessage},
		"chat.update":                  {[]string{"chat:write"}, tier3, (*Server).chatUpdate},
		"conversations.history":        {history, tier3, (*Server).conversationsHistory},
		"conversations.info":           {read, tier3, (*Server).conversationsInfo},
		"conversations.list":           {read, tier2, (*Server).conversationsList},
		"conversations.members":        {read, tier4, (*Server).conversationsMembers},
		"conversations.open":           {[]string{"im:write", "mpim:write"}, tier3, (*Server).conversationsOpen},
		"conversations.replies":        {history, tier3, (*Server).conversationsReplies},
		"files.completeUploadExternal": {[]string{"files:write"}, tier4, (*Server).filesComplete},
		"files.getUploadURLExternal":   {[]string{"files:write"}, tier4, (*Server).filesUploadURL},
		"files.info":                   {[]string{"files:read"}, tier4, (*Server).filesInfo},
		"reactions.add":                {[]string{"reactions:write"}, tier3, (*Server).reactionsAdd},
		"reactions.get":                {[]string{"reactions:read"}, tier3, (*Server).reactionsGet},
		"team.info":                    {[]string{"team:read"}, tier3, (*Server).teamInfo},
		"users.conversations":          {read, tier3, (*Server).usersConversations},
		"users.info":                   {[]string{"users:read"}, tier4, (*Server).usersInfo},
		"users.list":                   {[]string{"users:read"}, tier2, (*Server).usersList},
		"views.open":                   {nil, tier4, (*Server).viewsOpen},
		"views.publish":                {nil, tier4, (*Server).viewsPublish},
		"views.push":                   {nil, tier4, (*Server).viewsPush},
		"views.update":                 {nil, tier4, (*Server).viewsUpdate},
	}
}

// knownScopes lists every scope that some method or event needs.
func knownScopes() []string {
	list := []string{"commands", "app_mentions:read"}
	for _, name := range sortedKeys(methods) {
		for _, scope := range methods[name].scopes {
			if scope != "app" && scope != "config" && !slices.Contains(list, scope) {
				list = append(list, scope)
			}
		}
	}
	return list
}

// call is one request to the Web API.
type call struct {
	method string
	token  string
	params map[string]string
}

func (c *call) get(name string) string { return c.params[name] }

func (c *call) flag(name string) bool {
	v := c.params[name]
	return v == "true" || v == "1"
}

func (c *call) int(name string, otherwise int) int {
	if n, err := strconv.Atoi(c.params[name]); err == nil {
		return n
	}
	return otherwise
}

// fails is the answer with an error code.
func fails(code string) obj { return obj{"ok": false, "error": code} }

// failsWith adds what Slack says in detail.
func failsWith(code string, messages ...string) obj {
	return obj{"ok": false, "error": code, "errors": messages, "response_metadata": obj{"messages": messages}}
}

// Handler answers everything that Slack's hosts answer: the Web API, uploads, files, response URLs, sockets.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/socket/{ticket}", s.serveSocket)
	mux.HandleFunc("POST /upload/{token}", s.serveUpload)
	mux.HandleFunc("GET /files/{id}/{rest...}", s.serveFile)
	mux.HandleFunc("POST /response/{id}", s.serveResponseURL)
	return mux
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r)
	if err != nil {
		send(w, http.StatusOK, nil, encode(fails("invalid_form_data")))
		return
	}
	s.befall(w, r, c.method, c.get("channel"), func() (int, http.Header, []byte) { return s.answer(c) })
}

// answer does one call and returns what Slack would: the HTTP status, headers, the body.
func (s *Server) answer(c *call) (int, http.Header, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[c.method]++
	defer s.wakeLocked()
	h := http.Header{}
	m, known := methods[c.method]
	if !known {
		return http.StatusOK, h, encode(obj{"ok": false, "error": "unknown_method", "req_method": c.method})
	}
	if refusal := s.refuse(c, m, h); refusal != nil {
		return http.StatusOK, h, encode(refusal)
	}
	if wait := s.limits.take(s, m.tier, c); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(wait))
		return http.StatusTooManyRequests, h, encode(fails("ratelimited"))
	}
	out := m.run(s, c)
	if _, set := out["ok"]; !set {
		out["ok"] = true
	}
	return http.StatusOK, h, encode(out)
}

// refuse checks the token and the scopes.
func (s *Server) refuse(c *call, m method, h http.Header) obj {
	isApp := slices.Contains(m.scopes, "app")
	if slices.Contains(m.scopes, "config") {
		if c.token != configToken {
			return fails("invalid_auth")
		}
		return nil
	}
	switch {
	case c.token == "":
		return fails("not_authed")
	case c.token == s.faults.revoked || c.token == s.faults.revokedApp:
		return fails("token_revoked")
	case c.token != s.botToken && c.token != s.appToken:
		return fails("invalid_auth")
	case isApp != (c.token == s.appToken) && c.method != "auth.test":
		return fails("not_allowed_token_type")
	}
	if c.token == s.botToken {
		h.Set("X-OAuth-Scopes", strings.Join(sortedKeys(s.scopes), ","))
		h.Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	}
	if isApp || len(m.scopes) == 0 || slices.ContainsFunc(m.scopes, func(scope string) bool { return s.scopes[scope] }) {
		return nil
	}
	return obj{"ok": false, "error": "missing_scope", "needed": strings.Join(m.scopes, ","), "provided": strings.Join(sortedKeys(s.scopes), ",")}
}

// readCall reads the parameters of a form or of JSON; JSON values that are no strings stay JSON.
func readCall(r *http.Request) (*call, error) {
	c := &call{method: r.PathValue("method"), params: map[string]string{}}
	c.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := readJSONCall(r, c); err != nil {
			return nil, err
		}
		return c, nil
	}
	if err := r.ParseForm(); err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	for k, v := range r.Form {
		c.params[k] = v[0]
	}
	if t := c.params["token"]; t != "" {
		c.token = t
	}
	return c, nil
}

func readJSONCall(r *http.Request, c *call) error {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return nil
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(raw, &body); err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	for k, v := range body {
		var text string
		if json.Unmarshal(v, &text) == nil {
			c.params[k] = text
		} else {
			c.params[k] = string(v)
		}
	}
	return nil
}
