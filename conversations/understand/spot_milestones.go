package understand

import "strings"

// msRef is a milestone as the text names it, over words.
type msRef struct {
	Ref
	from, to int
	explicit bool // "hito 3", "#3", or the whole name
	number   bool // named by its number
	weak     bool // a bare number that could be a day
	next     bool // "el siguiente"
}

// spotNames finds names, aliases and parts of names.
func (r *reader) spotNames() {
	for i := 0; i < len(r.words); i++ {
		if r.words[i].taken || r.words[i].fixed || !r.words[i].isWord() || r.isLabel(i) {
			continue
		}
		ref, to, ok := r.nameAt(i)
		if !ok {
			continue
		}
		for k := i; k < to; k++ {
			r.words[k].taken = true
		}
		if ref.stage {
			r.stages = append(r.stages, stageRef{span{i, to}, ref.ms.Key})
		} else {
			ref.ms.from, ref.ms.to = i, to
			ref.ms.Start, ref.ms.End = r.words[i].start, r.words[to-1].end
			ref.ms.Text = r.text[ref.ms.Start:ref.ms.End]
			r.refs = append(r.refs, ref.ms)
		}
		i = to - 1
	}
}

// isLabel reports whether a word is the label of a free text: "soporte: no puedo entrar" is not about "Entrega a soporte".
func (r *reader) isLabel(i int) bool {
	return i+1 < len(r.words) && r.words[i+1].norm == ":" && (i == 0 || r.startsClause(i-1)) && r.words[i].has(cSupport, cRisk, cIssue, cAction, cDecision, cMinutes, cNote, cChangeN)
}

type span struct{ from, to int }

// stageRef is a stage's name, with the one milestone that its words could mean as well.
type stageRef struct {
	span
	alt string
}

type nameHit struct {
	ms    msRef
	stage bool
}

// nameWord is a word of a run with the stem it matches in the vocabulary.
type nameWord struct {
	at   int
	stem string
	weak bool
}

// nameAt reads the longest run of words from names at i and says whom it means.
func (r *reader) nameAt(i int) (nameHit, int, bool) {
	if hit, to, ok := r.joinedAt(i); ok {
		return hit, to, true
	}
	var run []nameWord
	end := i
	for k := i; k < len(r.words) && len(run) < 8; k++ {
		w := &r.words[k]
		if w.taken || w.fixed || !w.isWord() {
			if w.kind == tokPunct && w.norm == "-" && w.glued && len(run) > 0 {
				continue
			}
			break
		}
		if st, ok := r.vocabulary(k); ok {
			if len(run) == 0 && w.has(cReady) && !r.precededByArticle(k) && k+2 < len(r.words) && (r.words[k+1].has(cDet) && r.isVocabularyAt(k+2) || r.isVocabularyAt(k+1)) {
				break // "listas las listas"
			}
			run = append(run, nameWord{k, st, r.isWeak(k)})
			end = k + 1
			continue
		}
		if len(run) == 0 || !joinWords[w.norm] || k-end >= 2 {
			break
		}
	}
	if len(run) == 0 {
		return nameHit{}, 0, false
	}
	hit, used := r.judge(run)
	if used == 0 || r.saysTooLittle(run[:used]) {
		return nameHit{}, 0, false
	}
	return hit, run[used-1].at + 1, true
}

// saysTooLittle reports whether a run is made of words like "is" and "cual" alone, and they are not the whole of a name.
func (r *reader) saysTooLittle(run []nameWord) bool {
	for _, w := range run {
		if !r.model.hollow[r.words[w.at].norm] {
			return false
		}
	}
	from, to := run[0].at, run[len(run)-1].at+1
	for start := from; start >= 0 && start >= from-2; start-- {
		var said []string
		for k := start; k < to; k++ {
			if r.words[k].isWord() {
				said = append(said, r.words[k].norm)
			}
		}
		if len(said) > 1 && r.place.whole[strings.Join(said, " ")] {
			return false
		}
	}
	return true
}

func (r *reader) isVocabularyAt(k int) bool {
	_, ok := r.vocabulary(k)
	return ok
}

