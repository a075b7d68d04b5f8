package understand

import (
	"sort"

	"timonel/steering"
)

func sortDates(list []dateRef) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].from < list[j].from })
}

// dayOfMonth is the next such day on or after today or, looking back, the last one on or before it.
func dayOfMonth(today steering.Date, day int, past bool) steering.Date {
	y, m, _ := today.Civil()
	step := 1
	if past {
		step = -1
	}
	for k := 0; k < 12; k++ {
		first := steering.NewDate(y, m, 1).AddMonths(k * step)
		d := first.AddDays(day - 1)
		if d > first.EndOfMonth() {
			continue
		}
		if !past && d >= today || past && d <= today {
			return d
		}
	}
	return today
}
