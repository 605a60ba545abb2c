package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

func TestTwoPeopleChangeOneSetting(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Expect("status of 409")
	edit(p, "50")
	p.Type("#f-50", "mine")
	s.Set(e.ID, 51, "theirs")
	p.WaitText(`[data-p="50"] [data-value]`, "theirs")
	p.Click("#e-50 button.primary")
	p.WaitText("#x-50", "somebody else")
	if got := s.Parameter(e.ID, 50).Value.String(); got != "theirs" {
		t.Errorf("the value is %q: one person overwrote the other unasked", got)
	}
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "mine" {
		t.Errorf("the field holds %q", got)
	}
	p.Click("#e-50 button.primary") // knowing it now
	p.WaitText(`[data-p="50"] [data-value]`, "mine")
}

func TestTypedTextOutlivesARestart(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	dir := t.TempDir()
	s := serve(t, dir)
	e, p := opened(t, s, d)
	p.Expect("WebSocket connection to", "net::ERR_")
	edit(p, "50")
	p.Type("#f-50", "not yet applied")
	s.Kill()
	p.Visible("[data-lost]")
	p.Until("that nothing can be sent", `document.querySelector("#e-50 button.primary").disabled`)
	again := e2e.StartAt(t, binary(t), s.Address(), "serve", "--data", dir)
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(lineWord, "Open")
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "not yet applied" {
		t.Errorf("the field holds %q", got)
	}
	p.Type("#f-50", "applied/now")
	p.Click("#e-50 button.primary")
	p.WaitText(`[data-p="50"] [data-value]`, "applied/now")
	if got := again.Parameter(e.ID, 50).Value.String(); got != "applied/now" {
		t.Errorf("the value is %q", got)
	}
}

func TestPageThatMissedThousandsShowsTheNewest(t *testing.T) {
	d, s, e, cable, p := behindCable(t, "")
	cable.Cut()
	p.Visible("[data-lost]")
	for i := range 3000 {
		d.Send(fmt.Sprintf("message %d.", i))
		if i%100 == 99 { // the device's own queue is bounded
			s.Until(e.ID, "the messages so far", func(events []e2e.Event) bool {
				last := events[len(events)-3:]
				return slices.ContainsFunc(last, func(ev e2e.Event) bool { return strings.Contains(fmt.Sprint(ev), fmt.Sprintf("message %d.", i)) })
			})
		}
	}
	cable.Mend()
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(`[data-p="200"] [data-value]`, "message 2999.")
	p.WaitText(`[data-p="201"] [data-value]`, "3000")
	p.WaitText("#event-list", "message 2999.")
	var all []int
	for _, event := range s.Events(e.ID) {
		seq, _ := event["seq"].(float64)
		all = append(all, int(seq))
	}
	got := seqs(p)
	if len(got) > len(all) || !slices.Equal(got, all[len(all)-len(got):]) {
		t.Errorf("the page lists\n%v\nthe program's newest are\n%v", got, all[max(0, len(all)-len(got)):])
	}
}

func TestOrdersWithoutScripts(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	for i, base := range []string{"elements/", "embed/elements/"} {
		t.Run(base, func(t *testing.T) {
			p := tab(t, e2e.WithoutScripts)
			p.Open(s.Base + base + string(e.ID))
			p.Click(`.controls form[action$="/stop"] button`)
			p.Visible(`[data-banner="stopped"]`)
			// Without scripts a page shows the moment it was drawn, which may
			// be that of the closing.
			s.Until(e.ID, "the closing", func(events []e2e.Event) bool { return e2e.Count(events, "closed") > i })
			p.Open(s.Base + base + string(e.ID))
			p.WaitText(lineWord, "Stopped")
			p.Click(`.controls form[action$="/start"] button`)
			p.WaitText("h1", "Studio 1")
			if !strings.Contains(p.URL(), "/"+base+string(e.ID)) {
				t.Errorf("the page left for %s", p.URL())
			}
		})
	}
}

func TestRefusedValueWithoutScripts(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	p := tab(t, e2e.WithoutScripts)
	p.Expect("status of 422")
	p.Open(s.Base + "elements/" + string(e.ID) + connectionPage)
	p.Click("#e-50 > summary")
	p.Type("#f-50", "with spaces in it")
	p.Click("#e-50 button.primary")
	p.WaitText("#x-50", "space")
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "with spaces in it" {
		t.Errorf("the field holds %q", got)
	}
}

func TestBrowsersNeverReachAcrossOrigins(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	p := tab(t)
	p.Expect("status of 403", "WebSocket connection to", "CORS", "net::ERR_")
	p.Open(page(t, "<p>a page of somebody else</p>"))
	post := fmt.Sprintf(`fetch(%q, {method: "POST", mode: "no-cors", body: new URLSearchParams({value: "stolen"})}).then(() => true, () => true)`,
		s.Base+"elements/"+string(e.ID)+"/parameters/51")
	e2e.Eval[bool](p, post)
	if got := s.Parameter(e.ID, 50).Value.String(); got != "x-nmos/events/ws" {
		t.Errorf("another site set the value to %q", got)
	}
	socket := fmt.Sprintf(`new Promise((done) => { const w = new WebSocket(%q); w.onopen = () => done("open"); w.onerror = () => done("refused"); })`,
		"ws://"+s.Address()+"/live")
	if got := e2e.Eval[string](p, socket); got != "refused" {
		t.Errorf("another site's socket is %s", got)
	}
}
