package stage_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"timonel/conversations/understand"
	"timonel/internal/virtual"
	"timonel/internal/virtual/stage"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/web"
)

// browserTime bounds one story in the browser; a page that does not show what it should in that time never will.
const browserTime = 90 * time.Second

func serveDemo(t *testing.T, lang string) string {
	t.Helper()
	model, err := understand.Load()
	if err != nil {
		t.Fatal(err)
	}
	plans, err := plan.Open("")
	if err != nil {
		t.Fatal(err)
	}
	world, err := stage.Open(t.Context(), virtual.Options{Plans: plans, Policy: steering.DefaultPolicy(), Model: model}, "", lang)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := web.Demo(world)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

// browser opens headless Chromium at a phone's size, or skips the test and says how to have one.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: install it (on Debian: apt-get install chromium) to run the browser's tests")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(412, 892),
		chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, browserTime)
	t.Cleanup(cancel)
	return ctx
}

// page is the demo in the browser; a step that fails ends the test.
type page struct {
	t   *testing.T
	ctx context.Context
}

// eval runs a script on the page.
func (p page) eval(script string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("(() => { "+script+"; return true })()")); err != nil {
		p.t.Fatalf("run %s: %v", script, err)
	}
}

// until waits until an expression is true on the page.
func (p page) until(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression)); err != nil {
		p.t.Fatalf("wait for %s: %v", expression, err)
	}
}

func (p page) number(expression string) int {
	p.t.Helper()
	n, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](expression))
	if err != nil {
		p.t.Fatalf("count %s: %v", expression, err)
	}
	return n
}

// write says something as a member and waits until the newest message of the bot contains the answer.
func (p page) write(as, text, answer string) {
	p.t.Helper()
	p.eval(`document.getElementById("as").value = ` + strconv.Quote(as))
	p.eval(`document.getElementById("text").value = ` + strconv.Quote(text))
	p.eval(`document.querySelector("#composer button[type=submit]").click()`)
	p.answered(answer)
}

func (p page) answered(answer string) {
	p.t.Helper()
	p.until(`[...document.querySelectorAll(".msg.bot .text")].pop()?.textContent.includes(` + strconv.Quote(answer) + `)`)
}

// TestDemoOnAPhone steers a project from the page as somebody would: speaks, taps, looks at the project, moves the clock,
// changes the language.
func TestDemoOnAPhone(t *testing.T) {
	p := page{t, browser(t)}
	if err := chromedp.Do(p.ctx, chromedp.Navigate(serveDemo(t, "es"))); err != nil {
		t.Fatal(err)
	}
	p.until(`document.querySelectorAll(".msg.bot").length > 3`)
	p.write("bruno", "@timonel ¿podemos pasar el alcance al viernes 20?", "Propuesta 2")
	p.eval(`document.getElementById("as").value = "ana"; [...document.querySelectorAll(".msg.bot")].pop().querySelector("button.primary").click()`)
	p.answered("Propuesta 2 aceptada")
	hostile := `<img src=x onerror="document.title='broken'"> *_~ <!channel>`
	p.write("ana", "@timonel riesgo: "+hostile, hostile)
	p.write("sofia", "@timonel muéstrame el cronograma", "Cronograma")
	if n := p.number(`document.querySelectorAll(".msg.bot img").length`); n == 0 {
		t.Error("the timeline that was asked for is not shown")
	}
	p.eval(`document.getElementById("next").click()`)
	p.until(`!document.getElementById("now").textContent.includes("17 mar")`)
	p.eval(`document.querySelector("nav button[data-tab=project]").click()`)
	p.until(`document.getElementById("timeline").naturalWidth > 0 && document.getElementById("milestones").offsetHeight > 0`)
	if n := p.number(`document.querySelectorAll("#milestones td.date").length`); n < 10 {
		t.Errorf("%d milestones are listed", n)
	}
	if wide := p.number(`document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("the page is %d pixels wider than a phone", wide)
	}
	if picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err != nil {
		t.Error(err)
	} else {
		keep(t, "demo-phone.png", picture)
	}
	p.eval(`const s = document.getElementById("language"); s.value = "pt"; s.dispatchEvent(new Event("change"))`)
	p.until(`document.documentElement.lang === "pt" && document.getElementById("project-name").textContent.includes("Cafezal")`)
	if title, err := chromedp.Run(p.ctx, chromedp.Title()); err != nil || title != "Timonel" {
		t.Errorf("the page's title is %q, %v: text that a person wrote ran as a script", title, err)
	}
}

// keep writes a picture for the eyes of whoever asks for it by TIMONEL_KEEP_PICTURES.
func keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	if dir := os.Getenv("TIMONEL_KEEP_PICTURES"); dir != "" && picture != nil {
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
			t.Error(err)
		}
	}
}