// joinedAt reads names whose words are written together or apart from the plan's: "golive", "kick-off".
func (r *reader) joinedAt(i int) (nameHit, int, bool) {
	w := &r.words[i]
	if vs, ok := r.place.joined[stem(w.norm)]; ok && len(r.place.variants[vs[0]].words) > 1 {
		return r.exact(vs), i + 1, true
	}
	k := i + 1
	if k < len(r.words) && r.words[k].norm == "-" && r.words[k].glued {
		k++
	} else if !r.precededByArticle(i) {
		return nameHit{}, 0, false
	}
	if k < len(r.words) && r.words[k].kind == tokWord && !r.words[k].taken && (k > i+1 || len(r.words[k].norm) > 2) {
		if vs, ok := r.place.joined[stem(w.norm+r.words[k].norm)]; ok && len(r.place.variants[vs[0]].words) == 1 {
			return r.exact(vs), k + 1, true
		}
	}
	return nameHit{}, 0, false
}

func (r *reader) precededByArticle(i int) bool {
	return i > 0 && r.words[i-1].has(cDet, cOf, cMine)
}

func (r *reader) exact(vs []int) nameHit {
	return nameHit{ms: msRef{Ref: r.refTo(r.owners(vs)), explicit: true}}
}

func (r *reader) owners(vs []int) []int {
	var out []int
	for _, v := range vs {
		out = addInt(out, r.place.variants[v].milestone)
	}
	return out
}

func addInt(list []int, n int) []int {
	for _, have := range list {
		if have == n {
			return list
		}
	}
	return append(list, n)
}

func (r *reader) refTo(milestones []int) Ref {
	var ref Ref
	for _, m := range milestones {
		ref.Candidates = append(ref.Candidates, r.place.milestones[m].Key)
	}
	if len(milestones) == 1 {
		ref.Key = ref.Candidates[0]
	}
	return ref
}

// vocabulary returns the stem in the plan's vocabulary that word k means: itself, its beginning ("config") or, when the
// lexicon does not know the word, one with a slip in it.
func (r *reader) vocabulary(k int) (string, bool) {
	w := &r.words[k]
	st := stem(w.norm)
	if _, ok := r.place.vocab[st]; ok {
		return st, true
	}
	if len(w.norm) < 4 || len(w.senses) > 0 && !w.typo {
		return "", false
	}
	raw := w.norm
	if w.typo {
		_, raw = fold(w.raw)
		if st = stem(raw); r.place.vocab[st] != nil {
			return st, true
		}
	}
	return r.nearVocabulary(stem(raw), raw)
}

func (r *reader) nearVocabulary(st, raw string) (string, bool) {
	best, bestAt := "", 3
	known := r.model.known[raw]
	for _, have := range r.place.prefixes {
		if len(raw) >= 4 && len(have) >= len(raw)+2 && have[:len(raw)] == raw {
			switch {
			case best != "" && bestAt == 0 && !r.place.sameMilestones(best, have):
				return "", false // the beginning of words of two names
			case bestAt > 0 || r.place.isOwn(have):
				best, bestAt = have, 0
			}
			continue
		}
		if known {
			continue // a word of its own, no slip
		}
		limit := 1
		if len(st) >= 8 {
			limit = 2
		}
		if len(st) < 5 && !swapped(st, have) || have[0] != st[0] && (len(st) < 2 || have[0] != st[1]) {
			continue
		}
		if d := distance(st, have, limit); d <= limit && d < bestAt {
			best, bestAt = have, d
		}
	}
	return best, best != ""
}

// isWeak reports whether the word is too common to name a milestone by itself.
func (r *reader) isWeak(k int) bool {
	w := &r.words[k]
	if w.has(cPlan, cFile, cMeeting, cRole) && !w.has(cList) {
		return !(r.precededByArticle(k) && r.spokenOfAsDone(k))
	}
	if r.isInflected(k) {
		return true
	}
	if w.has(cReady, cList) {
		return !(r.place.surface[w.norm] && (r.precededByArticle(k) || r.li == 2 && !r.model.hollow[r.words[max(0, k-1)].norm] && r.words[max(0, k-1)].num < 0 || k == 0 || k > 1 && r.precededByArticle(k-1)))
	}
	if w.has(cGeneric, cStage, cPart, cProject, cGo, cNew, cNext, cTo, cBe, cUnit, cLevel, cSideWord) {
		return true
	}
	if w.has(cSign, cReady, cClose, cFinish, cAchieve, cStart, cGoLive, cAccept, cDeliver, cPass, cOpen) {
		return !r.nounPlace(k)
	}
	return false
}

// joinWords may stand between the words of one name.
var joinWords = map[string]bool{
	"de": true, "del": true, "da": true, "do": true, "das": true, "dos": true, "of": true, "en": true, "em": true, "no": true, "na": true,
	"la": true, "el": true, "los": true, "las": true, "the": true, "a": true,
}

