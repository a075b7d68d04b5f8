// Command bare is the least that is on WhatsApp: the library's client on a device store, which learns its groups and reads
// what comes. The memory of Timonel is measured beside it.
//
//	bare STORE WEBSOCKET_URL ROOT_KEY
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	_ "modernc.org/sqlite" // the store

	"timonel/bot/whatsapp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 3 {
		return errors.New("call it with a store, an address and a root key")
	}
	db, err := sql.Open("sqlite", "file:"+args[0]+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	container := sqlstore.NewWithDB(db, "sqlite3", waLog.Noop)
	if err := container.Upgrade(ctx); err != nil {
		return err
	}
	device, err := container.GetFirstDevice(ctx)
	if err != nil {
		return err
	}
	client := whatsmeow.NewClient(device, waLog.Noop)
	if err := whatsapp.Redirect(client, args[1], args[2]); err != nil {
		return err
	}
	ready := make(chan struct{}, 1)
	client.AddEventHandler(func(event any) {
		if _, connected := event.(*events.Connected); connected {
			ready <- struct{}{}
		}
	})
	if err := client.ConnectContext(ctx); err != nil {
		return err
	}
	select {
	case <-ready:
	case <-ctx.Done():
		return nil
	}
	groups, err := client.GetJoinedGroups(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, len(groups), "groups")
	<-ctx.Done()
	client.Disconnect()
	return db.Close()
}
