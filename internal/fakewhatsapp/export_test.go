package fakewhatsapp

import "context"

// OneTimeKeys waits until the newest device of an account has at least that many
// one-time keys on the server.
func (s *Server) OneTimeKeys(ctx context.Context, a *Account, atLeast int) error {
	for {
		s.mu.Lock()
		has, changed := len(a.devices[len(a.devices)-1].preKeys), s.changed
		s.mu.Unlock()
		if has >= atLeast {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
