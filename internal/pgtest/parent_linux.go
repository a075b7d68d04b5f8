package pgtest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// endWithParent makes the kernel end the server when the test process is gone, however it went.
func endWithParent(attr *syscall.SysProcAttr) *syscall.SysProcAttr {
	attr.Pdeathsig = syscall.SIGQUIT
	return attr
}

// runWith runs the server from one thread that stays: the kernel counts the thread's end as the parent's.
func runWith(cmd *exec.Cmd, started chan<- error, gone chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = cmd.Wait() // how it ended is in its log
	close(gone)
}
