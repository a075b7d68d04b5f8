package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"timonel/report"
)

// The command takes every format that there is, and says so.
func TestReportTakesEveryFormat(t *testing.T) {
	field, found := reflect.TypeFor[reportCommand]().FieldByName("Format")
	if !found {
		t.Fatal("the command has no format")
	}
	formats := slices.Sorted(maps.Keys(report.Formats))
	if got := slices.Sorted(strings.SplitSeq(field.Tag.Get("enum"), ",")); !slices.Equal(got, formats) {
		t.Errorf("it takes %v, there are %v", got, formats)
	}
	for _, name := range formats {
		if !strings.Contains(field.Tag.Get("help"), name) {
			t.Errorf("the help does not name %s", name)
		}
	}
}
