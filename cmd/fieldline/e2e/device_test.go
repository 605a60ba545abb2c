package e2e_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
	"fieldline/element/simulator"
)

func TestBurstOfAddressesFolds(t *testing.T) {
	first, second := e2e.StartDevice(t, quiet()), e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, first)
	s.UntilOpen(e.ID, 1)
	second.Delay(500 * time.Millisecond) // so that the burst falls into one opening
	for range 10 {
		s.Set(e.ID, 61, net.JoinHostPort(second.Host, portOf(second)))
	}
	s.UntilOpen(e.ID, 2)
	first.Saw("Close 1000", clientClose(1000))
	second.Saw("one open session", func(log []simulator.Entry) bool {
		open := 0
		for _, e := range log {
			if e.Open() {
				open++
			}
		}
		return open == 1
	})
	if n := len(second.Log()); n > 2 {
		t.Errorf("%d connections for one burst, want at most 2", n)
	}
	if n := len(first.Log()); n != 1 {
		t.Errorf("%d connections to the first device", n)
	}
}

func TestManualElementWaitsForAPerson(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := e2e.API[element.Element](t, s, http.MethodPost, "elements", map[string]any{
		"name": "By hand", "connector": connectorName, "reconnect": "manual",
		"connections": []map[string]any{{"id": 1, "host": d.Host, "port": d.Port}},
	})
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText("[data-hop1-word]", "Live")
	d.Close(1000, "maintenance")
	p.WaitText(lineWord, "Closed")
	p.WaitText(`[data-conn="1"] [data-part="cause"]`, "maintenance")
	p.Click(`[data-conn="1"] .hop-actions button`)
	p.WaitText(lineWord, "Open")
	if n := len(d.Log()); n != 2 {
		t.Errorf("%d connections, want the first one and the one asked for", n)
	}
}

func TestHeaderIsSentAsWritten(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	set(p, "15", "permessage-deflate;client_max_window_bits")
	p.WaitText(`[data-receipt="15"]`, "saved")
	p.Click(`#p-15 [data-pending] button`)
	if got, want := d.SawOpen(2).Line("Sec-WebSocket-Extensions"), "Sec-WebSocket-Extensions: permessage-deflate;client_max_window_bits"; got != want {
		t.Errorf("the device received %q, want %q", got, want)
	}
	p.Until("that nothing waits any more", `document.querySelector("#p-15 [data-pending]").hidden`)
}

func TestHandshakePageShowsTheBytes(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	p.Click(`a[href$="/handshake/1"]`)
	p.WaitText("main", "101 Switching Protocols")
	entry := d.Log()[0]
	text := strings.ReplaceAll(e2e.Eval[string](p, `[...document.querySelectorAll("pre")].map((e) => e.textContent).join("\n")`), "\r", "")
	for _, want := range []string{entry.Head, entry.Answer} {
		if want = strings.TrimSpace(strings.ReplaceAll(want, "\r", "")); !strings.Contains(text, want) {
			t.Errorf("the page shows\n%s\nwithout\n%s", text, want)
		}
	}
}

// TestDeviceCannotScriptThePage sends what would run if the page took a
// device's words for markup; a script that runs complains, which fails the
// test.
func TestDeviceCannotScriptThePage(t *testing.T) {
	const evil = `<img src=x onerror="console.error('ran')"><script>console.error('ran')</script>"'><b id=injected>`
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := e2e.API[element.Element](t, s, http.MethodPost, "elements", map[string]any{
		"name": `Studio <b id=injected>1</b>`, "connector": connectorName,
		"connections": []map[string]any{{"id": 1, "host": d.Host, "port": d.Port}},
	})
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText("[data-hop1-word]", "Live")
	d.Send(evil)
	p.WaitText(`[data-p="200"] [data-value]`, "<img src=x")
	p.WaitText("#event-list", "<img src=x")
	d.Refuse(403, nil, evil)
	d.Close(4000, evil)
	p.WaitText("#event-list", "<img src=x")
	s.Until(e.ID, "the refusal", func(events []e2e.Event) bool { return e2e.Count(events, "refused") > 0 })
	for _, place := range []string{"elements/" + string(e.ID), "elements/" + string(e.ID) + "/handshake/1", ""} {
		p.Open(s.Base + place)
		p.Visible("h1")
		if p.Count("#injected") != 0 {
			t.Errorf("/%s takes words for markup", place)
		}
	}
}

func TestLargeAndBinaryMessages(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	p.WaitText("[data-hop1-word]", "Live")
	large := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	d.Send(large)
	d.SendBinary([]byte{0, 0xff, 'A', 0xfe})
	d.Send("and on")
	p.WaitText(`[data-p="200"] [data-value]`, "and on")
	p.Visible(`#event-list [data-group="message"] details`)
	events := s.Until(e.ID, "three messages", func(events []e2e.Event) bool { return e2e.Count(events, "message-in") == 3 })
	var got []string
	for _, event := range events {
		if event.Kind() == "message-in" {
			got = append(got, fmt.Sprint(event["opcode"], " ", event["size"], " ", event["truncated"]))
		}
	}
	if want := []string{"text 1.048576e+06 true", "binary 4 false", "text 6 false"}; strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("messages %q, want %q", got, want)
	}
	if n := e2e.Eval[int](p, "document.querySelector('#event-list').textContent.length"); n > 200_000 {
		t.Errorf("the list of events holds %d characters", n)
	}
}

func TestFiltersHideLines(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	d.Send("a message")
	p.Visible(`#event-list [data-group="message"]`)
	p.Click(`label:has([data-filter="message"])`)
	p.Until("no messages", `[...document.querySelectorAll('#event-list [data-group="message"]')].every((e) => !e.checkVisibility())`)
	p.Visible(`#event-list [data-group="connection"]`)
	p.Click(`label:has([data-filter="message"])`)
	p.Visible(`#event-list [data-group="message"]`)
}
