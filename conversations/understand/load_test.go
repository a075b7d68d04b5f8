package understand

import "testing"

func TestConceptsFit(t *testing.T) {
	if len(conceptNames) > maxConcepts {
		t.Fatalf("%d concepts, raise maxConcepts", len(conceptNames))
	}
}

func TestLoad(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}
