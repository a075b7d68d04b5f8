package understand

import (
	"runtime"
	"testing"
)

// TestMemory holds what the three languages take once messages of each were read, misspelt ones among them.
func TestMemory(t *testing.T) {
	heap := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc) / 1000
	}
	before := heap()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		s := corpusScene(lang, "ana")
		for _, say := range ordinary[lang] {
			m.Read(say, s)
			m.Read("probaly "+say+" ?", s)
		}
	}
	kB := heap() - before
	runtime.KeepAlive(m)
	t.Logf("%d kB on the heap, and %d kB of weights in the program", kB, len(learnedFile)/1000)
	if kB > 20_000 {
		t.Errorf("%d kB, want at most 20 MB", kB)
	}
}
