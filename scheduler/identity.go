package scheduler

import (
	"fmt"
	"strings"
	"time"

	"timonel/steering"
)

// identity names a notice within a stored message: what was marked as sent, and the moment at which it was owed.
type identity struct {
	project string
	sent    steering.Sent
	at      time.Time
}

// identify writes a notice's identity as Outgoing.Identities holds it.
func identify(n steering.Notice) string {
	return strings.Join([]string{n.Project, string(n.Kind), n.Object, n.About, n.At.UTC().Format(time.RFC3339)}, "|")
}

// readIdentity reads what identify wrote. An object may hold anything, so it is what the others leave.
func readIdentity(s string) (identity, error) {
	parts := strings.Split(s, "|")
	if len(parts) < 5 {
		return identity{}, fmt.Errorf("identity %q of a notice: want five parts", s)
	}
	last := len(parts) - 1
	at, err := time.Parse(time.RFC3339, parts[last])
	if err != nil {
		return identity{}, fmt.Errorf("identity %q of a notice: %w", s, err)
	}
	return identity{
		project: parts[0], at: at,
		sent: steering.Sent{Kind: parts[1], Object: strings.Join(parts[2:last-1], "|"), About: parts[last-1]},
	}, nil
}

// names reports whether the identity is the notice's.
func (i identity) names(n steering.Notice) bool {
	return i.project == n.Project && i.sent == n.Sent(time.Time{})
}
