package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

func TestBasePath(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir(), "--base-path", "/x")
	if !strings.HasSuffix(s.Base, "/x/") {
		t.Fatalf("listening on %s", s.Base)
	}
	p := tab(t)
	createByForm(t, p, s.Base, "Studio 1", d)
	p.WaitText(lineWord, "Open")
	p.Click(connectionTab)
	p.WaitText("[data-hop1-word]", "Live")
	set(p, "50", "x-nmos/below/x")
	p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/below/x")
	outside := e2e.Eval[[]string](p, `[...document.querySelectorAll("[href], [src], [action]")]
		.map((e) => e.getAttribute("href") || e.getAttribute("src") || e.getAttribute("action"))
		.filter((u) => u.startsWith("/") && !u.startsWith("/x/"))`)
	if len(outside) != 0 {
		t.Errorf("addresses outside the base path: %q", outside)
	}
}

func TestEmbeddedPage(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	s := serve(t, t.TempDir())
	e := s.Create("Studio 1", connectorName, d)
	s.UntilOpen(e.ID, 1)
	p := tab(t)
	p.Open(s.Base + "embed/elements/" + string(e.ID))
	p.WaitText("h1", "Studio 1")
	if n := p.Count("header.top, #rail"); n != 0 {
		t.Errorf("%d parts of the shell are there", n)
	}
	p.WaitText("[data-hop1-word]", "Live")
	p.Click(connectionTab)
	p.WaitText("[data-hop1-word]", "Live")
	set(p, "50", "x-nmos/embedded")
	p.WaitText(`[data-p="50"] [data-value]`, "x-nmos/embedded")
	if !strings.Contains(p.URL(), "/embed/") {
		t.Errorf("the page left its frame for %s", p.URL())
	}
}

// portal is a page of another origin with the embedded page in a frame.
func portal(t *testing.T) (*httptest.Server, *string) {
	t.Helper()
	var framed string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><html lang=en><title>Portal</title><iframe title=Studio width=900 height=700 src="` + framed + `"></iframe>`))
	}))
	t.Cleanup(s.Close)
	return s, &framed
}

func TestOnlyNamedPortalsMayFrame(t *testing.T) {
	d := e2e.StartDevice(t, quiet())
	site, framed := portal(t)
	dir := t.TempDir()
	s := serve(t, dir, "--frame-ancestors", "self "+site.URL)
	e := s.Create("Studio 1", connectorName, d)
	*framed = s.Base + "embed/elements/" + string(e.ID)
	p := tab(t)
	p.Open(site.URL)
	p.Expect("WebSocket connection to", "net::ERR_") // the program stops below
	p.FrameText("iframe", "h1", "Studio 1")
	p.FrameText("iframe", "[data-hop1-word]", "Live")
	s.Stop()

	s = serve(t, dir)
	*framed = s.Base + "embed/elements/" + string(e.ID)
	q := tab(t)
	q.Expect("frame-ancestors", "Framing")
	q.Open(site.URL)
	q.UntilComplaint("frame-ancestors")
}
