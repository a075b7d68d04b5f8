package understand

import "strings"

// morph says in which forms a word may stand; one spelling can be several ("mueve" orders and tells).
type morph uint32

const (
	mInf    morph = 1 << iota // mover, to move (also the English base form)
	mGer                      // moviendo, moving
	mPart                     // movido, moved, as participle or adjective
	mImp                      // mueve, mové, muevan, move!
	mP1S                      // muevo
	mP2                       // mueves, movés
	mP3                       // mueve, mueven, moves
	mP1P                      // movemos
	mPst1                     // moví, movimos
	mPst3                     // movió, movieron
	mImpf                     // movía
	mFut                      // moverá
	mCond                     // movería
	mSubj                     // mueva, mova, movesse
	mLets                     // movamos
	mAdj                      // listo, pronto
	mWord                     // anything that does not inflect
	mClitic                   // carries "it": muévelo, movê-lo
	mMe                       // carries "me": dame
)

const (
	mPast   = mPst1 | mPst3
	mFinite = mImp | mP1S | mP2 | mP3 | mP1P | mPst1 | mPst3 | mImpf | mFut | mCond | mSubj | mLets
)

// form is one spelling of a word with what it may be.
type form struct {
	text string
	m    morph
}

// inflect returns the forms of a verb lemma. A lemma may say how its stressed stem changes: "mover:ue", "cerrar:ie",
// "pedir:i"; in English ":2" doubles the last letter ("slip:2").
func inflect(lang, lemma string) []form {
	lemma, change, _ := strings.Cut(lemma, ":")
	switch lang {
	case "es":
		return spanish(lemma, change)
	case "pt":
		return portuguese(lemma, change)
	default:
		return english(lemma, change)
	}
}

// ending pairs an ending with what it means.
type ending struct {
	text string
	m    morph
}

var (
	spanishAR = []ending{
		{"ar", mInf}, {"ando", mGer}, {"amos", mP1P | mPst1}, {"ás", mP2}, {"áis", mP2}, {"á", mImp}, {"ad", mImp},
		{"é", mPst1}, {"ó", mPst3}, {"aron", mPst3}, {"aste", mPst3}, {"asteis", mPst3},
		{"aba", mImpf}, {"abas", mImpf}, {"ábamos", mImpf}, {"aban", mImpf}, {"emos", mLets}, {"ara", mSubj}, {"aran", mSubj}, {"áramos", mSubj}, {"ase", mSubj},
	}
	spanishAROpen = []ending{{"o", mP1S}, {"as", mP2}, {"a", mP3 | mImp}, {"an", mP3}, {"e", mImp | mSubj}, {"es", mSubj}, {"en", mImp | mSubj}}
	spanishER     = []ending{
		{"er", mInf}, {"iendo", mGer}, {"emos", mP1P}, {"és", mP2}, {"éis", mP2}, {"é", mImp}, {"ed", mImp},
		{"í", mPst1}, {"imos", mPst1}, {"ió", mPst3}, {"ieron", mPst3}, {"iste", mPst3},
		{"ía", mImpf}, {"ías", mImpf}, {"íamos", mImpf}, {"ían", mImpf}, {"amos", mLets}, {"iera", mSubj}, {"ieran", mSubj}, {"iéramos", mSubj},
	}
	spanishEROpen = []ending{{"o", mP1S}, {"es", mP2}, {"e", mP3 | mImp}, {"en", mP3}, {"a", mImp | mSubj}, {"as", mSubj}, {"an", mImp | mSubj}}
	spanishIR     = []ending{
		{"ir", mInf}, {"iendo", mGer}, {"imos", mP1P | mPst1}, {"ís", mP2}, {"í", mImp | mPst1}, {"id", mImp},
		{"ió", mPst3}, {"ieron", mPst3}, {"iste", mPst3},
		{"ía", mImpf}, {"ías", mImpf}, {"íamos", mImpf}, {"ían", mImpf}, {"amos", mLets}, {"iera", mSubj}, {"ieran", mSubj}, {"iéramos", mSubj},
	}
	spanishFuture = []ending{
		{"é", mFut}, {"ás", mFut}, {"á", mFut}, {"emos", mFut}, {"án", mFut},
		{"ía", mCond}, {"ías", mCond}, {"íamos", mCond}, {"ían", mCond},
	}
)

