package script

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"timonel/bot"
	"timonel/steering"
)

func zone(t testing.TB, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParse(t *testing.T) {
	march2 := steering.NewDate(2026, time.March, 2)
	for line, want := range map[string]Action{
		"@tz America/Bogota":                      Zone{zone(t, "America/Bogota")},
		"@time 2026-03-02 09:00":                  Clock{Date: march2, Hour: 9},
		"@time 2026-03-02T09:05":                  Clock{Date: march2, Hour: 9, Minute: 5},
		"@time 2026-03-02":                        Clock{Date: march2},
		"@time +3d":                               Clock{Days: 3},
		"@time +1w2d3h4m":                         Clock{Days: 9, Shift: 3*time.Hour + 4*time.Minute},
		"@chat comite":                            Chat{ID: "comite"},
		"@chat steerco platform=whatsapp lang=pt": Chat{"steerco", bot.WhatsApp, "pt"},
		`@member ana "Ana Ruiz" side=vendor role=lead role=csm`: Member{"ana", "Ana Ruiz", steering.SideVendor, []steering.Role{"lead", "csm"}},
		`@member eve "Eve"`:                                   Member{ID: "eve", Name: "Eve"},
		`@member eve Eve`:                                     Member{ID: "eve", Name: "Eve"},
		`@member q "Ana \"la\" Ruiz"`:                         Member{ID: "q", Name: `Ana "la" Ruiz`},
		"@plan fieldpro-custom":                               Plan{Source: "fieldpro-custom"},
		`@plan "my plans/a.toml" start=2026-03-02 key=ACME-1`: Plan{"my plans/a.toml", march2, "ACME-1"},
		"@import state.json":                                  Import{"state.json"},
		"@restart":                                            Restart{},
		"@down":                                               Down{},
		"@up":                                                 Up{},
		"ana: hola":                                           Say{Who: "ana", Text: "hola"},
		"ana:hola":                                            Say{Who: "ana", Text: "hola"},
		"  ana:   riesgo: que falle  ":                        Say{Who: "ana", Text: "riesgo: que falle"},
		`ana: acta:\nuno\ndos`:                                Say{Who: "ana", Text: "acta:\nuno\ndos"},
		"ana -> ¿cómo vamos?":                                 Say{Who: "ana", Text: "¿cómo vamos?", Direct: true},
		"ana ^ listo":                                         Say{Who: "ana", Text: "listo", Quote: true},
		"ana + ✅":                                             React{"ana", "✅"},
		"ana ! Aceptar":                                       Press{"ana", "Aceptar"},
		"ana ! 2":                                             Press{"ana", "2"},
		"ana # jueves 10:00":                                  Vote{"ana", "jueves 10:00"},
		"ana file alcance.xlsx para firma del hito 3": File{"ana", "alcance.xlsx", "para firma del hito 3"},
		`ana file "mi alcance.xlsx" firma`:            File{"ana", "mi alcance.xlsx", "firma"},
		"ana file x.pdf":                              File{"ana", "x.pdf", ""},
		"file: no file":                               Say{Who: "file", Text: "no file"},
		"a_b-9: x":                                    Say{Who: "a_b-9", Text: "x"},
		"ana: # no comment":                           Say{Who: "ana", Text: "# no comment"},
		"\ufeffana: first line of a file with a byte order mark": Say{Who: "ana", Text: "first line of a file with a byte order mark"},
		"ana: line of a file with carriage returns\r":            Say{Who: "ana", Text: "line of a file with carriage returns"},
		"ana: @bruno ¿listo el 3? -> sí ^ no":                    Say{Who: "ana", Text: "@bruno ¿listo el 3? -> sí ^ no"},
		"# a comment":                                            nil,
		"   ":                                                    nil,
		"   # an indented comment":                               nil,
		"@time 2026-03-02 09:00:30":                              Clock{Date: march2, Hour: 9, Second: 30},
		`@member bo "Bo" role=observer`:                          Member{ID: "bo", Name: "Bo", Roles: []steering.Role{"observer"}},
	} {
		got, err := Parse("s", []byte(line+"\n"))
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if want == nil {
			if len(got) != 0 {
				t.Errorf("%q: got %#v, want nothing", line, got)
			}
			continue
		}
		if len(got) != 1 || !reflect.DeepEqual(got[0].Do, want) {
			t.Errorf("%q: got %#v, want %#v", line, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for line, want := range map[string]string{
		"@tmie +3d":                         "s:2: there is no statement @tmie (did you mean @time?)",
		"@frobnicate":                       "s:2: there is no statement @frobnicate (there are @tz,",
		"@tz Bogota":                        "s:2: there is no zone Bogota",
		"@tz Local":                         "s:2: there is no zone Local",
		"@tz":                               "want one zone (write: @tz ZONE)",
		"@time 2026-02-30 09:00":            "there is no date 2026-02-30",
		"@time 2026-03-02 9:00":             "there is no time 9:00",
		"@time 2026-03-02 25:00":            "there is no time 25:00",
		"@time 1970-01-01 09:00":            "out of reach",
		"@time":                             "want a date and a time",
		"@time +3y":                         "cannot move on by +3y",
		"@time +900000d":                    "ten years",
		"@time -3d":                         "there is no date -3d",
		"@chat":                             "the chat has no id",
		"@chat Comité":                      "Comité is no id",
		"@chat c platform=telegram":         `there is no platform "telegram" (there are slack, whatsapp, web)`,
		"@chat c platform=watsapp":          "did you mean whatsapp?",
		"@chat c language=es":               `there is no setting "language" (there are lang, platform)`,
		"@chat c lang=fr":                   `there is no language "fr"`,
		"@chat c d":                         "d means nothing here",
		"@member ana":                       "a member has an id and a name",
		`@member ana "Ana`:                  "a quote is not closed",
		`@member ana "" side=vendor`:        "the member has no name",
		"@member ana side=vendor role=lead": "the member has no name",
		`@member timonel "Timonel"`:         "timonel is the bot",
		`@member ana "Ana" side=both`:       `there is no side "both"`,
		`@member ana "Ana" role=sponser`:    "did you mean sponsor?",
		"@plan":                             "no plan is named",
		"@plan x start=soon":                "there is no date soon",
		"@plan x key=acme":                  "acme is no project key",
		"@import":                           "want one file",
		"@restart now":                      "nothing may follow here: now (write: @restart)",
		"Ana: hola":                         "Ana is no id",
		"hola":                              "this is no statement",
		"ana says hola":                     "this is no statement",
		"ana:":                              "nothing follows :",
		"ana +":                             "nothing follows +",
		"ana file":                          "nothing follows file",
		`ana file "" firma`:                 "no file is named",
		"ana: caf\xe9":                      "not UTF-8",
		"ana ^":                             "nothing follows ^",
	} {
		_, err := Parse("s", []byte("# first\n"+line+"\nana: never read\n"))
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v", line, err)
			continue
		}
		if e.Line != 2 || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %q, want %q in it", line, err, want)
		}
	}
}

func TestClockAt(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	for _, c := range []struct{ now, line, want string }{
		{"2026-03-27T09:00:00+01:00", "@time +3d", "2026-03-30T09:00:00+02:00"}, // over the change to summer time
		{"2026-03-27T09:00:30+01:00", "@time +3d", "2026-03-30T09:00:30+02:00"},
		{"2026-03-28T09:00:00+01:00", "@time +24h", "2026-03-29T10:00:00+02:00"},
		{"2026-03-28T02:30:00+01:00", "@time +1d", "2026-03-29T03:00:00+02:00"}, // a time that is skipped
		{"2026-03-01T09:00:00+01:00", "@time 2026-03-29 02:30", "2026-03-29T03:00:00+02:00"},
		{"2026-03-01T09:00:00+01:00", "@time 2026-10-25 02:30", "2026-10-25T02:30:00+02:00"}, // one that is repeated
		{"2026-03-01T09:00:00+01:00", "@time +1w1h5m", "2026-03-08T10:05:00+01:00"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Parse("s", []byte(c.line))
		if err != nil {
			t.Fatal(err)
		}
		if got := list[0].Do.(Clock).At(now, madrid).In(madrid).Format(time.RFC3339); got != c.want {
			t.Errorf("%s at %s: got %s, want %s", c.line, c.now, got, c.want)
		}
	}
}

// FuzzParse: whatever the bytes, a script is read or refused with its line, and what is read names people by ids.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"@tz America/Bogota\n@time 2026-03-02 09:00\n@chat comite platform=whatsapp lang=es\n",
		"@member ana \"Ana \\\"A\\\" Ruiz\" side=vendor role=lead\n@plan a.toml start=2026-03-02 key=ACME\n",
		"ana: @timonel listo el 3\\nya\nana -> x\nana ^ y\nana + ✅\nana ! 2\nana # b\nana file \"a b\" c\n",
		"@down\n@time +1w2d3h4m\n@up\n@restart\n@import x\n# c\n\n", "\"", "@member x \"\\", "a file \"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Parse("s", data)
		lines := strings.Count(string(data), "\n") + 1
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Line < 1 || e.Line > lines || e.What == "" || strings.Contains(e.What, "\n") {
				t.Errorf("error %q", err)
			}
			return
		}
		last := 0
		for _, s := range list {
			if s.Line <= last || s.Line > lines {
				t.Errorf("line %d after %d of %d", s.Line, last, lines)
			}
			last = s.Line
			if who := Speaker(s.Do); who != "" && !isID(who) {
				t.Errorf("speaker %q", who)
			}
			if c, ok := s.Do.(Clock); ok {
				now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
				if c.Date.IsZero() && c.At(now, time.UTC).Before(now) {
					t.Errorf("%+v goes back", c)
				}
			}
		}
	})
}
