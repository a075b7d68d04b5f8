// Package scheduler turns time into what goes out unasked.
package scheduler

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }
