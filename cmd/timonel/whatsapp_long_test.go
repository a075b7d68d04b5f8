package main

import (
	"os"
	"testing"
)

// longWhatsApp leaves out the plays through a group of real clients: they have been seen to wait for ever.
func longWhatsApp(t *testing.T) {
	t.Helper()
	if os.Getenv("TIMONEL_WHATSAPP_GOLDEN") == "" {
		t.Skip("TIMONEL_WHATSAPP_GOLDEN=1 plays it; it has been seen to wait for ever, and why is not known yet")
	}
}
