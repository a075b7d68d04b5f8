package dates

// class is a kind of word or phrase; the sections of the word files name them.
type class uint8

const (
	clsMonth class = iota
	clsMonthShort
	clsWeekday
	clsWeekdayShort
	clsWeekdayOrdinal
	clsWeekdayPlural
	clsNumber
	clsOrdinal
	clsOrdinalSuffix
	clsUnit
	clsWorking
	clsWorkingDays
	clsCalendarDays
	clsHalf
	clsAndHalf
	clsAbout
	clsDay
	clsDayPart
	clsNotDay
	clsMorningBefore
	clsPartOfDay
	clsIn
	clsInSure
	clsAgoBefore
	clsAgoAfter
	clsFromNow
	clsAfter
	clsBefore
	clsNext
	clsThis
	clsNextThis
	clsLast
	clsWeekAfterNext
	clsAfterNext
	clsInEight
	clsTheOther
	clsEdge
	clsWeekend
	clsEndOfDay
	clsEndWord
	clsOf
	clsThe
	clsOn
	clsTo
	clsToSure
	clsAnd
	clsBetween
	clsFrom
	clsDayWord
	clsTarget
	clsMove
	clsShift
	clsLabel
	clsStreet
	clsCounted
	clsOrdinalNoun
	clsDoneState
	clsDoneVerb
	clsGive
	clsEvery
	clsInstead
	clsBetter
	clsNegationAfter
	clsFeast
	clsPersonBefore
	clsPast
	clsDoneParticiple
	clsAlready
	clsAuxHave
	clsFuture
	clsClause
	clsYearWords
	clsCurrentMonth
	clsDayStep
	clsTheDay
	clsDoubtfulMonth
	clsDoubtfulDay
	clsEarlier
	clsFirstPerson
	clsDayVerb
	clsObjectBefore
	clsSince
	clsCourtesy
	clsNameLike
	clsMeridiem
	clsHourMark
	clsHourBefore
	clsNamedHour
	clsHourHalf
	clsOrdinary
	clsPastSuffix
	clsPastSuffixNot
	clsPastStemO
	clsPastStemIO
	clsDoneStem
	clsFutureSuffix
	clsCount
)

var sections = map[string]class{
	"month": clsMonth, "month-short": clsMonthShort, "weekday": clsWeekday, "weekday-short": clsWeekdayShort,
	"weekday-ordinal": clsWeekdayOrdinal, "weekday-plural": clsWeekdayPlural, "number": clsNumber,
	"ordinal": clsOrdinal, "ordinal-suffix": clsOrdinalSuffix, "unit": clsUnit, "working": clsWorking,
	"working-days": clsWorkingDays, "calendar-days": clsCalendarDays, "half": clsHalf, "and-half": clsAndHalf,
	"about": clsAbout, "day": clsDay, "day-part": clsDayPart, "not-day": clsNotDay,
	"morning-before": clsMorningBefore, "part-of-day": clsPartOfDay, "in": clsIn, "in-sure": clsInSure,
	"ago-before": clsAgoBefore, "ago-after": clsAgoAfter, "from-now": clsFromNow, "after": clsAfter,
	"before": clsBefore, "next": clsNext, "this": clsThis, "next-this": clsNextThis, "last": clsLast,
	"week-after-next": clsWeekAfterNext, "after-next": clsAfterNext, "in-eight": clsInEight,
	"the-other": clsTheOther, "edge": clsEdge, "weekend": clsWeekend, "end-of-day": clsEndOfDay,
	"end-word": clsEndWord, "of": clsOf, "the": clsThe, "on": clsOn, "to": clsTo, "to-sure": clsToSure,
	"and": clsAnd, "between": clsBetween, "from": clsFrom, "day-word": clsDayWord, "target": clsTarget,
	"move": clsMove, "shift": clsShift, "label": clsLabel, "street": clsStreet, "counted": clsCounted,
	"ordinal-noun": clsOrdinalNoun, "done-state": clsDoneState, "done-verb": clsDoneVerb, "give": clsGive,
	"every": clsEvery, "instead": clsInstead, "better": clsBetter, "negation-after": clsNegationAfter,
	"feast": clsFeast, "person-before": clsPersonBefore, "past": clsPast, "done-participle": clsDoneParticiple,
	"already": clsAlready, "aux-have": clsAuxHave, "future": clsFuture, "clause": clsClause,
	"year-words": clsYearWords, "current-month": clsCurrentMonth, "day-step": clsDayStep, "the-day": clsTheDay, "doubtful-month": clsDoubtfulMonth, "doubtful-day": clsDoubtfulDay, "earlier": clsEarlier, "first-person": clsFirstPerson, "day-verb": clsDayVerb,
	"object-before": clsObjectBefore, "since": clsSince, "courtesy": clsCourtesy,
	"name-like": clsNameLike, "meridiem": clsMeridiem,
	"hour-mark": clsHourMark, "hour-before": clsHourBefore, "named-hour": clsNamedHour, "hour-half": clsHourHalf,
	"ordinary": clsOrdinary, "past-suffix": clsPastSuffix, "past-suffix-not": clsPastSuffixNot,
	"past-stem-o": clsPastStemO, "past-stem-io": clsPastStemIO, "done-stem": clsDoneStem, "future-suffix": clsFutureSuffix,
}

// Values that the word files name instead of counting.
const (
	edgeStart = iota + 1
	edgeMid
	edgeEnd
	edgeHalf1
	edgeHalf2
)

const (
	unitDay = iota + 1
	unitWeek
	unitMonth
	unitYear
	unitQuarter
	unitSemester
	unitFortnight
	unitFifteen
	unitHour

	// plural marks a unit in the plural: "las próximas semanas" is no week.
	plural = 16
)

const (
	targetBy = iota + 1
	targetTo
	targetFrom
	targetOn
)

// accented is the value of a past form that without its accent is another word ("terminé", "termine").
const accented = 2

var valueNames = map[string]int{
	"start": edgeStart, "mid": edgeMid, "end": edgeEnd, "half1": edgeHalf1, "half2": edgeHalf2,
	"day": unitDay, "week": unitWeek, "month": unitMonth, "year": unitYear, "quarter": unitQuarter,
	"semester": unitSemester, "fortnight": unitFortnight, "fifteen": unitFifteen, "hour": unitHour,
	"days": unitDay | plural, "weeks": unitWeek | plural, "months": unitMonth | plural, "years": unitYear | plural,
	"quarters": unitQuarter | plural, "semesters": unitSemester | plural, "fortnights": unitFortnight | plural,
	"fifteens": unitFifteen | plural, "hours": unitHour | plural,
	"by": targetBy, "to": targetTo, "from": targetFrom, "on": targetOn,
}
