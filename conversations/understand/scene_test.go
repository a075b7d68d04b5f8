package understand

import (
	"testing"
	"time"

	"timonel/steering"
)

// planNames are the names and aliases of the corpora's plan, by language, in the order of the keys 1 to 10.
var planNames = map[string][][]string{
	"es": {{"Reunión de arranque", "kickoff"}, {"Datos de entrada", "listas", "plantilla de datos"}, {"Alcance firmado", "scope"}, {"Configuración del entorno", "setup"}, {"Definición de KPI", "indicadores"}, {"Migración de datos", "carga histórica"}, {"Capacitación de guardianes", "entrenamiento"}, {"Validación en homologación", "UAT"}, {"Fase piloto", "piloto"}, {"Go live", "salida en vivo", "puesta en marcha"}},
	"pt": {{"Reunião inicial", "kickoff"}, {"Dados de entrada", "listas", "planilha de dados"}, {"Escopo assinado", "scope"}, {"Configuração do ambiente", "setup"}, {"Definição de KPIs", "indicadores"}, {"Migração de dados", "carga histórica"}, {"Treinamento dos guardiões", "capacitação"}, {"Validação em homologação", "UAT"}, {"Fase piloto", "piloto"}, {"Go live", "entrada em produção", "virada"}},
	"en": {{"Kickoff meeting", "kickoff"}, {"Input data", "lists", "data template"}, {"Signed scope", "scope"}, {"Environment setup", "setup"}, {"KPI definition", "indicators"}, {"Data migration", "history load"}, {"Guardian training", "training"}, {"Acceptance testing", "UAT"}, {"Pilot phase"}, {"Go live", "launch", "cutover"}},
}

var planStages = map[string][]string{
	"es": {"Inicio", "Construcción", "Salida a producción"}, "pt": {"Início", "Construção", "Lançamento"}, "en": {"Start", "Build", "Rollout"},
}

var planDue = []string{"2026-03-04", "2026-03-06", "2026-03-13", "2026-03-20", "2026-03-20", "2026-03-27", "2026-04-03", "2026-04-10", "2026-04-24", "2026-05-04"}
var planSide = []string{"vendor", "client", "client", "vendor", "both", "vendor", "vendor", "client", "client", "both"}
var planOwner = []string{"ana", "bruno", "bruno", "dana", "ana", "dana", "dana", "bruno", "gus", "ana"}
var planSign = map[string]bool{"3": true, "5": true, "8": true, "10": true}

var committee = []Known{
	{"ana", "Ana Ruiz", "vendor", []steering.Role{"lead"}},
	{"dana", "Dana López", "vendor", []steering.Role{"member"}},
	{"bruno", "Bruno Díaz", "client", []steering.Role{"product_owner"}},
	{"sofia", "Sofía Pérez", "client", []steering.Role{"sponsor"}},
	{"gus", "Gustavo Lima", "client", []steering.Role{"guardian"}},
	{"olga", "Olga Mora", "", []steering.Role{"observer"}},
}

func day(s string) steering.Date {
	d, err := steering.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// corpusScene is the moment in which the corpora's cases are said.
func corpusScene(lang, speaker string) Scene {
	s := Scene{Language: lang, Now: time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC), Today: day("2026-03-10"), People: committee, Speaker: speaker,
		Stages: planStages[lang], Plans: []string{"cesla", "fieldpro-template", "fieldpro-custom", "onboarding", "flussonic", "kentana"}}
	for i, names := range planNames[lang] {
		n := Named{Key: itoa(i + 1), Name: names[0], Aliases: names[1:], Status: steering.Pending, Due: day(planDue[i]), Owner: planOwner[i]}
		n.SignOff = planSign[n.Key]
		s.Milestones = append(s.Milestones, n)
	}
	return s
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

var theModel *Model

func model(t testing.TB) *Model {
	t.Helper()
	if theModel == nil {
		m, err := Load()
		if err != nil {
			t.Fatal(err)
		}
		theModel = m
	}
	return theModel
}
