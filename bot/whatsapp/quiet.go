package whatsapp

import (
	"sync"

	"go.mau.fi/libsignal/logger"
)

var quietOnce sync.Once

// quietSignal stops the encryption library from writing to standard output, which is for results.
func quietSignal() {
	quietOnce.Do(func() {
		var silent logger.Loggable = silentLog{}
		logger.Setup(&silent)
	})
}

type silentLog struct{}

func (silentLog) Debug(string, string)   {}
func (silentLog) Info(string, string)    {}
func (silentLog) Warning(string, string) {}
func (silentLog) Error(string, string)   {}
func (silentLog) Configure(string)       {}