func spanish(lemma, change string) []form {
	if len(lemma) < 4 {
		return []form{{lemma, mInf}}
	}
	stem, class := lemma[:len(lemma)-2], lemma[len(lemma)-2:]
	open := stressed(stem, change)
	closed, stressedEndings := spanishIR, spanishEROpen
	switch class {
	case "ar":
		closed, stressedEndings = spanishAR, spanishAROpen
	case "er":
		closed = spanishER
	}
	var out []form
	for _, e := range closed {
		s := stem
		if class == "ir" && weakened(e.text) {
			s = weakStem(stem, change)
		}
		out = append(out, form{spellES(s, class, e.text), e.m})
	}
	for _, e := range stressedEndings {
		out = append(out, form{spellES(open, class, e.text), e.m})
	}
	for _, e := range spanishFuture {
		out = append(out, form{lemma + e.text, e.m})
	}
	part := stem + "ido"
	if class == "ar" {
		part = stem + "ado"
	}
	return append(out, adjective(part, mPart)...)
}

// stressed applies ie, ue, i or y to the last fitting vowel of the stem.
func stressed(stem, change string) string {
	from := map[string]string{"ie": "e", "ue": "o", "i": "e", "u": "u"}[change]
	if change == "y" {
		return stem + "y"
	}
	if from == "" {
		return stem
	}
	if at := strings.LastIndex(stem, from); at >= 0 {
		return stem[:at] + change + stem[at+len(from):]
	}
	return stem
}

// weakened reports whether verbs in -ir that change their stem weaken it before an ending: pidió, pidiendo, pidamos.
func weakened(end string) bool {
	return strings.HasPrefix(end, "ie") || strings.HasPrefix(end, "ió") || strings.HasPrefix(end, "ié") || end == "amos"
}

// weakStem turns e into i and o into u: pedir pidió, diferir difirió, dormir durmió.
func weakStem(stem, change string) string {
	switch change {
	case "i", "ie":
		return stressed(stem, "i")
	case "ue":
		if at := strings.LastIndex(stem, "o"); at >= 0 {
			return stem[:at] + "u" + stem[at+1:]
		}
	}
	return stem
}

// spellES keeps the sound of the stem before e and before a, o.
func spellES(stem, class, end string) string {
	soft := strings.HasPrefix(end, "e") || strings.HasPrefix(end, "é") || strings.HasPrefix(end, "i") || strings.HasPrefix(end, "í")
	if class == "ar" && soft {
		switch {
		case strings.HasSuffix(stem, "c"):
			return stem[:len(stem)-1] + "qu" + end
		case strings.HasSuffix(stem, "g"):
			return stem + "u" + end
		case strings.HasSuffix(stem, "z"):
			return stem[:len(stem)-1] + "c" + end
		}
	}
	if class != "ar" && !soft && strings.HasSuffix(stem, "g") {
		return stem[:len(stem)-1] + "j" + end
	}
	if class != "ar" && !soft && strings.HasSuffix(stem, "c") && len(stem) > 1 {
		if strings.ContainsRune("aeiou", rune(stem[len(stem)-2])) {
			return stem[:len(stem)-1] + "zc" + end // establezco
		}
		return stem[:len(stem)-1] + "z" + end // venza
	}
	return stem + end
}

var (
	portugueseAR = []ending{
		{"ar", mInf | mSubj}, {"ando", mGer}, {"o", mP1S}, {"as", mP2}, {"a", mP3 | mImp}, {"am", mP3}, {"amos", mP1P | mPst1}, {"ámos", mPst1},
		{"ei", mPst1}, {"ou", mPst3}, {"aram", mPst3}, {"aste", mPst3}, {"ava", mImpf}, {"avam", mImpf}, {"ávamos", mImpf},
		{"e", mImp | mSubj}, {"es", mSubj}, {"em", mImp | mSubj}, {"emos", mLets}, {"arem", mSubj}, {"armos", mSubj}, {"asse", mSubj}, {"assem", mSubj}, {"ássemos", mSubj},
		{"arei", mFut}, {"ará", mFut}, {"aremos", mFut}, {"arão", mFut}, {"aria", mCond}, {"ariam", mCond}, {"aríamos", mCond},
	}
	portugueseER = []ending{
		{"er", mInf | mSubj}, {"endo", mGer}, {"o", mP1S}, {"es", mP2}, {"e", mP3 | mImp}, {"em", mP3}, {"emos", mP1P | mPst1},
		{"i", mPst1}, {"eu", mPst3}, {"eram", mPst3}, {"este", mPst3}, {"ia", mImpf}, {"iam", mImpf}, {"íamos", mImpf},
		{"a", mImp | mSubj}, {"am", mImp | mSubj}, {"amos", mLets}, {"erem", mSubj}, {"ermos", mSubj}, {"esse", mSubj}, {"essem", mSubj}, {"êssemos", mSubj},
		{"erei", mFut}, {"erá", mFut}, {"eremos", mFut}, {"erão", mFut}, {"eria", mCond}, {"eriam", mCond}, {"eríamos", mCond},
	}
	portugueseIR = []ending{
		{"ir", mInf | mSubj}, {"indo", mGer}, {"o", mP1S}, {"es", mP2}, {"e", mP3 | mImp}, {"em", mP3}, {"imos", mP1P | mPst1},
		{"i", mPst1}, {"iu", mPst3}, {"iram", mPst3}, {"iste", mPst3}, {"ia", mImpf}, {"iam", mImpf}, {"íamos", mImpf},
		{"a", mImp | mSubj}, {"am", mImp | mSubj}, {"amos", mLets}, {"irem", mSubj}, {"irmos", mSubj}, {"isse", mSubj}, {"issem", mSubj}, {"íssemos", mSubj},
		{"irei", mFut}, {"irá", mFut}, {"iremos", mFut}, {"irão", mFut}, {"iria", mCond}, {"iriam", mCond}, {"iríamos", mCond},
	}
)

