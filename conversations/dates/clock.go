package dates

// Clock is a time of day said in a text.
type Clock struct {
	Hour, Minute int  // 0 to 23, 0 to 59
	Vague        bool // from 1 to 7 without morning or afternoon: "a las 3" may mean 15:00
	Start, End   int  // bytes in the text as given
}

// FindTime returns the times of day in text order: "a las 10", "10h30", "3pm", "15:00", "al mediodía".
func FindTime(text string, o Options) []Clock {
	p := newParser(clip(text), lexiconFor(o.Lang), o, false)
	var out []Clock
	p.clocks(func(c Clock, _, _ int) { out = append(out, c) })
	return out
}

// clocks calls yield with every time and its tokens.
func (p *parser) clocks(yield func(c Clock, from, to int)) {
	for i := 0; i < len(p.tokens); {
		if p.tokens[i].kind == kindNumber || p.starts[i].meets(clockStarts) {
			if c, from, to, ok := p.clock(i); ok {
				c.Start, c.End = p.tokens[from].start, p.tokens[to-1].end
				yield(c, from, to)
				i = to
				continue
			}
		}
		i++
	}
}

// clockStarts are the classes of phrases that may open a time of day.
var clockStarts = setOf(clsNamedHour, clsHourHalf, clsHourBefore)

func (p *parser) clock(i int) (c Clock, from, to int, ok bool) {
	if h, end, ok := p.at(i, clsNamedHour); ok {
		return Clock{Hour: h}, i, end, true
	}
	if p.lex.monthFirst {
		if m, j, ok := p.at(i, clsHourHalf); ok {
			return p.halfPast(i, j, m)
		}
	}
	if j := p.skip(i, clsHourBefore); j > i {
		if c, end, ok := p.hour(j, true); ok {
			return c, i, end, true
		}
		return c, i, i, false
	}
	if p.isNumber(i) {
		c, to, ok = p.hour(i, false)
	}
	return c, i, to, ok
}

func (p *parser) halfPast(i, j, m int) (Clock, int, int, bool) {
	h, end, ok := p.count(j)
	if !ok || h < 1 || h > 12 {
		return Clock{}, i, i, false
	}
	minutes := h*60 + m
	c := Clock{Hour: minutes / 60 % 24, Minute: minutes % 60}
	end = p.meridiem(&c, end)
	return c, i, end, true
}

// hour reads the number of an hour with minutes, mark and part of the day; led tells whether "a las", "at" stood
// before it.
func (p *parser) hour(i int, led bool) (Clock, int, bool) {
	if p.chained(i) && !led {
		return Clock{}, i, false
	}
	h, end, ok := p.count(i)
	if p.isNumber(i) {
		h, end, ok = p.tokens[i].num, i+1, p.tokens[i].digits <= 2
	}
	if !ok || h > 24 {
		return Clock{}, i, false
	}
	c := Clock{Hour: h % 24}
	sure := false
	if (p.mark(end, ':') || p.mark(end, '.') && (led || p.is(end+2, clsHourMark))) && p.gluedTo(end) && p.gluedTo(end+1) && p.minutes(end+1) {
		c.Minute = p.tokens[end+1].num
		sure = p.mark(end, ':') || led
		end += 2
		if p.gluedTo(end) && p.isChainMark(end) && p.gluedTo(end+1) && p.isNumber(end+1) {
			return Clock{}, i, false
		}
		if p.mark(end, ':') && p.gluedTo(end) && p.minutes(end+1) {
			end += 2
		}
	} else if p.isChainMark(end) && p.gluedTo(end) && p.gluedTo(end+1) && p.isNumber(end+1) {
		return Clock{}, i, false
	}
	if v, k, ok := p.at(end, clsHourMark); ok && (v == 1 && !p.isBehind(i, clsIn) || led) {
		sure = true
		if p.minutes(k) && p.gluedTo(k) {
			c.Minute = p.tokens[k].num
			k++
		}
		end = k
	}
	end = p.hourHalf(&c, end)
	k := p.meridiem(&c, end)
	if k > end {
		return c, k, true
	}
	c.Vague = c.Hour >= 1 && c.Hour <= 7
	return c, end, sure || led && p.ledHour(i, end)
}

// minutes tells whether token i is a two-digit number below 60.
func (p *parser) minutes(i int) bool {
	return p.isNumber(i) && p.tokens[i].digits == 2 && p.tokens[i].num < 60
}

func (p *parser) hourHalf(c *Clock, i int) int {
	m, end, ok := p.at(i, clsHourHalf)
	if !ok || p.lex.monthFirst {
		return i
	}
	minutes := (c.Hour*60 + m + 24*60) % (24 * 60)
	c.Hour, c.Minute = minutes/60, minutes%60
	return end
}

// meridiem applies "pm", "de la tarde" and returns the token behind.
func (p *parser) meridiem(c *Clock, i int) int {
	half, end, ok := p.at(i, clsMeridiem)
	if !ok {
		return i
	}
	switch {
	case half == 12 && c.Hour < 12:
		c.Hour += 12
	case half == 0 && c.Hour == 12:
		c.Hour = 0
	}
	if p.isShortDot(end) {
		end++
	}
	return end
}

// ledHour tells whether a bare number behind "a las", "at" is an hour: not "at 60%", "from 3 sites", "by 5 March".
func (p *parser) ledHour(i, end int) bool {
	if p.countsThings(end) || p.isMonth(end) || p.is(end, clsUnit) {
		return false
	}
	if _, of, ok := p.at(end, clsOf); ok && p.isMonth(of) {
		return false
	}
	if v, _, ok := p.behind(i, clsHourBefore); ok && v == weakHour {
		return p.atEnd(end) || p.tokens[i-1].accent
	}
	return true
}

// weakHour marks a word that stands before hours and other things ("as" written for "às", "from").
const weakHour = 2
