//go:build !linux

package pgtest

import (
	"os/exec"
	"syscall"
)

// endWithParent does nothing here: use Main, which stops the server.
func endWithParent(attr *syscall.SysProcAttr) *syscall.SysProcAttr { return attr }

func runWith(cmd *exec.Cmd, started chan<- error, gone chan<- struct{}) {
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = cmd.Wait() // how it ended is in its log
	close(gone)
}
