package steering

import "testing"

func TestEveryGoLiveNameHoldsAHint(t *testing.T) {
	for _, name := range goLiveNames {
		if !hintsAtGoLive(name) {
			t.Errorf("%q would never be found", name)
		}
	}
}
