package fakewhatsapp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// Media lives on the server's own HTTP host, encrypted as it came.
const (
	uploadPath   = "/mms/"
	downloadPath = "/v/"
	mediaHost    = "mmg.whatsapp.net" // a redirected client dials the fake all the same
	mediaAuth    = "fake-media-auth"
	mediaTTL     = 3600     // seconds
	maxUpload    = 64 << 20 // bytes
)

// handleMediaConn says where to put media.
func (s *Server) handleMediaConn(q *query) {
	q.result(waBinary.Node{
		Tag:     "media_conn",
		Attrs:   waBinary.Attrs{"auth": mediaAuth, "ttl": mediaTTL, "auth_ttl": mediaTTL, "max_buckets": 12},
		Content: []waBinary.Node{{Tag: "host", Attrs: waBinary.Attrs{"hostname": mediaHost, "type": "primary"}}},
	})
}

func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		s.storeMedia(w, r)
	case http.MethodGet:
		s.giveMedia(w, r)
	case http.MethodDelete:
		s.mu.Lock()
		delete(s.media, r.URL.Query().Get("token"))
		s.mu.Unlock()
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

// storeMedia keeps an upload whose token is the hash of what came.
func (s *Server) storeMedia(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Get("auth") != mediaAuth {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	sum := sha256.Sum256(data)
	token := base64.URLEncoding.EncodeToString(sum[:])
	if query.Get("token") != token {
		http.Error(w, "the token is not the hash of the upload", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.media[token] = data
	s.mu.Unlock()
	path := downloadPath + "t62.7118-24/" + token + "?ccb=11-4&oh=fake&oe=fake"
	w.Header().Set("Content-Type", "application/json")
	answer := map[string]string{"url": "https://" + mediaHost + path, "direct_path": path}
	if err = json.NewEncoder(w).Encode(answer); err != nil {
		s.opts.Log.Debugf("answer an upload: %v", err)
	}
}

// giveMedia gives an upload back. Clients append their hash to a path that
// already has a query.
func (s *Server) giveMedia(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	s.mu.Lock()
	data, ok := s.media[token]
	lost := s.lost
	s.mu.Unlock()
	if !ok || lost || r.URL.Query().Get("hash") != token {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if _, err := w.Write(data); err != nil {
		s.opts.Log.Debugf("give media: %v", err)
	}
}
