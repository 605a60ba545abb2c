package e2e_test

import (
	"fmt"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

// everywhere shows a page as it is on a desk and on a tablet, by day and by
// night, without loading it again: accessible, and not too wide.
func everywhere(t *testing.T, p *e2e.Tab, name string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		for _, width := range []int64{1280, 820} {
			p.Size(width, 1180)
			full := fmt.Sprintf("%s-%d-%s", name, width, scheme)
			p.Shoot(full)
			assertNoViolations(t, p, full)
			assertFits(t, p, full)
			assertPressable(t, p, full)
		}
	}
}

// opacity is how strongly the first element of a selector is drawn.
func opacity(p *e2e.Tab, selector string) float64 {
	return e2e.Eval[float64](p, "Number(getComputedStyle(document.querySelector(`"+selector+"`)).opacity)")
}

// TestLostServerIsSeen: what lies behind the first hop is not claimed, nothing
// can be sent, and the page says both.
func TestLostServerIsSeen(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	d.Send(`{"message_type":"state","payload":{"value":true}}`)
	cable := e2e.Lay(t, s.Address())
	overview, p := tab(t), tab(t)
	for _, p := range []*e2e.Tab{overview, p} {
		p.Expect("WebSocket connection to", "net::ERR_")
	}
	overview.Open(cable.Address(s.Base))
	overview.WaitText(`[data-fleet="table"]`, "Active")
	p.Open(cable.Address(s.Base + "elements/" + string(e.ID) + connectionPage))
	p.WaitText("[data-hop1-word]", "Live")
	edit(p, "50")
	p.Type("#f-50", "half typed")
	cable.Cut()
	p.WaitText("[data-hop1-word]", "Server unreachable")
	p.WaitText("[data-lost]", "changes cannot be sent")
	everywhere(t, p, "lost")
	if got := opacity(p, `[data-p="50"] .value`); got >= 1 {
		t.Errorf("a value is drawn with opacity %v: it looks fresh", got)
	}
	const orders = `[...document.querySelectorAll('form[data-write] button[type="submit"]')]`
	if !e2e.Eval[bool](p, orders+`.every((b) => b.disabled && b.title.includes("cannot be reached"))`) {
		t.Error("a button can be pressed, or does not say why not")
	}
	overview.Until("that it is lost", `document.documentElement.dataset.hop1State === "lost"`)
	for _, width := range []int64{1280, 820, 390, 320} {
		overview.Size(width, 844)
		overview.Shoot(fmt.Sprintf("lost-overview-%d", width))
		overview.WaitText("[data-hop-word]", "Server unreachable")
		assertFits(t, overview, "lost overview")
	}
	assertNoViolations(t, overview, "lost overview")
}

// TestOldValuesAreSeen: a device's values stay when it goes, and look old.
func TestOldValuesAreSeen(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "elements/" + string(e.ID))
	d.Send(`{"message_type":"state","payload":{"value":true}}`)
	p.WaitText(`[data-p="200"] [data-value]`, "message_type")
	d.Refuse(503, nil, "restarting")
	d.Close(1011, "overload")
	p.Visible(`[data-p="200"][data-stale] [data-stale-note]`)
	p.WaitText(`[data-p="200"] [data-stale-note] time`, "ago")
	everywhere(t, p, "stale")
	p.WaitText(`[data-p="200"] [data-value]`, "message_type")
	if got := opacity(p, `[data-p="200"] .value`); got >= 1 {
		t.Errorf("the old value is drawn with opacity %v", got)
	}
}

// TestOtherValueIsOffered: an editor in use says what the value became.
func TestOtherValueIsOffered(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	edit(p, "50")
	p.Type("#f-50", "half typed")
	s.Set(e.ID, 51, "by/somebody/else")
	p.WaitText("#e-50 [data-device-says]", "by/somebody/else")
	everywhere(t, p, "offered")
	const low = `[...document.querySelectorAll("#e-50 button")].filter((b) => b.checkVisibility() && b.getBoundingClientRect().height < 44).map((b) => b.textContent + " " + b.getBoundingClientRect().height)`
	if small := e2e.Eval[[]string](p, low); len(small) != 0 {
		t.Errorf("too small for a gloved finger: %q", small)
	}
}