// isInflected reports whether the word is a verb in a form that no noun has: "arranqué", "definimos".
func (r *reader) isInflected(k int) bool {
	w := &r.words[k]
	if len(w.senses) == 0 || r.precededByArticle(k) {
		return false
	}
	for _, s := range w.senses {
		if s.m&(mPst1|mFut|mCond|mGer|mInf|mP1P|mLets) == 0 || s.m&(mWord|mPart|mAdj) != 0 || r.li == 2 {
			return false
		}
	}
	return true
}

// spokenOfAsDone reports whether a verb of doing in the past stands near: "se entregó la plantilla", "ya tuvimos la reunión".
func (r *reader) spokenOfAsDone(k int) bool {
	for i := max(0, k-4); i < k+4 && i < len(r.words); i++ {
		w := &r.words[i]
		for _, s := range w.senses {
			if s.m&(mPast|mPart|mAdj) != 0 && s.m&mImp == 0 && isOneOf(s.c, doneLike) || s.c == cAchieve && i < k {
				return true
			}
		}
	}
	return false
}

var doneLike = []concept{cFinish, cReady, cClose, cDeliver, cSend, cDo, cSign, cAchieve, cHappen}

// nounPlace reports whether the word stands where a noun would: after an article or a preposition, and not inflected as
// a verb only.
func (r *reader) nounPlace(k int) bool {
	if k+1 < len(r.words) && !r.isInflected(k) {
		for _, s := range r.words[k+1].senses {
			if s.m&(mPart|mAdj) != 0 && isOneOf(s.c, doneLike) {
				return true // "arranque hecho"
			}
		}
	}
	return r.precededByArticle(k) && r.words[k].form(cSign)&mPart == 0
}

// judge weighs whom a run of words means, and how many of its words belong to that name.
func (r *reader) judge(run []nameWord) (nameHit, int) {
	stems := make([]string, len(run))
	for i := range run {
		stems[i] = run[i].stem
	}
	for n := len(run); n > 0; n-- {
		if r.place.stages[strings.Join(stems[:n], " ")] && !r.fullName(stems[:n]) {
			if w := &r.words[run[0].at]; n == 1 && r.model.timeWords[w.norm] && (!(run[0].at > 0 && r.words[run[0].at-1].has(cStage, cDet)) || r.timeFollows(run[0].at+1)) {
				continue // "início de abril" is a day
			}
			hit := nameHit{stage: true}
			if alt, full := r.explain(stems[:n]); len(alt) == 1 && full {
				hit.ms.Key = r.place.milestones[alt[0]].Key
			}
			return hit, n
		}
		best, full := r.explain(stems[:n])
		if len(best) == 0 {
			continue
		}
		strong := full && (n > 1 || r.fullName(stems[:1]) && !r.words[run[0].at].has(cReady, cList))
		for _, w := range run[:n] {
			strong = strong || !w.weak
		}
		if !strong {
			continue
		}
		return nameHit{ms: msRef{Ref: r.refTo(best), explicit: full}}, n
	}
	return nameHit{}, 0
}

// timeFollows reports whether "of" and a word of dates follow: "início de abril".
func (r *reader) timeFollows(i int) bool {
	return i+1 < len(r.words) && r.words[i].has(cOf) && r.model.timeWords[r.words[i+1].norm]
}

// fullName reports whether the stems are all of a name or alias in the plan itself.
func (r *reader) fullName(stems []string) bool {
	for _, v := range r.place.variants {
		if !v.synonym && sameSet(v.words, stems) {
			return true
		}
	}
	return false
}

// explain returns the milestones one of whose names holds all of the stems, those with the whole name first: if any has
// the whole name, only those.
func (r *reader) explain(stems []string) (milestones []int, full bool) {
	var whole, wholeSyn, part []int
	for vi := range r.place.variants {
		v := &r.place.variants[vi]
		if !containsAll(v.words, stems) {
			continue
		}
		switch all := sameSet(v.words, stems); {
		case all && !v.synonym:
			whole = addInt(whole, v.milestone)
		case all:
			wholeSyn = addInt(wholeSyn, v.milestone)
		case !v.synonym:
			part = addInt(part, v.milestone)
		}
	}
	for i, list := range [][]int{whole, wholeSyn, part} {
		if len(list) > 0 {
			return list, i < 2
		}
	}
	return nil, false
}

func containsAll(words, stems []string) bool {
	for _, s := range stems {
		found := false
		for _, w := range words {
			if w == s {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func sameSet(a, b []string) bool { return len(a) == len(b) && containsAll(a, b) }
