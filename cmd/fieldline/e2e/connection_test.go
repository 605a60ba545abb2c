package e2e_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
	"fieldline/element/simulator"
)

// connectionPage is the connector's page with the address, the path and the
// header.
const connectionPage = "/p/connection"

// opened makes an element for a device, waits until it is open and shows its
// connection page.
func opened(t *testing.T, s *e2e.Program, d *e2e.Device) (element.Element, *e2e.Tab) {
	t.Helper()
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID) + connectionPage)
	p.WaitText(lineWord, "Open")
	p.WaitText("[data-hop1-word]", "Live")
	return e, p
}

// edit opens a parameter's editor, which takes the focus.
func edit(p *e2e.Tab, parameter string) {
	p.Click("#e-" + parameter + " > summary")
	p.Until("the focus in the field", `document.activeElement.id === "f-`+parameter+`"`)
}

// set types a value into a parameter's editor and applies it.
func set(p *e2e.Tab, parameter, value string) {
	edit(p, parameter)
	p.Type("#f-"+parameter, value)
	p.Click("#e-" + parameter + " button.primary")
}

// clientClose finds how the client ended the only session.
func clientClose(code int) func([]simulator.Entry) bool {
	return func(log []simulator.Entry) bool {
		end := log[0].End
		return end != nil && end.By == "client" && end.Code == code
	}
}

func TestClosingIsSaidWithinASecondAndMendsItself(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	d.Refuse(503, nil, "restarting")
	began := time.Now()
	d.Send("how long news takes")
	p.WaitText("#event-list", "how long news takes")
	usual := time.Since(began) // on this machine, as busy as it is
	began = time.Now()
	d.Close(1011, "overload")
	p.WaitText("#event-list", "1011")
	p.Until("that it is not open", `document.querySelector('[data-conn="1"]').dataset.shape !== "open"`)
	if took := time.Since(began); took > max(time.Second, 4*usual) {
		t.Errorf("the page said so after %v, want at most 1 s or four times what other news takes, %v", took, usual)
	}
	p.WaitText("#event-list", "overload")
	p.WaitText(`[data-conn="1"] [data-part="cause"]`, "503")
	d.Refuse(0, nil, "")
	p.WaitText(lineWord, "Open")
	d.SawOpen(2)
}

func TestReconnectNowWinsOverTheWait(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	d.Refuse(503, nil, "restarting")
	d.Close(1012, "")
	// Some tries later the pause is longer than the test would like to wait.
	d.Saw("four refusals", func(log []simulator.Entry) bool { return len(log) >= 5 })
	p.WaitText(lineWord, "Not connected")
	d.Refuse(0, nil, "")
	p.Click(`[data-conn="1"] .hop-actions button`)
	p.WaitText(lineWord, "Open")
}

func TestNewAddressClosesTheOldConnectionAndOpensOne(t *testing.T) {
	first, second := e2e.StartDevice(t, quiet()), e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), first)
	set(p, "60", net.JoinHostPort(second.Host, portOf(second)))
	first.Saw("Close 1000", clientClose(1000))
	assertSeedHandshake(t, second.SawOpen(1))
	p.WaitText(`[data-conn="1"] [data-url]`, portOf(second))
	p.WaitText(lineWord, "Open")
	if a, b := len(first.Log()), len(second.Log()); a != 1 || b != 1 {
		t.Errorf("%d and %d connections, want one each", a, b)
	}
}

func TestWrongAddressIsOneLine(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	e, p := opened(t, serve(t, t.TempDir()), d)
	set(p, "60", "127.0.0.1:1")
	const refused = `[...document.querySelectorAll("#event-list > li")].filter((li) => li.querySelector("[data-kind]").textContent === "refused")`
	p.Until("three refusals in one line", refused+`.some((li) => /\b([3-9]|\d\d+) times since/.test(li.innerText))`)
	if n := e2e.Eval[int](p, refused+".length"); n != 1 {
		t.Errorf("%d lines of refusals, want one that counts", n)
	}
	// Live and loaded again: newest first, each line with the last of its moments.
	const times = `[...document.querySelectorAll("#event-list > li")].map((li) => Date.parse(li.querySelector("time").dateTime))`
	for _, how := range []string{"live", "loaded"} {
		if how == "loaded" {
			p.Reload()
			p.WaitText("[data-hop1-word]", "Live")
		}
		if at := e2e.Eval[[]int64](p, times); !slices.IsSortedFunc(at, func(a, b int64) int { return int(b - a) }) {
			t.Errorf("%s: the times of the list are %v, want newest first", how, at)
		}
	}
	if text := p.Text(`[data-conn="1"] [data-part="cause"]`); !strings.Contains(text, "refused") && !strings.Contains(text, "127.0.0.1:1") {
		t.Errorf("the cause reads %q", text)
	}
	if status := e2e.Eval[string](p, `document.querySelector('[data-conn="1"]').dataset.status`); status == "open" {
		t.Errorf("the connection of %s is %s", e.ID, status)
	}
}

// TestRefusalsAreOneLineForAPageThatWasAway: of the refusals meanwhile it only
// hears the last, which takes the place of one that it never saw.
func TestRefusalsAreOneLineForAPageThatWasAway(t *testing.T) {
	d, _, _, cable, p := behindCable(t, "")
	const refused = `[...document.querySelectorAll("#event-list > li")].filter((li) => li.querySelector("[data-kind]").textContent === "refused")`
	d.Refuse(503, nil, "restarting")
	d.Close(1012, "")
	p.Until("a refusal", refused+".length")
	cable.Cut()
	p.WaitText("[data-hop1-word]", "Server unreachable")
	d.Saw("three refusals", func(log []simulator.Entry) bool { return len(log) >= 4 })
	cable.Mend()
	p.Until("what came meanwhile", refused+`.some((li) => /\b([3-9]|\d\d+) times since/.test(li.innerText))`)
	if n := e2e.Eval[int](p, refused+".length"); n != 1 {
		t.Errorf("%d lines of refusals, want one that counts", n)
	}
}

func TestPathSurvivesAPowerCut(t *testing.T) {
	const path = "x-nmos/events/v1.0/ws?device=7"
	d := e2e.StartDevice(t, quiet())
	dir := t.TempDir()
	s := serve(t, dir)
	_, p := opened(t, s, d)
	p.Expect("WebSocket connection to", "net::ERR_")
	set(p, "50", path)
	p.WaitText(`[data-receipt="50"]`, "saved")
	p.Visible(`#p-50 [data-pending]`) // it takes effect at the next connect
	s.Kill()
	d.RequirePath("/x-nmos/events/v1.0/ws")
	again := e2e.StartAt(t, binary(t), s.Address(), "serve", "--data", dir)
	if got := d.SawOpen(2).RequestLine(); got != "GET /"+path+" HTTP/1.1" {
		t.Errorf("the device was asked %q", got)
	}
	// The page that was open comes back by itself and tells the truth.
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(`[data-p="50"] [data-value]`, path)
	p.WaitText(lineWord, "Open")
	again.Stop()
	d.Saw("Close 1001", func(log []simulator.Entry) bool {
		end := log[len(log)-1].End
		return end != nil && end.By == "client" && end.Code == 1001
	})
}
