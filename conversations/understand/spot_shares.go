package understand

// spotPercents finds shares before anything else may take their numbers. Of "from 30 to 55%" only the last counts.
func (r *reader) spotPercents() {
	for i := 0; i < len(r.words); i++ {
		w := &r.words[i]
		if w.taken || w.num < 0 {
			if v, to := r.shareInWords(i); to > 0 {
				r.percents = append(r.percents, percentRef{v, i, to, true})
				r.take(i, to)
				i = to - 1
			}
			continue
		}
		to := r.percentSign(i + 1)
		if to == 0 && (r.barePercent(i) || r.raisedTo(i)) {
			to = i + 1
		}
		if to == 0 || w.num > 100 || i > 1 && r.words[i-1].glued && w.glued && r.words[i-1].norm != "-" && r.words[i-1].norm != "(" && r.words[i-1].norm != ":" && r.words[i-1].norm != "->" {
			continue
		}
		from := i
		if r.percentSign(i+1) == 0 && r.raisedTo(i) {
			r.percents = append(r.percents, percentRef{w.num, i, to, false})
			r.take(i, to)
			continue // the number before "to" is the milestone's
		}
		if i >= 3 && r.words[i-1].norm == "->" && !r.words[i-3].has(cDet) && r.words[i-2].num >= 0 && !r.words[i-2].taken {
			from = i - 2
		} else if i >= 2 && r.words[i-1].has(cTo, cUntil, cFor) && r.words[i-2].num >= 0 && !r.words[i-2].taken {
			if from = i - 2; from > 0 && r.words[from-1].has(cOf, cFrom) {
				from-- // "de 20 a 45 %"
			} else {
				from = i
			}
		}
		r.percents = append(r.percents, percentRef{w.num, from, to, false})
		r.take(from, to)
		i = to - 1
	}
}

// percentSign returns the word after "%", "por ciento", "x 100" at i, or 0.
func (r *reader) percentSign(i int) int {
	if i >= len(r.words) {
		return 0
	}
	switch w := &r.words[i]; {
	case w.norm == "%" || w.norm == "percent" || w.norm == "porciento" || w.norm == "pct":
		return i + 1
	case i+1 < len(r.words) && (w.norm == "por" || w.norm == "per" || w.norm == "x") &&
		(r.words[i+1].norm == "ciento" || r.words[i+1].norm == "cento" || r.words[i+1].norm == "cent" || r.words[i+1].num == 100):
		return i + 2
	}
	return 0
}

var quarters = map[string]int{"cuartas": 25, "cuarto": 25, "cuartos": 25, "quarto": 25, "quartos": 25, "quarter": 25, "quarters": 25}

var thirds = map[string]int{"tercio": 33, "tercios": 33, "terco": 33, "tercos": 33, "third": 33, "thirds": 33}

// shareInWords reads "la mitad", "tres cuartos", "dos tercios", "halfway".
func (r *reader) shareInWords(i int) (value, to int) {
	w := &r.words[i]
	if w.kind != tokWord {
		return 0, 0
	}
	if v, to := r.percentInWords(i); to > 0 {
		return v, to
	}
	if n := numberWord(w.norm); n > 0 && i+1 < len(r.words) {
		if q := quarters[r.words[i+1].norm]; q > 0 && n <= 3 {
			if i+2 < len(r.words) && r.words[i+2].is("partes") {
				return n * q, i + 3
			}
			return n * q, i + 2
		}
		if t := thirds[r.words[i+1].norm]; t > 0 && n <= 2 {
			return n * t, i + 2
		}
	}
	switch w.norm {
	case "mitad", "metade", "halfway", "midway":
		if r.ofOtherThings(i + 1) {
			return 0, 0
		}
		return 50, i + 1
	case "half":
		if r.ofOtherThings(i + 1) {
			return 0, 0
		}
		if i+1 < len(r.words) && (r.words[i+1].is("done") || r.words[i+1].is("way") || r.words[i+1].is("finished") || r.words[i+1].is("complete") || r.words[i+1].is("ready")) {
			return 50, i + 2
		}
		if i+1 < len(r.words) && r.words[i+1].has(cOf) || i > 0 && r.words[i-1].has(cBe) {
			return 50, i + 1
		}
	case "camino", "caminho":
		if i > 0 && (r.words[i-1].is("medio") || r.words[i-1].is("meio")) || i > 1 && r.words[i-1].has(cOf) && r.words[i-2].is("meio") {
			return 50, i + 1
		}
	}
	return 0, 0
}

// ofOtherThings reports whether "of" at word i is followed by what is no milestone: "half of the team", "la mitad de los usuarios".
func (r *reader) ofOtherThings(i int) bool {
	if i >= len(r.words) || !r.words[i].has(cOf) {
		return false
	}
	for i++; i < len(r.words) && r.words[i].has(cDet) && !r.words[i].taken; {
		i++
	}
	if i >= len(r.words) || !r.words[i].isWord() || r.words[i].taken {
		return false
	}
	return !r.words[i].has(cIt, cThis, cAll) && len(r.words[i].senses) == 0 && !r.words[i].is("camino") && !r.words[i].is("caminho")
}

var numberWords = map[string]int{
	"un": 1, "uno": 1, "una": 1, "um": 1, "uma": 1, "one": 1, "a": 1, "dos": 2, "dois": 2, "duas": 2, "two": 2, "tres": 3, "three": 3,
	"cuatro": 4, "quatro": 4, "four": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6, "siete": 7, "sete": 7, "seven": 7,
	"ocho": 8, "oito": 8, "eight": 8, "nueve": 9, "nove": 9, "nine": 9, "diez": 10, "dez": 10, "ten": 10, "once": 11, "onze": 11,
	"eleven": 11, "doce": 12, "doze": 12, "twelve": 12,
}

func numberWord(norm string) int { return numberWords[norm] }

func (r *reader) take(from, to int) {
	for i := from; i < to && i < len(r.words); i++ {
		r.words[i].taken = true
	}
}
