package e2e_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"fieldline/cmd/fieldline/e2e"
)

// page serves one HTML page under a strict policy.
func page(t *testing.T, html string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><html lang=en><title>t</title>" + html))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestTabActsLikeAPerson(t *testing.T) {
	p := tab(t)
	p.Open(page(t, `<input id=f value=old><button id=b>Go</button><p id=o>-</p>
<script>b.onclick = () => setTimeout(() => o.textContent = f.value, 30)</script>`))
	p.Type("#f", "new text")
	p.Click("#b")
	p.WaitText("#o", "new text")
	if got := p.Text("#o"); got != "new text" {
		t.Errorf("text %q", got)
	}
	p.Size(820, 1180)
	img, err := png.Decode(bytes.NewReader(p.Screenshot()))
	if err != nil || img.Bounds().Dx() != 820 || img.Bounds().Dy() != 1180 {
		t.Errorf("screenshot %v, %v", img.Bounds(), err)
	}
	for _, scheme := range []string{"dark", "light"} {
		p.Scheme(scheme)
		if !e2e.Eval[bool](p, "matchMedia('(prefers-color-scheme: "+scheme+")').matches") {
			t.Errorf("the scheme is not %s", scheme)
		}
	}
}

func TestTabWithoutScripts(t *testing.T) {
	p := tab(t, e2e.WithoutScripts)
	p.Open(page(t, `<p id=o>untouched</p><noscript><p id=n>no scripts</p></noscript><form action="/next"><input name=a id=f><button id=b>Go</button></form>
<script>o.textContent = "ran"</script>`))
	if got := p.Text("#o"); got != "untouched" {
		t.Errorf("a script ran: %q", got)
	}
	p.Visible("#n")
	p.Type("#f", "x")
	p.Click("#b")
	p.Until("the form's answer", "location.search === '?a=x'")
}

func TestComplaintsAreHeard(t *testing.T) {
	p := tab(t)
	p.Expect("console words", "thrown words", "Content Security Policy", "404")
	p.Open(page(t, `<meta http-equiv="Content-Security-Policy" content="img-src 'none'">
<script>console.error("console words"); setTimeout(() => { throw new Error("thrown words") })</script><img src="/a.png" alt=""><p id=o>.</p>`))
	for _, part := range []string{"console words", "thrown words", "Content Security Policy"} {
		p.UntilComplaint(part)
	}
}

func TestOffline(t *testing.T) {
	p := tab(t)
	p.Expect("Failed to load", "ERR_INTERNET_DISCONNECTED")
	p.Open(page(t, "<p>.</p>"))
	const fetched = "fetch('/').then(() => true, () => false)"
	p.Offline(true)
	if e2e.Eval[bool](p, fetched) || e2e.Eval[bool](p, "navigator.onLine") {
		t.Error("the page reached its server")
	}
	p.Offline(false)
	if !e2e.Eval[bool](p, fetched) || !e2e.Eval[bool](p, "navigator.onLine") {
		t.Error("the page did not reach its server again")
	}
}

func TestCableIsCutAndMended(t *testing.T) {
	url := page(t, "<p>.</p>")
	cable := e2e.Lay(t, strings.TrimPrefix(url, "http://"))
	p := tab(t)
	p.Expect("ERR_")
	p.Open(cable.Address(url))
	const fetched = "fetch('/').then(() => true, () => false)"
	for _, cut := range []bool{true, false} {
		if cut {
			cable.Cut()
		} else {
			cable.Mend()
		}
		if e2e.Eval[bool](p, fetched) == cut {
			t.Errorf("cut is %v, and yet", cut)
		}
	}
}

func TestCheckerFindsWhatIsWrong(t *testing.T) {
	p := tab(t)
	p.Open(page(t, `<main><h1>t</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input></main>`))
	var found []string
	for _, v := range p.Violations() {
		found = append(found, v.ID)
	}
	if !slices.Contains(found, "image-alt") || !slices.Contains(found, "label") {
		t.Errorf("found %q", found)
	}
}

func TestFrameIsRead(t *testing.T) {
	inner := page(t, "<h1>Inside</h1>")
	p := tab(t)
	p.Open(page(t, `<iframe title=f src="`+inner+`"></iframe>`))
	p.FrameText("iframe", "h1", "Inside")
}
