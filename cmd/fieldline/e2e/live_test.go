package e2e_test

import (
	"fmt"
	"slices"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
	"fieldline/element/simulator"
)

func TestTwoBrowsersShowTheSame(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, a := opened(t, s, d)
	b := tab(t)
	b.Open(s.Base + "elements/" + string(e.ID) + connectionPage)
	b.WaitText("[data-hop1-word]", "Live")
	set(a, "50", "x-nmos/by/a")
	for _, p := range []*e2e.Tab{a, b} {
		p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/by/a")
	}
	set(b, "50", "x-nmos/by/b")
	for _, p := range []*e2e.Tab{a, b} {
		p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/by/b")
	}
	if got := s.Parameter(e.ID, 50).Value.String(); got != "x-nmos/by/b" {
		t.Errorf("the API says %q", got)
	}
}

// seqs are the places in the stream of the lines that a page lists, ascending.
func seqs(p *e2e.Tab) []int {
	list := e2e.Eval[[]int](p, `[...document.querySelectorAll("#event-list > li")].map((li) => Number(li.dataset.event))`)
	slices.Sort(list)
	return list
}

// behindCable opens a page of a running element over a connection that can be
// cut, and waits until it is live.
func behindCable(t *testing.T, page string) (*e2e.Device, *e2e.Program, element.Element, *e2e.Cable, *e2e.Tab) {
	t.Helper()
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	cable := e2e.Lay(t, s.Address())
	p := tab(t)
	p.Expect("WebSocket connection to", "net::ERR_")
	p.Open(cable.Address(s.Base + "elements/" + string(e.ID) + page))
	p.WaitText("[data-hop1-word]", "Live")
	return d, s, e, cable, p
}

func TestCutPageResumesWithoutAHole(t *testing.T) {
	d, s, e, cable, p := behindCable(t, connectionPage)
	d.Send("before the cut")
	p.WaitText("#event-list", "before the cut")

	cable.Cut()
	p.Visible("[data-lost]")
	const during = 30
	for i := range during {
		d.Send(fmt.Sprintf("during the cut %d.", i))
	}
	s.Set(e.ID, 51, "x-nmos/changed/meanwhile")
	s.Until(e.ID, "the messages", func(events []e2e.Event) bool { return e2e.Count(events, "message-in") >= during+1 })
	cable.Mend()
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/changed/meanwhile")
	d.Send("after the cut")
	p.WaitText("#event-list", "after the cut")

	var want []int
	for _, event := range s.Events(e.ID) {
		if event.Kind() == "parameter" && event["parameter"] == 51.0 {
			continue // the page lists a set once: as the change of its read twin, 50
		}
		seq, _ := event["seq"].(float64)
		want = append(want, int(seq))
	}
	if got := seqs(p); !slices.Equal(got, want) {
		t.Errorf("the page lists\n%v\nthe program has\n%v", got, want)
	}
}

func TestFieldUnderEditIsNotTouched(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	edit(p, "50")
	p.Type("#f-50", "half a pa")
	s.Set(e.ID, 51, "by/somebody/else")
	p.WaitText(`[data-p="50"] [data-value]`, "by/somebody/else")
	p.WaitText("#e-50 [data-device-says]", "by/somebody/else")
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "half a pa" {
		t.Errorf("the field holds %q", got)
	}
	if got := e2e.Eval[string](p, "document.activeElement.id"); got != "f-50" {
		t.Errorf("the focus went to %q", got)
	}
	p.Click("#e-50 [data-take]")
	p.Until("the other value in the field", `document.querySelector("#f-50").value === "by/somebody/else"`)
}

func TestStoppingTellsDevicesAndPages(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	dir := t.TempDir()
	s := serve(t, dir)
	_, p := opened(t, s, d)
	p.Expect("WebSocket connection to", "net::ERR_")
	s.Stop() // expects exit status 0 in time, with the page open
	d.Saw("Close 1001", clientClose(1001))
	p.Visible("[data-lost]")
	e2e.StartAt(t, binary(t), s.Address(), "serve", "--data", dir)
	p.WaitText("[data-hop1-word]", "Live")
	p.WaitText(lineWord, "Open")
}

// TestAPathThatCannotBeDialledIsRefused: what cannot be reached later is said
// when it is set, and the connection stays as it was.
func TestAPathThatCannotBeDialledIsRefused(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Expect("status of 422")
	set(p, "50", "ftp://cam/x")
	p.WaitText("#x-50", "ftp")
	for _, width := range []int64{1280, 820} {
		p.Size(width, 1180)
		p.Shoot(fmt.Sprintf("path-refused-%d", width))
	}
	if got := s.Parameter(e.ID, 50).Value.String(); got != "x-nmos/events/ws" {
		t.Errorf("the value is %q", got)
	}
	if len(d.Log()) != 1 || !d.Log()[0].Open() {
		t.Error("the connection did not stay as it was")
	}
}

func TestRefusedValueStaysInTheField(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e, p := opened(t, s, d)
	p.Expect("status of 422")
	set(p, "50", "a path with spaces")
	p.WaitText("#x-50", "space")
	if got := e2e.Eval[string](p, `document.querySelector("#f-50").value`); got != "a path with spaces" {
		t.Errorf("the field holds %q", got)
	}
	if got := s.Parameter(e.ID, 50).Value.String(); got != "x-nmos/events/ws" {
		t.Errorf("the value is %q", got)
	}
	if len(d.Log()) != 1 || !d.Log()[0].Open() {
		t.Error("the connection did not stay as it was")
	}
}

func TestMessageIsSentAndItsAnswerShown(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	_, p := opened(t, serve(t, t.TempDir()), d)
	p.Click(`.tabs a[href$="/general"]`)
	p.WaitText("[data-hop1-word]", "Live")
	set(p, "100", `{"command":"health","timestamp":"1441974485:7"}`)
	p.WaitText(`[data-p="100"] [data-value]`, "1441974485:7")
	p.Click("#p-102 button")
	d.Saw("the message", func(log []simulator.Entry) bool {
		return len(log[0].Messages) == 1 && log[0].Messages[0].Data == `{"command":"health","timestamp":"1441974485:7"}`
	})
	p.WaitText(`[data-p="200"] [data-value]`, `"origin_timestamp":"1441974485:7"`)
	p.WaitText(`[data-p="201"] [data-value]`, "1")
}

func TestDemoMoves(t *testing.T) {
	s := e2e.Start(t, binary(t), "demo", "--device-listen", "127.0.0.1:0", "--data", t.TempDir())
	p := tab(t)
	p.Open(s.Base)
	p.Click(`[data-fleet="table"] a`)
	p.WaitText(lineWord, "Open")
	p.Until("two greetings", `document.querySelectorAll('#event-list [data-group="message"]').length >= 2`)
	p.Shoot("demo")
}
