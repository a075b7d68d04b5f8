package understand

import "strings"

var languages = [3]string{"es", "pt", "en"}

func langIndex(lang string) int {
	for i, l := range languages {
		if l == lang {
			return i
		}
	}
	return 0
}

// guessLanguage weighs the words that only one of the languages has, and the letters that only one writes; the scene's
// language is the prior. It is sure when the winner leads by a word and a half.
func (m *Model) guessLanguage(toks []token, prior string, p *place) (lang string, sure bool) {
	var score [3]float64
	score[langIndex(prior)] += 1.2
	for i := range toks {
		t := &toks[i]
		if t.kind == tokPunct {
			if t.raw == "¿" || t.raw == "¡" {
				score[0] += 2
			}
			continue
		}
		if t.kind != tokWord {
			continue
		}
		if p.isVocabulary(t.norm) {
			continue // "go live" is said in every language
		}
		in := m.inLanguages[t.norm]
		if t.low != t.norm {
			score[0] += float64(strings.Count(t.low, "ñ")) * 2
			score[1] += float64(strings.Count(t.low, "ã")+strings.Count(t.low, "õ")+strings.Count(t.low, "ç")+strings.Count(t.low, "ê")+strings.Count(t.low, "â")) * 2
			if strings.Contains(t.low, "ción") || strings.HasSuffix(t.low, "ón") {
				score[0] += 1.5
			}
		}
		switch in {
		case 1, 2, 4:
			score[in>>1] += 1
		case 3, 5, 6:
			for k := range score {
				if in&(1<<k) != 0 {
					score[k] += 0.25
				}
			}
		}
	}
	best := 0
	for k := range score {
		if score[k] > score[best] {
			best = k
		}
	}
	second := 0.0
	for k := range score {
		if k != best && score[k] > second {
			second = score[k]
		}
	}
	return languages[best], score[best]-second >= 1.5
}
