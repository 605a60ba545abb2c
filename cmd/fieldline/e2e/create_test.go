package e2e_test

import (
	"strconv"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element/simulator"
)

// The connector that ships with the program: the one of DataMiner's use case
// "WebSocket connection with custom handshake and dynamic IP".
const (
	connectorName = "Generic WebSocket"
	seedHeader    = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
	seedRequest   = "GET /x-nmos/events/ws HTTP/1.1"
)

// quiet is a device that sends nothing by itself.
func quiet() simulator.Options { return simulator.Options{Interval: -1, Greeting: -1} }

// lineWord is where the line tells the state of the first connection.
const lineWord = `[data-conn="1"] [data-word]`

// connectionTab leads to the connector's second page.
const connectionTab = `.tabs a[href$="/connection"]`

// createByForm makes an element by the form, as a person does from the
// program's first page.
func createByForm(t *testing.T, p *e2e.Tab, base, name string, d *e2e.Device) {
	t.Helper()
	p.Open(base)
	p.Click("main a.button.primary")
	p.WaitText("main", connectorName)
	p.Until("the choice", "[...document.querySelectorAll('.choice a')].find((a) => a.textContent.includes('"+connectorName+"'))")
	p.Click(`.choice a[href*="Generic"]`)
	p.Type("#name", name)
	p.Type(`[id="c1.host"]`, d.Host)
	p.Type(`[id="c1.port"]`, portOf(d))
	p.Click("form.form button.primary")
	p.WaitText("h1", name)
}

// portOf is a device's port as a person types it.
func portOf(d *e2e.Device) string { return strconv.Itoa(d.Port) }

// assertSeedHandshake checks the bytes that the device received.
func assertSeedHandshake(t *testing.T, e simulator.Entry) {
	t.Helper()
	if e.RequestLine() != seedRequest {
		t.Errorf("request line %q, want %q", e.RequestLine(), seedRequest)
	}
	if e.Line("Sec-WebSocket-Extensions") != seedHeader {
		t.Errorf("header line %q, want %q", e.Line("Sec-WebSocket-Extensions"), seedHeader)
	}
	if n := strings.Count(strings.ToLower(e.Head), "sec-websocket-extensions:"); n != 1 {
		t.Errorf("%d such headers in\n%s", n, e.Head)
	}
}

func TestElementIsMadeByTheFormAndOpens(t *testing.T) {
	d := e2e.StartDevice(t, simulator.Options{})
	s := serve(t, t.TempDir())
	p := tab(t)
	createByForm(t, p, s.Base, "Studio 1", d)
	p.WaitText(lineWord, "Open")
	assertSeedHandshake(t, d.SawOpen(1))
	p.Click(connectionTab)
	p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/events/ws")
	p.Visible(`#event-list [data-group="message"]`) // the device greets
	p.Open(s.Base)
	p.WaitText(`[data-fleet="table"]`, "Studio 1")
}

func TestElementIsMadeWithoutScripts(t *testing.T) {
	d := e2e.StartDevice(t, simulator.Options{})
	s := serve(t, t.TempDir())
	p := tab(t, e2e.WithoutScripts)
	createByForm(t, p, s.Base, "Studio 1", d)
	assertSeedHandshake(t, d.SawOpen(1))
	p.Reload()
	p.WaitText(lineWord, "Open")

	p.Click(connectionTab)
	// A value is set by the same form, and the page is there again.
	p.Click("#e-50 > summary")
	p.Type("#f-50", "x-nmos/other")
	p.Click("#e-50 button.primary")
	p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/other")
}

func TestFormIsDrawnAgainWithItsErrors(t *testing.T) {
	s := serve(t, t.TempDir())
	p := tab(t)
	p.Expect("status of 422")
	p.Open(s.Base + "elements/new?connector=Generic+WebSocket")
	p.Type("#name", "Studio 1")
	p.Type(`[id="c1.host"]`, "a b")
	p.Type(`[id="c1.port"]`, "99999")
	p.Click("form.form button.primary")
	p.Visible(".error-summary")
	for field, typed := range map[string]string{"name": "Studio 1", "c1.host": "a b", "c1.port": "99999"} {
		if got := e2e.Eval[string](p, `document.getElementById("`+field+`").value`); got != typed {
			t.Errorf("the field %s holds %q, want what was typed: %q", field, got, typed)
		}
	}
	if p.Count(`[aria-invalid="true"]`) == 0 {
		t.Error("no field is marked")
	}
}
