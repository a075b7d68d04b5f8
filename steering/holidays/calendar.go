package holidays

import "timonel/steering"

// Calendar returns the working days of a project: its country's public holidays and the days that it closes by itself.
func Calendar(p *steering.Project) steering.Calendar {
	c := steering.Calendar{Closed: map[steering.Date]bool{}}
	if holiday, ok := ForCountry(p.Country); ok {
		c.Holiday = holiday
	}
	for _, d := range p.Settings.ClosedDays {
		c.Closed[d] = true
	}
	return c
}
