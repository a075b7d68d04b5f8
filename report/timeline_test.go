package report

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/locale"
	"timonel/steering"
)

// project is a roll-out in trouble: two stages, a slip, something overdue, something blocked.
func project() *steering.Project {
	day := func(s string) steering.Date {
		d, err := steering.ParseDate(s)
		if err != nil {
			panic(err)
		}
		return d
	}
	p := &steering.Project{
		Key: "ACME", Name: "ACME · FieldPro para 12 tiendas", Mode: steering.ModeImplementation, Language: "es", Timezone: "America/Bogota",
		Start: day("2026-03-02"), Status: steering.ProjectActive,
		Stages: []steering.Stage{{Key: "s1", Name: "Inicio"}, {Key: "s2", Name: "Configuración y capacitación"}, {Key: "s3", Name: "Salida en vivo"}},
		Milestones: []*steering.Milestone{
			{Key: "1", Name: "Reunión de arranque", Stage: "s1", Status: steering.Done, Baseline: day("2026-03-04"), Due: day("2026-03-04"), DoneOn: day("2026-03-04")},
			{Key: "2", Name: "Archivo de datos firmado por el cliente", Stage: "s1", Gate: true, Status: steering.Pending, Baseline: day("2026-03-06"), Due: day("2026-03-13")},
			{Key: "3", Name: "Configuración del entorno", Stage: "s2", Status: steering.Blocked, BlockedBy: "accesos", Start: day("2026-03-09"), Baseline: day("2026-03-20"), Due: day("2026-03-27"), DependsOn: []string{"2"}},
			{Key: "4", Name: "Capacitación <b>de</b> guardianes 🎓 en todas las tiendas del norte y del sur del país", Stage: "s2", Status: steering.InProgress, Progress: 40, Baseline: day("2026-03-27"), Due: day("2026-03-27")},
			{Key: "5", Name: "Go-live", Stage: "s3", Gate: true, Status: steering.Pending, Baseline: day("2026-03-27"), Due: day("2026-04-10"), DependsOn: []string{"3", "4"}},
		},
	}
	p.Refresh(day("2026-03-18"))
	return p
}

func TestTimelinePictures(t *testing.T) {
	today := steering.NewDate(2026, 3, 18)
	for _, lang := range locale.Languages {
		p, say := project(), locale.For(lang)
		first, err := TimelinePNG(p, today, say)
		if err != nil {
			t.Fatal(err)
		}
		again, err := TimelinePNG(p, today, say)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Errorf("%s: the same project drew two pictures", lang)
		}
		img, err := png.Decode(bytes.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if w := img.Bounds().Dx(); w != pageWidth {
			t.Errorf("%s: the picture is %d pixels wide, want %v", lang, w, pageWidth)
		}
		if ink := inked(img.At, img.Bounds().Dx(), img.Bounds().Dy()); ink < 0.01 || ink > 0.5 {
			t.Errorf("%s: %.3f of the picture is drawn on", lang, ink)
		}
		if dir := os.Getenv("TIMONEL_KEEP_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "timeline-"+lang+".png"), first, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTimelineSVG(t *testing.T) {
	data, err := TimelineSVG(project(), steering.NewDate(2026, 3, 18), locale.For("es"))
	if err != nil {
		t.Fatal(err)
	}
	s := string(data)
	if !strings.Contains(s, "<svg") || strings.Contains(s, "<b>") {
		t.Errorf("no picture, or a name of the plan became markup: %.200s", s)
	}
}

// TestTimelineOfAnything draws plans that nobody foresaw: none, and very many.
func TestTimelineOfAnything(t *testing.T) {
	for _, n := range []int{0, 1, 200} {
		p := &steering.Project{Key: "X", Name: strings.Repeat("nombre muy largo 🚀 ", 20), Timezone: "UTC"}
		for i := range n {
			p.Milestones = append(p.Milestones, &steering.Milestone{
				Key: string(rune('A' + i%26)), Name: strings.Repeat("ñandú 漢字 \u202e", 30), Stage: "none", Status: steering.Pending,
				Due: steering.NewDate(2026, 3, 1).AddDays(i), Baseline: steering.NewDate(2026, 3, 1),
			})
		}
		p.Refresh(steering.NewDate(2026, 3, 18))
		if _, err := TimelinePNG(p, steering.NewDate(2026, 3, 18), locale.For("pt")); err != nil {
			t.Errorf("%d milestones: %v", n, err)
		}
	}
}

func BenchmarkTimelinePNG(b *testing.B) {
	p, say := project(), locale.For("es")
	for b.Loop() {
		if _, err := TimelinePNG(p, steering.NewDate(2026, 3, 18), say); err != nil {
			b.Fatal(err)
		}
	}
}

// inked is the share of the pixels that are not white.
func inked(at func(x, y int) color.Color, width, height int) float64 {
	drawn := 0
	for y := range height {
		for x := range width {
			if r, g, b, _ := at(x, y).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
				drawn++
			}
		}
	}
	return float64(drawn) / float64(width*height)
}
