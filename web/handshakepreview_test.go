package web

import (
	"strings"
	"testing"

	"fieldline/element"
)

// TestHandshakePreviewAndTryOnThePage: both are answered with the page of handshakes,
// without scripts.
func TestHandshakePreviewAndTryOnThePage(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		for _, c := range []struct {
			name, method, path string
			busy               bool
			status             int
			has                []string
		}{
			{"plain", "GET", "/elements/e1/handshake/1", false, 200, []string{"Last failure", `action="` + base + `/elements/e1/handshake/1"`, "?show=sent"}},
			{"what would be sent", "GET", "/elements/e1/handshake/1?show=sent", false, 200, []string{"What would be sent now", "GET /x HTTP/1.1", "http://ruth:•••@proxy:3128", "The path is that of parameter 50."}},
			{"what would be sent to none", "GET", "/elements/e1/handshake/9?show=sent", false, 404, nil},
			{"try", "POST", "/elements/e1/handshake/1", false, 200, []string{"Tried just now", "403 Forbidden", "Last failure"}},
			{"try twice", "POST", "/elements/e1/handshake/1", true, 429, []string{"is being tried already", "Last failure"}},
			{"try none", "POST", "/elements/e1/handshake/x", false, 404, nil},
		} {
			s.service.trying = c.busy
			w := s.ask(t, c.method, c.path, "", "Content-Type", "application/x-www-form-urlencoded")
			body := w.Body.String()
			if w.Code != c.status {
				t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
			}
			for _, part := range c.has {
				if !strings.Contains(body, part) {
					t.Errorf("%s: %q is not on the page", c.name, part)
				}
			}
			checkAddresses(t, s, body)
		}
	}
}

func TestTooManyTriesByAPI(t *testing.T) {
	s := newSite(t).withElement(t)
	s.service.trying = true
	w := s.ask(t, "POST", "/api/v1/elements/e1/connections/1/try", "")
	if p := decoded[problem](t, w.Body); w.Code != 429 || p.Code != element.TooMany {
		t.Errorf("%d %+v", w.Code, p)
	}
	// A page of another origin cannot have it done.
	w = s.ask(t, "POST", "/elements/e1/handshake/1", "", "Origin", "http://evil.example")
	if w.Code != 403 {
		t.Errorf("from another origin: %d", w.Code)
	}
}
