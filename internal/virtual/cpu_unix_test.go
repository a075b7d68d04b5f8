//go:build unix

package virtual_test

import (
	"syscall"
	"time"
)

// work is the time that the processor has worked for this process: other programs on the machine do not count.
func work() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
