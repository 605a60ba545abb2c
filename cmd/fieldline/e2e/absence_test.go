package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element/simulator"
)

// TestDeadNetworkIsNoticed holds every byte back: no end of connection tells
// the page, only silence (docs/browser-socket.md: 9 s).
func TestDeadNetworkIsNoticed(t *testing.T) {
	_, s, e, cable, p := behindCable(t, connectionPage)
	cable.Hold()
	p.WaitText("[data-hop1-word]", "Server unreachable")
	p.Visible("[data-lost]")
	p.Until("that nothing can be sent", `document.querySelector("#e-50 button.primary").disabled`)
	s.Set(e.ID, 51, "meanwhile")
	cable.Mend()
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(`[data-p="50"] [data-value]`, "meanwhile")
	p.Until("that it can be sent again", `!document.querySelector("#e-50 button.primary").disabled`)
}

func TestPageFromTheHistoryIsFresh(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Click(`.top-nav a[href$="/connectors"]`)
	p.WaitText("h1", "Connectors")
	s.Set(e.ID, 51, "while/away")
	p.Back()
	p.WaitText(`[data-p="50"] [data-value]`, "while/away")
	p.WaitText("[data-hop1-word]", "Live")
}

func TestCausesAreNamed(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	const cause = `[data-conn="1"] [data-part="cause"]`
	for i, status := range []int{401, 403, 404, 429, 500, 502} {
		d.Refuse(status, nil, "")
		if i == 0 {
			d.Close(1000, "")
		} else {
			p.Click(`[data-conn="1"] .hop-actions button`)
		}
		p.WaitText(cause, fmt.Sprint(status))
	}
	d.Refuse(0, nil, "")
	for address, words := range map[string]string{
		"127.0.0.1:1":                       "127.0.0.1:1",
		"wss://" + d.Host + ":" + portOf(d): "TLS",
	} {
		set(p, "60", address)
		p.WaitText(cause, words)
	}
	set(p, "60", d.Host+":"+portOf(d))
	p.WaitText(lineWord, "Open")
}

func TestSlowHandshakeIsShown(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	d.Delay(2 * time.Second)
	d.Close(1012, "")
	p.WaitText(lineWord, "Connecting")
	p.WaitText(lineWord, "Open")
	d.Saw("two sessions", func(log []simulator.Entry) bool { return len(e2e.Opened(log)) == 2 })
}
