package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

func TestHost(t *testing.T) {
	remote := func(o *Options) { o.ListenAddr, o.AllowRemote = "[::]:8080", true }
	lan := func(o *Options) { o.ListenAddr, o.AllowRemote = "10.0.0.5:8080", true }
	proxied := func(o *Options) { o.ExternalURL = "https://Portal.corp/lab/" }
	for _, c := range []struct {
		host   string
		change func(*Options)
		status int
	}{
		{"127.0.0.1:8080", nil, 200},
		{"127.0.0.1", nil, 200},
		{"127.9.9.9:1", nil, 200},
		{"localhost:8080", nil, 200},
		{"LOCALHOST", nil, 200},
		{"localhost.:8080", nil, 200},
		{"lab.localhost", nil, 200},
		{"[::1]:8080", nil, 200},
		{"[::1]", nil, 200},
		{"evil.example", nil, 421},
		{"localhost.evil.example", nil, 421},
		{"127.0.0.1.evil.example", nil, 421},
		{"10.0.0.5:8080", nil, 421},
		{"", nil, 421},
		{":8080", nil, 421},
		{"10.0.0.5:8080", lan, 200},
		{"10.0.0.6:8080", lan, 421},
		{"evil.example", lan, 421},
		{"10.0.0.6:8080", remote, 200},
		{"[2001:db8::1]:8080", remote, 200},
		{"evil.example", remote, 421},
		{"portal.corp", proxied, 200},
		{"portal.corp:443", proxied, 200},
		{"other.corp", proxied, 421},
	} {
		change := c.change
		if change == nil {
			change = func(*Options) {}
		}
		s := newSite(t, change)
		r := newRequest(t, http.MethodGet, "http://127.0.0.1/healthz")
		r.Host = c.host
		if w := s.serve(r); w.Code != c.status {
			t.Errorf("Host %q: %d, want %d", c.host, w.Code, c.status)
		}
	}
}

