package bot

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// panicError is a panic that was caught: one broken message must not end the program.
type panicError struct {
	value any
	place string // where it happened, FILE:LINE
	stack []byte
}

// caught makes an error of a recovered panic. It must be called by the deferred function itself.
func caught(value any) error {
	return &panicError{value: value, place: panicPlace(), stack: debug.Stack()}
}

// Error says what happened and where, in one line.
func (e *panicError) Error() string { return fmt.Sprintf("panic at %s: %v", e.place, e.value) }

// panicPlace is the first frame below the runtime's own.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s/%s:%d", path.Base(path.Dir(f.File)), path.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
