package main

import (
	"strings"
	"testing"

	"timonel/internal/fakeslack"
)

// TestPeopleFromOutside lets somebody of another workspace in: they are the client's unless the lead says otherwise, and a
// channel in which they read is no internal one any more.
func TestPeopleFromOutside(t *testing.T) {
	w, stop := withProject(t)
	carla, diego := w.Outsider("Carla Souza"), w.Outsider("Diego Paz")
	carla.Joins(w.room)
	w.ana.ExpectText("Carla Souza", "no está en el proyecto")
	w.ana.Mentions(w.room, "@carla es sponsor")
	w.ana.ExpectText("Carla Souza", "lado cliente")
	carla.Mentions(w.room, "¿cómo vamos?")
	carla.ExpectText("ACME")

	internal := w.Place("interno", w.ana)
	w.ana.Mentions(internal, "este es el canal interno de ACME")
	w.ana.ExpectText("ACME")
	w.ana.Mentions(internal, "riesgo: el margen no alcanza")
	w.ana.ExpectText("el margen no alcanza")
	diego.Joins(internal)
	w.ana.Expect(func(s *fakeslack.Sent) bool {
		return s.Channel == w.ana.Direct() && strings.Contains(s.Text, "interno") && strings.Contains(s.Text, "personas de fuera")
	})
	w.Settled()
	w.Forget()
	w.ana.Mentions(internal, "¿qué riesgos hay?")
	if s := w.ana.Expect(func(s *fakeslack.Sent) bool { return s.Channel == internal }); strings.Contains(s.Text, "margen") {
		t.Errorf("a channel that is shared was told: %s", s.Text)
	}
	shared := w.Place("con-clientes", w.ana, carla)
	w.ana.Mentions(shared, "este es el canal interno de ACME")
	w.ana.ExpectText("no puede ser el canal interno")
	w.Settled()
	stop()
}
