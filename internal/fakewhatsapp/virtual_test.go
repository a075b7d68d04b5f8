package fakewhatsapp_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"

	"timonel/internal/fakewhatsapp"
)

// TestInVirtualTime: server and clients live through a week within a moment.
func TestInVirtualTime(t *testing.T) {
	least, most := whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax
	defer func() { whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = least, most }()
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = 6*time.Hour, 7*time.Hour
	synctest.Test(t, func(t *testing.T) {
		cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{Pipe: true})
		ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
		group := cast.Group("Comité", ana, bruno)
		began := time.Now()
		for range 7 {
			time.Sleep(24 * time.Hour)
			ana.Says(group, "otro día")
			bruno.ExpectText("otro día")
		}
		if took := time.Since(began); took < 7*24*time.Hour {
			t.Errorf("a week took %v", took)
		}
		cast.Quiet()
	})
}
