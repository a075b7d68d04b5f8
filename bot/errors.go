package bot

import (
	"errors"
	"time"
)

// DeliveryError says what is to be done about a message that could not be sent.
type DeliveryError struct {
	Err error
	// Permanent means that no repetition helps: the room is gone, the bot was removed.
	Permanent bool
	// InDoubt means that the platform may have taken the message.
	InDoubt bool
	// RetryAfter is the platform's own wish, 0 when it named none.
	RetryAfter time.Duration
}

// Error implements error.
func (e *DeliveryError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DeliveryError) Unwrap() error { return e.Err }

// Temporary marks an error after which the same message may be sent again, after wait (0 = the courier's backoff).
func Temporary(err error, wait time.Duration) error {
	return &DeliveryError{Err: err, RetryAfter: wait}
}

// Permanent marks an error that no repetition mends.
func Permanent(err error) error { return &DeliveryError{Err: err, Permanent: true} }

// InDoubt marks an error after which the platform may or may not have the message.
func InDoubt(err error) error { return &DeliveryError{Err: err, InDoubt: true} }

// IsPermanent reports whether err was marked Permanent.
func IsPermanent(err error) bool {
	var d *DeliveryError
	return errors.As(err, &d) && d.Permanent
}

// passes reports whether an error says of itself that it is the machine's and not the message's: nothing can be stored, the
// database is away. However long that takes, the message is not given up for it.
func passes(err error) bool {
	var e interface{ Passes() bool }
	return errors.As(err, &e) && e.Passes()
}