// TestOrigin tries writes, form posts and the socket from pages of all kinds.
func TestOrigin(t *testing.T) {
	const own, external = "http://127.0.0.1:8080", "https://portal.corp"
	s := newSite(t, func(o *Options) { o.ExternalURL = external + "/lab/" }).withElement(t)
	for _, c := range []struct {
		name, origin, site string
		allowed            bool
	}{
		{"a script", "", "", true},
		{"our page", own, "same-origin", true},
		{"our page without TLS", own, "", true},
		{"our page by the proxy", external, "same-origin", true},
		{"our page by the proxy, port named", external + ":443", "", true},
		{"typed by a person", "", "none", true},
		{"a foreign page", "https://evil.example", "cross-site", false},
		{"a foreign page without TLS", "http://evil.example", "", false},
		{"another port", "http://127.0.0.1:9090", "same-site", false},
		{"another port, no hint", "http://127.0.0.1:9090", "", false},
		{"the proxy's name without TLS", "http://portal.corp", "", false},
		{"a sandboxed frame", "null", "cross-site", false},
		{"null without a hint", "null", "", false},
		{"not an origin", "portal.corp", "", false},
		{"cross-site without Origin", "", "cross-site", false},
		{"file", "file://", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, target := range []struct{ method, path string }{
				{"POST", "/api/v1/elements/e1/start"},
				{"PATCH", "/api/v1/elements/e1"},
				{"POST", "/elements/e1/stop"},
				{"POST", "/elements/e1/parameters/51"},
				{"POST", "/connectors"},
				{"GET", "/live"},
			} {
				r := newRequest(t, target.method, own+target.path)
				if target.path == "/live" {
					r.Header.Set("Connection", "Upgrade")
					r.Header.Set("Upgrade", "websocket")
				}
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				if c.site != "" {
					r.Header.Set("Sec-Fetch-Site", c.site)
				}
				if w := s.serve(r); (w.Code == http.StatusForbidden) == c.allowed {
					t.Errorf("%s %s: %d, allowed should be %t", target.method, target.path, w.Code, c.allowed)
				}
			}
			r := newRequest(t, http.MethodGet, own+"/api/v1/elements")
			r.Header.Set("Origin", c.origin)
			if w := s.serve(r); w.Code != 200 {
				t.Errorf("reading: %d", w.Code)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		option, directive string
		framed            bool
	}{
		{"", "'none'", false},
		{"none", "'none'", false},
		{"self https://portal.corp", "'self' https://portal.corp", true},
		{"'self',https://*.corp:8443", "'self' https://*.corp:8443", true},
	} {
		s := newSite(t, func(o *Options) { o.FrameAncestors = c.option }).withElement(t)
		for _, path := range []string{"/", "/elements/e1", "/embed/elements/e1", "/api/v1/elements", "/nothing", "/api/nothing", "/healthz", "/metrics"} {
			h := s.ask(t, "GET", path, "").Header()
			csp := h.Get("Content-Security-Policy")
			if want := contentSecurityPolicy + c.directive; csp != want {
				t.Errorf("%s: policy %q, want %q", path, csp, want)
			}
			if got := h.Get("X-Frame-Options"); (got == "") != c.framed {
				t.Errorf("%s: X-Frame-Options %q with %q", path, got, c.option)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" ||
				h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Permissions-Policy") == "" ||
				h.Get("Cache-Control") != "no-store" || h.Get(HeaderRequestID) == "" {
				t.Errorf("%s: headers %v", path, h)
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for field, change := range map[string]func(*Options){
		"base-path":       func(o *Options) { o.BasePath = "x" },
		"external-url":    func(o *Options) { o.ExternalURL = "portal.corp" },
		"frame-ancestors": func(o *Options) { o.FrameAncestors = "https://a; script-src *" },
	} {
		m := newMemory()
		o := Options{Services: m.services()}
		change(&o)
		_, err := New(o)
		if e, ok := errors.AsType[*element.Error](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, bad := range []string{"/a//b", "/a/../b", "/a b", "//evil.example", "/a?b", "none self", "'self' x;y", "javascript://x", "https://a@b"} {
		m := newMemory()
		if _, err := New(Options{Services: m.services(), BasePath: bad}); err == nil {
			t.Errorf("base path %q was taken", bad)
		}
		if _, err := parseAncestors(bad); err == nil && strings.ContainsAny(bad, ";@'nj") {
			t.Errorf("frame ancestors %q were taken", bad)
		}
	}
}

func TestSecretsAreMaskedInLogs(t *testing.T) {
	s := newSite(t)
	s.ask(t, "GET", "/api/v1/elements?access_token=s3cret&limit=2", "")
	s.ask(t, "GET", "/api/v1/elements?a=%zz&token=s3cret", "")
	log := s.log.String()
	if strings.Contains(log, "s3cret") || !strings.Contains(log, "access_token=•••") || !strings.Contains(log, "limit=2") {
		t.Error(log)
	}
}

// TestPanic: one log line with the stack, and an answer that tells nothing.
func TestPanic(t *testing.T) {
	s := newSite(t)
	s.service.panics = true
	for _, path := range []string{"/api/v1/elements", "/"} {
		w := s.ask(t, "GET", path, "")
		id := w.Header().Get(HeaderRequestID)
		if w.Code != 500 || !strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), "goroutine") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if log := s.log.String(); strings.Count(log, "level=ERROR") != strings.Count(log, "request failed") || !strings.Contains(log, id) || !strings.Contains(log, "fake_test.go") {
			t.Errorf("%s", log)
		}
	}
	if n := strings.Count(s.log.String(), "level=ERROR"); n != 2 {
		t.Errorf("%d errors logged, want 2", n)
	}
}

func TestStatuses(t *testing.T) {
	s := newSite(t).withElement(t)
	for code, status := range map[element.Code]int{
		element.Invalid: 422, element.NotFound: 404, element.Conflict: 409, element.Unavailable: 503,
		element.TooLarge: 413, element.TooMany: 429, element.Forbidden: 403, element.Internal: 500,
	} {
		s.service.fails = element.Errorf(code, "Because.")
		for _, path := range []string{"/api/v1/elements/e1/parameters", "/elements/e1"} {
			w := s.ask(t, "GET", path, "")
			if shown := strings.Contains(w.Body.String(), "Because."); w.Code != status || shown != (code != element.Internal) {
				t.Errorf("%s %s: %d, want %d; the sentence is shown: %t", code, path, w.Code, status, shown)
			}
		}
	}
}

func TestConfirmsAreBounded(t *testing.T) {
	now := time.Unix(0, 0)
	c := newConfirms(func() time.Time { return now })
	i := intent{element: "e", target: element.Target{Parameter: 1}, value: element.Text("x")}
	first := c.ask(i)
	for range maxConfirms {
		c.ask(i)
	}
	if c.take(first, i) {
		t.Error("the oldest of too many tokens was good")
	}
	late := c.ask(i)
	now = now.Add(ConfirmFor)
	if c.take(late, i) {
		t.Error("an old token was good")
	}
	c.ask(i)
	if len(c.asked) != 1 || len(c.oldest) != 1 {
		t.Errorf("%d tokens, %d in order; old ones were kept", len(c.asked), len(c.oldest))
	}
}
