package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
)

// maxUpload bounds what the server takes.
const maxUpload = 64 << 20

func (s *Server) filesUploadURL(c *call) obj {
	name, size := c.get("filename"), c.int("length", 0)
	if name == "" || size <= 0 {
		return fails("invalid_arguments")
	}
	f := s.newFile(name, s.botUser)
	f.token = fmt.Sprintf("%s-%08x", f.ID, s.rand.Uint32())
	return obj{"upload_url": s.url + "/upload/" + f.token, "file_id": f.ID}
}

// newFile is called with the lock held.
func (s *Server) newFile(name, by string) *File {
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	kind, _, _ = strings.Cut(kind, ";")
	f := &File{ID: s.id("F"), Name: name, Title: name, MIME: kind, by: by}
	s.files[f.ID] = f
	return f
}

// serveUpload takes the bytes of a file.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.befall(w, r, "upload", "", func() (int, http.Header, []byte) {
		data, err := uploaded(r)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, f := range s.files {
			if f.token == r.PathValue("token") && err == nil {
				f.Data = data
				return http.StatusOK, nil, []byte("OK - " + fmt.Sprint(len(data)))
			}
		}
		return http.StatusNotFound, nil, []byte("not found")
	})
}

func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(io.LimitReader(r.Body, maxUpload))
	}
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	defer part.Close()
	return io.ReadAll(io.LimitReader(part, maxUpload))
}

func (s *Server) filesComplete(c *call) obj {
	var list []struct{ ID, Title string }
	if err := json.Unmarshal([]byte(c.get("files")), &list); err != nil || len(list) == 0 {
		return fails("invalid_arguments")
	}
	var files []*File
	for _, item := range list {
		f := s.files[item.ID]
		if f == nil || f.Data == nil {
			return fails("file_not_found")
		}
		if item.Title != "" {
			f.Title = item.Title
		}
		files = append(files, f)
	}
	var ch *Channel
	if id := c.get("channel_id"); id != "" {
		var refusal obj
		if ch, refusal = s.place(id); refusal != nil {
			return refusal
		}
		if root := c.get("thread_ts"); root != "" && ch.message(root) == nil {
			return fails("thread_not_found")
		}
	}
	for _, f := range files {
		f.complete, f.notReady = true, s.faults.socket.slowFiles
	}
	if ch != nil {
		s.post(ch, &Message{User: s.botUser, Bot: true, Text: c.get("initial_comment"), ThreadTS: c.get("thread_ts"), Files: files})
	}
	return obj{"files": s.filesJSON(files)}
}

func (s *Server) filesInfo(c *call) obj {
	f := s.files[c.get("file")]
	if f == nil || !f.complete {
		return fails("file_not_found")
	}
	return obj{"file": s.filesJSON([]*File{f})[0]}
}

// serveFile gives a file to whoever has the token and the scope; others are sent to the sign-in page.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.befall(w, r, "download", "", func() (int, http.Header, []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		f := s.files[r.PathValue("id")]
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case f == nil:
			return http.StatusNotFound, nil, []byte("not found")
		case token != s.botToken || token == s.faults.revoked || !s.scopes["files:read"]:
			return http.StatusFound, http.Header{"Location": {"/signin?redir=" + r.URL.Path}}, nil
		}
		return http.StatusOK, http.Header{"Content-Type": {f.MIME}}, f.Data
	})
}

// Find returns the file of that name that was uploaded last, nil if none was.
func (s *Server) Find(name string) *File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var newest *File
	for _, id := range sortedKeys(s.files) {
		if f := s.files[id]; f.Name == name {
			newest = f
		}
	}
	return newest
}

// SlowFiles makes each file uploaded from now on unusable in blocks for the first n posts that show it.
func (s *Server) SlowFiles(n int) { s.change(func() { s.faults.socket.slowFiles = n }) }
