// Package whatsapp connects the bot to WhatsApp through whatsmeow, as one more
// linked device of the bot's own number. It knows the platform's identifiers
// and its habits; it knows nothing of projects or of what is said.
package whatsapp

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
)

// websocketPath is the only path the library asks for.
const websocketPath = "/ws/chat"

// dialTimeout is how long a redirected dial may take before the library
// retries: the server is on this machine or in the next room.
const dialTimeout = 10 * time.Second

var rootKeyLock sync.Mutex

// Redirect makes the client talk to another server than WhatsApp's own: the
// websocket before and after login, and the media up- and downloads, all go to
// the host of websocketURL (ws://HOST:PORT/ws/chat, or wss:// for one with
// TLS), which must prove itself by a certificate chain that starts at the
// Curve25519 root key, 64 hexadecimal digits. No connection of a redirected
// client leaves for any other host.
//
// It must be called before the client connects. The library keeps the root key
// in one variable, so all the clients of a process have the same root: a
// second call with another key breaks the clients of the first.
func Redirect(client *whatsmeow.Client, websocketURL, rootKeyHex string) error {
	return RedirectThrough(client, websocketURL, rootKeyHex, nil)
}

// Dial opens a connection to an address.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// RedirectThrough is Redirect with connections that dial opens, as to a server in the same process; nil opens them over
// the network.
func RedirectThrough(client *whatsmeow.Client, websocketURL, rootKeyHex string, dial Dial) error {
	target, err := url.Parse(websocketURL)
	if err != nil {
		return fmt.Errorf("read WhatsApp's websocket URL: %w", err)
	}
	if target.Scheme != "ws" && target.Scheme != "wss" {
		return fmt.Errorf("read WhatsApp's websocket URL %q: it must begin with ws:// or wss://", websocketURL)
	}
	if target.Host == "" || target.Path != websocketPath {
		return fmt.Errorf("read WhatsApp's websocket URL %q: it must have the shape ws://HOST:PORT%s", websocketURL, websocketPath)
	}
	root, err := hex.DecodeString(rootKeyHex)
	if err != nil {
		return fmt.Errorf("read WhatsApp's root key: %w", err)
	}
	if len(root) != len(whatsmeow.WACertPubKey) {
		return fmt.Errorf("read WhatsApp's root key: it has %d bytes and must have %d", len(root), len(whatsmeow.WACertPubKey))
	}
	trustRoot([32]byte(root))
	redirected := &http.Client{Transport: transportTo(target, dial)}
	client.SetPreLoginHTTPClient(redirected)
	client.SetWebsocketHTTPClient(redirected)
	client.SetMediaHTTPClient(redirected)
	return nil
}

// trustRoot sets the library's root key. It writes only when the key changes,
// because clients that are already connected read it without a lock.
func trustRoot(root [32]byte) {
	rootKeyLock.Lock()
	defer rootKeyLock.Unlock()
	if whatsmeow.WACertPubKey != root {
		whatsmeow.WACertPubKey = root
	}
}

// transportTo sends every connection to the target, whatever the address that
// was asked for. The library always asks for https; a ws:// target is spoken to
// without TLS all the same.
func transportTo(target *url.URL, dial Dial) *http.Transport {
	address := target.Host
	if target.Port() == "" {
		port := "80"
		if target.Scheme == "wss" {
			port = "443"
		}
		address = net.JoinHostPort(target.Hostname(), port)
	}
	plain := &net.Dialer{Timeout: dialTimeout}
	if dial == nil {
		dial = plain.DialContext
	}
	dialPlain := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, address)
	}
	transport := &http.Transport{
		DialContext:         dialPlain,
		DialTLSContext:      dialPlain,
		MaxIdleConnsPerHost: 2,
		IdleConnTimeout:     90 * time.Second,
	}
	if target.Scheme == "wss" {
		secure := &tls.Dialer{NetDialer: plain, Config: &tls.Config{ServerName: target.Hostname(), MinVersion: tls.VersionTLS12}}
		transport.DialTLSContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return secure.DialContext(ctx, network, address)
		}
	}
	return transport
}
