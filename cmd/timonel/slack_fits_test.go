package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
	"timonel/internal/virtual/script"
	"timonel/steering/plan"
)

// hugePlan has 200 milestones in 20 stages, with names of 300 characters that hold emoji and what Slack would take for a
// mark; every tenth is a gate that both sides sign.
func hugePlan(t *testing.T) *plan.Plan {
	t.Helper()
	var b strings.Builder
	b.WriteString("key = \"huge\"\nname = \"" + long("Plan 👩🏽‍🚀 <!here> & *co*", 120) + "\"\nmode = \"implementation\"\nlanguage = \"es\"\n")
	for i := range 20 {
		fmt.Fprintf(&b, "\n[[stage]]\nkey = \"s%d\"\nname = %q\n", i, long(fmt.Sprintf("Etapa %d 🏗️ <@U1>", i), 300))
	}
	for i := range 200 {
		fmt.Fprintf(&b, "\n[[milestone]]\nid = \"m%d\"\nname = %q\nstage = \"s%d\"\nside = \"vendor\"\nweek = %d\n", i, long(fmt.Sprintf("Hito %d 🚀 <!channel> & <b> *x* _y_", i), 300), i/10, 1+i/40)
		if i%10 == 9 {
			b.WriteString("gate = true\nsignoff = [\"vendor\", \"client\"]\n")
		}
		if i >= 10 {
			fmt.Fprintf(&b, "depends_on = [\"m%d\"]\n", i-10)
		}
	}
	p, err := plan.Read("huge.toml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// long repeats words up to n characters.
func long(words string, n int) string {
	r := []rune(strings.Repeat(words+" · ", n/len([]rune(words))+1))
	return strings.TrimSpace(string(r[:n]))
}

// hugeStory lets a committee with such a plan see every kind of message and question.
const hugeStory = `@tz America/Bogota
@time 2026-03-02 08:30
@chat comite platform=slack lang=es
@member ana "Ana Ruiz" side=vendor role=lead
@member sofia "Sofía Pérez" side=client role=sponsor
@plan huge start=2026-03-02 key=HUGE
@time 2026-03-02 09:30
ana: @timonel ¿cómo vamos?
ana: @timonel lista
ana: @timonel mis pendientes
ana: @timonel ¿qué falta esta semana?
ana: @timonel mueve el 3
ana: @timonel no
ana: @timonel listo
ana: @timonel mueve hito al viernes
ana: @timonel ¿y si el 1 se atrasa tres semanas?
ana: @timonel mueve el 1 al 27 de marzo
sofia: @timonel mueve el 2 al 27 de marzo
ana ! Aceptar
ana: @timonel el 4 está bloqueado
ana: @timonel bloquea el 5 porque faltan accesos
ana: @timonel riesgo: <!channel> puede faltar el archivo
ana: @timonel manda el resumen
ana: @timonel muéstrame el cronograma
ana: @timonel manda el excel
ana: @timonel convoca comité para el jueves a las 10
ana: @timonel listo el 1, el 2, el 3, el 4 y el 5
ana: @timonel listo el 10
ana: @timonel ayuda
sofia: @timonel cancela el 7
ana -> mis pendientes
ana -> ¿cómo vamos?
@time 2026-03-06 16:02
@time 2026-03-09 09:02
ana: @timonel ¿qué está atrasado?
ana: @timonel ¿por qué se movió el go-live?
`

// TestEveryScreenFits lets Slack judge every message, form and page about 200 milestones with the longest names: it refuses
// none.
func TestEveryScreenFits(t *testing.T) {
	if testing.Short() {
		t.Skip("a huge project")
	}
	statements, err := script.Parse("huge.script", []byte(hugeStory))
	if err != nil {
		t.Fatal(err)
	}
	folder := fastFolder(t)
	synctest.Test(t, func(t *testing.T) {
		s := newTeller(t, folder)
		s.plan = hugePlan(t)
		for _, st := range statements {
			s.do(st)
		}
		ana := s.people["ana"]
		ana.OpensHome()
		s.idle()
		if _, err := ana.Person.Chooses(nil, "Nueva fecha"); err != nil {
			t.Fatal(err)
		}
		s.idle()
		form := ana.Modal()
		if form == nil {
			t.Fatal("no form for a new date")
		}
		ana.Fills(form, "Nueva fecha", "2026-05-20")
		s.idle()
		ana.Submits(form, map[string]string{"Motivo": long("porque 🤷 <!channel>", 2900)})
		s.idle()
		ana.Slash(s.room, "nuevo")
		s.idle()
		form = ana.Modal()
		if form == nil {
			t.Fatal("no form for a new project")
		}
		ana.Submits(form, map[string]string{"Nombre": long("Otro 🧨 <!here>", 300), "Plan": "cesla"})
		if p := form.Problems(); len(p) != 1 || form.Closed() {
			t.Errorf("a name that is too long: %q", p)
		}
		ana.Submits(form, map[string]string{"Nombre": long("Otro 🧨 <!here>", 120)})
		s.idle()
		s.quit()
		s.judge(t)
	})
}

var shapes = regexp.MustCompile(`invalid_[a-z]+|msg_[a-z_]+|"details"|"level":"error"`)

// judge holds that Slack refused nothing and that everything was shown.
func (s *teller) judge(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if shapes.MatchString(line) || strings.Contains(line, "asking in words instead") {
			t.Errorf("refused: %s", line)
		}
	}
	kinds, pings, most := map[fakeslack.SentKind]int{}, 0, 0
	for _, sent := range s.Sent() {
		kinds[sent.Kind]++
		if sent.Message != nil {
			most = max(most, len(sent.Message.Blocks))
		}
		for _, who := range sent.Pings {
			if who == "channel" || who == "here" || who == "everyone" || who == "U1" {
				pings++
			}
		}
	}
	if pings > 0 {
		t.Errorf("%d names pinged people", pings)
	}
	for _, k := range []fakeslack.SentKind{fakeslack.Posted, fakeslack.Whispered, fakeslack.Changed, fakeslack.Opened, fakeslack.Published} {
		if kinds[k] == 0 {
			t.Errorf("nothing was %s", k)
		}
	}
	t.Logf("%v taken by Slack, at most %d blocks in a message", kinds, most)
}

// newTeller makes a workspace whose connections live in virtual time.
func newTeller(t *testing.T, folder string) *teller {
	t.Helper()
	s := &teller{
		Cast: fakeslack.NewCast(t, fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events, Limits: true, Burst: 5, Ping: 25 * time.Second, OldClients: true}),
		t:    t, folder: folder, people: map[string]*fakeslack.Actor{}, names: map[string]string{}, zone: time.UTC,
	}
	s.line = s.Pipe()
	t.Cleanup(s.line.HTTP.CloseIdleConnections)
	return s
}
