package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
	"fieldline/element/simulator"
)

func TestOrdersFromThePage(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	button := func(order string) string { return `.controls form[action$="/` + order + `"] button` }
	p.Click(button("stop"))
	d.Saw("Close 1001", clientClose(1001))
	p.WaitText(lineWord, "Stopped")
	p.Visible(`[data-banner="stopped"]`)
	p.Click(button("start"))
	p.WaitText(lineWord, "Open")
	d.SawOpen(2)
	p.Click(button("pause"))
	p.Visible(`[data-banner="paused"]`)
	if !d.SawOpen(2).Open() {
		t.Error("pausing closed the connection")
	}
	p.Click(button("restart"))
	d.SawOpen(3)
	p.WaitText(lineWord, "Open")
}

func TestSettingsMoveTheElement(t *testing.T) {
	first, second := e2e.StartDevice(t, quiet()), e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, first)
	p.Click(`.controls a[href$="/edit"]`)
	p.Type("#name", "Studio 2")
	p.Type(`[id="c1.port"]`, portOf(second))
	p.Click("form.form button.primary")
	p.WaitText("h1", "Studio 2")
	first.Saw("Close 1000", clientClose(1000))
	second.SawOpen(1)
	p.WaitText(lineWord, "Open")
	if got := e2e.API[element.Element](t, s, http.MethodGet, "elements/"+string(e.ID), nil).Name; got != "Studio 2" {
		t.Errorf("the API says %q", got)
	}
}

func TestDeletingAsksAndTellsOtherPages(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	overview := tab(t)
	overview.Open(s.Base)
	overview.WaitText(`[data-fleet="table"]`, "Studio 1")
	p.Open(s.Base + "elements/" + string(e.ID) + "/edit")
	p.Click(`a[href$="/delete"]`)
	p.WaitText("main", "Studio 1")
	p.Click(`main form button[type="submit"]`)
	d.Saw("the end of the session", func(log []simulator.Entry) bool { return log[0].End != nil && log[0].End.By == "client" })
	overview.Until("the element is gone", `document.querySelector('[data-el="`+string(e.ID)+`"]') === null`)
	if status, _ := s.Call(http.MethodGet, "elements/"+string(e.ID), nil); status != http.StatusNotFound {
		t.Errorf("the element answers %d", status)
	}
}

func TestOverviewMoves(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	p := tab(t)
	p.Open(s.Base)
	p.WaitText("h1", "No elements yet")
	e := s.Create("Studio 1", connectorName, d)
	row := `tr[data-el="` + string(e.ID) + `"] [data-el-word]`
	p.WaitText(row, "Active") // the first element is there without a reload
	d.Refuse(503, nil, "restarting")
	d.Close(1011, "overload")
	p.WaitText(row, "Connecting")
	d.Refuse(0, nil, "")
	p.WaitText(row, "Active")
}

func TestConnectorsAreUploaded(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t)
	p.Expect("status of 422")
	p.Open(s.Base + "connectors")
	p.Upload("#upload-file", "testdata/level.xml")
	p.Click(".upload button")
	p.WaitText("main", "E2E Level")

	bad := filepath.Join(t.TempDir(), "bad.xml")
	if err := os.WriteFile(bad, []byte("<Protocol>\n<Name>Half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Open(s.Base + "connectors")
	p.Upload("#upload-file", bad)
	p.Click(".upload button")
	p.WaitText("h1", "was refused")
	assertNoViolations(t, p, "refused")
}

func TestWrongPlacesSayWhatToDo(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t)
	p.Expect("status of 404")
	for _, place := range []string{"elements/nope", "nowhere", "connectors/None/1"} {
		p.Open(s.Base + place)
		p.Visible("h1")
		if n := p.Count(`main a[href="/"], header a[href="/"]`); n == 0 {
			t.Errorf("%s leads nowhere", place)
		}
		assertNoViolations(t, p, place)
	}
}

func TestKeyboardAlone(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	_, p := opened(t, s, d)
	p.Focus("#e-50 > summary")
	p.Press("\r")
	p.Until("the focus in the field", `document.activeElement.id === "f-50"`)
	p.Press("x")
	p.Press("\u001b") // Escape reverts
	p.Until("the editor closed", `!document.querySelector("#e-50").open`)
	if got := e2e.Eval[string](p, `document.activeElement.closest("#e-50") ? "kept" : document.activeElement.outerHTML`); got != "kept" {
		t.Errorf("the focus is lost to %s", got)
	}
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "x-nmos/events/ws" {
		t.Errorf("the field holds %q", got)
	}
	p.Press("\r")
	p.Until("the focus in the field", `document.activeElement.id === "f-50"`)
	p.Type("#f-50", "by/keyboard")
	p.Press("\r")
	p.WaitText(`[data-p="50"] [data-value]`, "by/keyboard")
}

// TestFirstKeystrokeIsNotLost opens an editor by mouse and by keyboard: what is
// typed next, without a wait, replaces the value.
func TestFirstKeystrokeIsNotLost(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	const opened = `(document.querySelector("#e-50 > summary").click(),
		document.activeElement.id + " " + document.getSelection().toString())`
	if got := e2e.Eval[string](p, opened); got != "f-50 x-nmos/events/ws" {
		t.Errorf("right after the click focus and selection are %q", got)
	}
	p.Press("\u001b")
	p.Until("the editor closed", `!document.querySelector("#e-50").open`)
	p.Press("\r")
	p.Press("y")
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "y" {
		t.Errorf("the field holds %q", got)
	}
}

// TestNextConnectIsSaidOnce counts how often an open editor says when a change
// takes effect, before the change and after it.
func TestNextConnectIsSaidOnce(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	said := func(when string) {
		t.Helper()
		if n := strings.Count(p.Text("#p-50"), "next connect"); n != 1 {
			t.Errorf("%s it is said %d times: %s", when, n, p.Text("#p-50"))
		}
	}
	edit(p, "50")
	said("before a change")
	p.Type("#f-50", "x-nmos/other")
	p.Press("\r")
	p.Visible("#p-50 [data-pending]")
	edit(p, "50")
	said("after a change")
}

func TestOfflineTabComesBack(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Expect("net::ERR_", "WebSocket connection to")
	p.Offline(true)
	s.Set(e.ID, 51, "while/offline")
	p.Offline(false)
	p.WaitText(`[data-p="50"] [data-value]`, "while/offline")
	p.WaitText("[data-hop1-word]", "Live")
}