func portuguese(lemma, change string) []form {
	if len(lemma) < 4 {
		return []form{{lemma, mInf}}
	}
	stem, class := lemma[:len(lemma)-2], lemma[len(lemma)-2:]
	table, part := portugueseIR, stem+"ido"
	switch class {
	case "ar":
		table, part = portugueseAR, stem+"ado"
	case "er":
		table = portugueseER
	}
	var out []form
	for _, e := range table {
		s := stem
		if e.m&(mP1S|mSubj) != 0 && change != "" && e.m&mInf == 0 {
			s = stressed(stem, change)
		}
		if class == "ar" && strings.HasSuffix(stem, "e") && earStressed[e.text] {
			s += "i" // bloquear: bloqueia
		}
		out = append(out, form{spellPT(s, class, e.text), e.m})
	}
	return append(out, adjective(part, mPart)...)
}

// earStressed are the endings before which verbs in -ear take an i.
var earStressed = map[string]bool{"o": true, "as": true, "a": true, "am": true, "e": true, "es": true, "em": true}

func spellPT(stem, class, end string) string {
	soft := strings.HasPrefix(end, "e") || strings.HasPrefix(end, "i") || strings.HasPrefix(end, "ê")
	switch {
	case class == "ar" && soft && strings.HasSuffix(stem, "ç"):
		return strings.TrimSuffix(stem, "ç") + "c" + end
	case class == "ar" && soft && strings.HasSuffix(stem, "c"):
		return stem[:len(stem)-1] + "qu" + end
	case class == "ar" && soft && strings.HasSuffix(stem, "g"):
		return stem + "u" + end
	case class != "ar" && !soft && strings.HasSuffix(stem, "c"):
		return stem[:len(stem)-1] + "ç" + end
	case class != "ar" && !soft && strings.HasSuffix(stem, "g"):
		return stem[:len(stem)-1] + "j" + end
	}
	return stem + end
}

func english(lemma, change string) []form {
	base := mInf | mImp | mP1S | mP1P
	switch {
	case change == "2":
		d := lemma + lemma[len(lemma)-1:]
		return []form{{lemma, base}, {lemma + "s", mP3}, {d + "ed", mPast | mPart}, {d + "ing", mGer}}
	case strings.HasSuffix(lemma, "e"):
		stem := lemma[:len(lemma)-1]
		return []form{{lemma, base}, {lemma + "s", mP3}, {lemma + "d", mPast | mPart}, {stem + "ing", mGer}}
	case strings.HasSuffix(lemma, "y") && len(lemma) > 2 && !strings.ContainsRune("aeou", rune(lemma[len(lemma)-2])):
		stem := lemma[:len(lemma)-1]
		return []form{{lemma, base}, {stem + "ies", mP3}, {stem + "ied", mPast | mPart}, {lemma + "ing", mGer}}
	}
	third := lemma + "s"
	if strings.HasSuffix(lemma, "s") || strings.HasSuffix(lemma, "sh") || strings.HasSuffix(lemma, "ch") || strings.HasSuffix(lemma, "x") {
		third = lemma + "es"
	}
	return []form{{lemma, base}, {third, mP3}, {lemma + "ed", mPast | mPart}, {lemma + "ing", mGer}}
}

// adjective returns gender and number of a word in -o, the number of one in another vowel, else the word alone.
func adjective(word string, m morph) []form {
	if stem, ok := strings.CutSuffix(word, "o"); ok {
		return []form{{word, m}, {stem + "a", m}, {word + "s", m}, {stem + "as", m}}
	}
	if strings.HasSuffix(word, "e") || strings.HasSuffix(word, "a") {
		return []form{{word, m}, {word + "s", m}}
	}
	return []form{{word, m}}
}
