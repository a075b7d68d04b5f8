//go:build !unix

package virtual_test

import "time"

// work is not known here.
func work() time.Duration { return 0 }
