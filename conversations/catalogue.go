package conversations

import (
	"timonel/locale"
)

// inEveryLanguage lists what a list of the catalogues holds, in all languages: people do not always write in their chat's.
func inEveryLanguage(key string) []string {
	var all []string
	for _, lang := range locale.Languages {
		all = append(all, locale.For(lang).List(key)...)
	}
	return all
}
