package steering

// Calendar says which days are worked: Monday to Friday less the closed days.
// The zero value has no closed days.
type Calendar struct {
	// Holiday reports the public holidays of the project's country; nil means none.
	Holiday func(Date) bool
	// Closed holds the days that the project closes by itself.
	Closed map[Date]bool
}

// IsWorking reports whether d is worked.
func (c Calendar) IsWorking(d Date) bool {
	if w := d.Weekday(); w == 0 || w == 6 {
		return false
	}
	return !c.Closed[d] && (c.Holiday == nil || !c.Holiday(d))
}

// OnOrAfter returns the first working day on or after d.
func (c Calendar) OnOrAfter(d Date) Date { return c.scan(d, 1) }

// OnOrBefore returns the last working day on or before d.
func (c Calendar) OnOrBefore(d Date) Date { return c.scan(d, -1) }

// scan gives up after ten years of closed days and returns d, so that an absurd calendar cannot hang the bot.
func (c Calendar) scan(d Date, step Date) Date {
	for i, at := 0, d; i < 3660; i, at = i+1, at+step {
		if c.IsWorking(at) {
			return at
		}
	}
	return d
}

// Add moves d by n working days; with n = 0 it returns d itself, also when d is a day off.
func (c Calendar) Add(d Date, n int) Date {
	for ; n > 0; n-- {
		d = c.OnOrAfter(d + 1)
	}
	for ; n < 0; n++ {
		d = c.OnOrBefore(d - 1)
	}
	return d
}

// Between counts the working days after from up to and including to; it is negative when to lies before from, with
// Between(a, b) == -Between(b, a).
func (c Calendar) Between(from, to Date) int {
	if to < from {
		return -c.Between(to, from)
	}
	n := 0
	for d := from + 1; d <= to; d++ {
		if c.IsWorking(d) {
			n++
		}
	}
	return n
}
