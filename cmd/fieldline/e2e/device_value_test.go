package e2e_test

import (
	"fmt"
	"os"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element/simulator"
)

// level makes an element whose parameter 12 is what the device last sent, and
// shows its page.
func level(t *testing.T) (*e2e.Device, *e2e.Program, *e2e.Tab) {
	t.Helper()
	o := quiet()
	o.Path = "/"
	d := e2e.StartDevice(t, o)
	s := serve(t, t.TempDir())
	xml, err := os.ReadFile("testdata/level.xml")
	if err != nil {
		t.Fatal(err)
	}
	s.Upload(xml)
	e := e2e.API[struct{ ID string }](t, s, "POST", "elements", map[string]any{
		"name": "Desk", "connector": "E2E Level", "connections": []map[string]any{{"id": 0, "host": d.Host, "port": d.Port}},
	})
	d.SawOpen(1)
	p := tab(t)
	p.Open(s.Base + "elements/" + e.ID)
	p.WaitText(`[data-conn="0"] [data-word]`, "Open")
	p.WaitText("[data-hop1-word]", "Live")
	return d, s, p
}

const levelValue = `[data-p="12"] [data-value]`

func TestDeviceMovesAValueOnThePage(t *testing.T) {
	d, _, p := level(t)
	p.WaitText(levelValue, "not set yet")
	for i := range 20 {
		d.Send(fmt.Sprintf("-%d.5", i))
	}
	took := p.WaitText(levelValue, "-19.5")
	t.Logf("the page showed the last of 20 messages after %v", took)

	// What is not heard any more looks old, and keeps its value.
	d.Refuse(503, nil, "restarting")
	d.Drop()
	p.Until("an old value", `document.querySelector('[data-p="12"]').hasAttribute("data-stale")`)
	p.Visible(`[data-p="12"] [data-stale-note]`)
	p.WaitText(levelValue, "-19.5")
	d.Refuse(0, nil, "")
	d.SawOpen(2)
	p.WaitText(`[data-conn="0"] [data-word]`, "Open")
	d.Send("3")
	p.WaitText(levelValue, "3")
	p.Until("a fresh value", `!document.querySelector('[data-p="12"]').hasAttribute("data-stale")`)
}

func TestDeviceDoesNotTouchAFieldUnderEdit(t *testing.T) {
	d, _, p := level(t)
	d.Send("-6")
	p.WaitText(levelValue, "-6")
	edit(p, "12")
	p.Type("#f-12", "-4")
	for _, v := range []string{"-7", "-8", "-9"} {
		d.Send(v)
		p.WaitText(levelValue, v)
	}
	p.WaitText("#e-12 [data-device-says]", "-9")
	if got := e2e.Eval[string](p, `document.querySelector("#f-12").value`); got != "-4" {
		t.Errorf("the field holds %q", got)
	}
	p.Press("\r") // Enter applies what was typed
	p.WaitText(levelValue, "-4")
}

func TestValueOutOfRangeIsRefusedInPlace(t *testing.T) {
	d, _, p := level(t)
	p.Expect("status of 422")
	d.Send("-6")
	p.WaitText(levelValue, "-6")
	set(p, "12", "40")
	p.WaitText("#x-12", "12")
	if got := e2e.Eval[string](p, `document.querySelector("#f-12").value`); got != "40" {
		t.Errorf("the field holds %q", got)
	}
	p.WaitText(levelValue, "-6")
}

func TestFloodOfMessagesLeavesThePageUsable(t *testing.T) {
	d, _, p := level(t)
	const total = 2000
	sent := 0
	for sent < total {
		before := d.Log()[0].End
		if before != nil {
			t.Fatalf("the session ended: %+v", before)
		}
		for range simulator.MaxOutbox / 8 {
			sent++
			d.Send(fmt.Sprint(sent))
		}
		p.Until("some of the flood", fmt.Sprintf(`Number(document.querySelector('%s').textContent.replace(/[^0-9.]/g, "")) > %d`, levelValue, sent-simulator.MaxOutbox))
	}
	p.WaitText(levelValue, fmt.Sprint(sent))
	p.Click("#d-12 > summary")
	p.Visible("#d-12 .row-details")
}
