package e2e_test

import (
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
	"fieldline/element"
)

// pages are the pages that everybody meets, by a name for their pictures.
func pages(s *e2e.Program, id element.ID) map[string]string {
	return map[string]string{
		"overview":   s.Base,
		"element":    s.Base + "elements/" + string(id),
		"connection": s.Base + "elements/" + string(id) + connectionPage,
		"versions":   s.Base + "elements/" + string(id) + "/versions",
		"handshake":  s.Base + "elements/" + string(id) + "/handshake/1",
		"settings":   s.Base + "elements/" + string(id) + "/edit",
		"delete":     s.Base + "elements/" + string(id) + "/delete",
		"new":        s.Base + "elements/new",
		"form":       s.Base + "elements/new?connector=Generic+WebSocket",
		"connectors": s.Base + "connectors",
		"embed":      s.Base + "embed/elements/" + string(id),
	}
}

// TestPagesAreAccessibleAndFit checks each page at a desk and on a tablet, by
// day and by night: axe-core finds nothing, and nothing is wider than the
// window.
func TestPagesAreAccessibleAndFit(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	d.Send(`{"message_type":"state","payload":{"value":true}}`)
	for name, url := range pages(s, e.ID) {
		t.Run(name, func(t *testing.T) { assertLook(t, name, url) })
	}
	t.Run("edit", func(t *testing.T) {
		p := tab(t)
		p.Open(s.Base + "elements/" + string(e.ID) + connectionPage)
		edit(p, "50")
		p.Click("#d-50 > summary")
		assertNoViolations(t, p, "edit")
	})
	t.Run("broken line", func(t *testing.T) {
		d.Refuse(503, nil, "restarting")
		d.Close(1011, "overload")
		s.Until(e.ID, "a refusal", func(events []e2e.Event) bool { return e2e.Count(events, "refused") > 0 })
		assertLook(t, "broken", s.Base+"elements/"+string(e.ID))
		assertLook(t, "broken-overview", s.Base)
	})
}

func assertLook(t *testing.T, name, url string) {
	t.Helper()
	p := tab(t)
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		for _, size := range []struct {
			name          string
			width, height int64
		}{{"desk", 1280, 800}, {"tablet", 820, 1180}} {
			p.Size(size.width, size.height)
			p.Open(url)
			p.Visible("h1")
			full := strings.Join([]string{name, size.name, scheme}, "-")
			p.Shoot(full)
			assertNoViolations(t, p, full)
			assertFits(t, p, full)
			assertPressable(t, p, full)
		}
	}
}

// assertPressable: what a finger on the middle of a button or link meets is
// that button or link.
func assertPressable(t *testing.T, p *e2e.Tab, name string) {
	t.Helper()
	defer e2e.Eval[bool](p, "scrollTo(0, 0), true")
	for _, covered := range e2e.Eval[[]string](p, `[...document.querySelectorAll("a, button, summary")].filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length).flatMap((e) => {
		e.scrollIntoView({block: "center", inline: "center"});
		const b = e.getClientRects()[0];
		const met = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
		return !met || b.width <= 1 || b.bottom < 0 || e.contains(met) ? [] : [e.textContent.trim() + ": " + met.outerHTML.slice(0, 80)];
	})`) {
		t.Errorf("%s: something lies on %s", name, covered)
	}
}

func assertFits(t *testing.T, p *e2e.Tab, name string) {
	t.Helper()
	if wide := e2e.Eval[int](p, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("%s is %d px wider than the window", name, wide)
	}
}

func assertNoViolations(t *testing.T, p *e2e.Tab, name string) {
	t.Helper()
	for _, v := range p.Violations() {
		t.Errorf("%s: %s", name, v)
	}
}

// TestPagesFitATelephone checks that nothing is wider than a telephone, nor than
// a page at 400 % (WCAG 2.2, 1.4.10: 320 CSS pixels).
func TestPagesFitATelephone(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	d.Send(`{"message_type":"state","payload":{"value":true}}`)
	p := tab(t)
	for _, width := range []int64{390, 360, 320} {
		p.Size(width, 844)
		for name, url := range pages(s, e.ID) {
			full := fmt.Sprintf("%s-telephone-%d", name, width)
			p.Open(url)
			p.Visible("h1")
			p.Shoot(full)
			assertFits(t, p, full)
		}
	}
}

func TestStatesAreAccessible(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	for _, order := range []string{"pause", "stop"} {
		e2e.API[map[string]any](t, s, "POST", "elements/"+string(e.ID)+"/"+order, nil)
		assertLook(t, order, s.Base+"elements/"+string(e.ID))
	}
	p := tab(t)
	p.Expect("status of 422")
	p.Open(s.Base + "elements/new?connector=Generic+WebSocket")
	p.Type("#name", "Studio 1") // taken
	p.Type(`[id="c1.host"]`, "a b")
	p.Click("form.form button.primary")
	p.Visible(".error-summary")
	assertNoViolations(t, p, "form with errors")
	p.Shoot("form-errors")
}

func TestFirstRunIsAccessible(t *testing.T) {
	assertLook(t, "first", serve(t, t.TempDir()).Base)
}

func TestVendoredFileIsAsPublished(t *testing.T) {
	file, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	note, err := os.ReadFile("testdata/VENDOR.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum384(file)
	if want := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(string(note), want) {
		t.Errorf("VENDOR.md does not name the sum %s of axe.min.js", want)
	}
}
