package storage

import (
	"timonel/bot"
	"timonel/steering"
)

// leads is a condition on rows of members.
const leads = `',' || m.roles || ',' LIKE '%,lead,%'`

// Leads reports whether a person leads a project.
func (tx *Tx) Leads(id steering.PersonID) (bool, error) {
	found, err := tx.find([]any{new(int)}, `SELECT 1 FROM members m WHERE m.person = $1 AND `+leads+` LIMIT 1`, string(id))
	return found, wrap("see whether "+string(id)+" leads a project", err)
}

// LedOn reports whether anybody who is known on a platform leads a project.
func (tx *Tx) LedOn(platform bot.Platform) (bool, error) {
	found, err := tx.find([]any{new(int)}, `SELECT 1 FROM handles h JOIN members m ON m.person = h.person WHERE h.platform = $1 AND `+leads+` LIMIT 1`,
		string(platform))
	return found, wrap("see who leads a project", err)
}
