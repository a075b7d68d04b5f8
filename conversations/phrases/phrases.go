// Package phrases holds the words and phrases that Timonel understands, as files that a person who does not program can
// extend: a lexicon and example phrases per language, names that mean the same milestone, and short lists.
package phrases

import "embed"

// FS holds the files.
//
//go:embed *.toml es/* pt/* en/*
var FS embed.FS
