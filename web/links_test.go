package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestOutsideTheBasePath: what is beside the base path is not there, and the
// answer names where everything is; of the API as a problem.
func TestOutsideTheBasePath(t *testing.T) {
	s := newSite(t, under("/lab")).withElement(t)
	for _, c := range []struct {
		method, path string
		problem      bool
	}{
		{http.MethodGet, "/", false},
		{http.MethodGet, "/labs", false},
		{http.MethodGet, "/elements/e1", false},
		{http.MethodPost, "/elements", false},
		{http.MethodGet, "/healthz", false},
		{http.MethodGet, "/live", false},
		{http.MethodGet, "/LAB/", false},
		{http.MethodGet, "/apis", false},
		{http.MethodGet, "/api", true},
		{http.MethodGet, "/api/", true},
		{http.MethodGet, "/api/v1/elements", true},
		{http.MethodPost, "/api/v1/elements", true},
		{http.MethodDelete, "/api/v2/x", true},
	} {
		w := s.serve(newRequest(t, c.method, "http://127.0.0.1"+c.path))
		isProblem := w.Header().Get("Content-Type") == "application/problem+json"
		if w.Code != http.StatusNotFound || isProblem != c.problem || !strings.Contains(w.Body.String(), "below /lab/") {
			t.Errorf("%s %s: %d, problem %t: %s", c.method, c.path, w.Code, isProblem, w.Body)
		}
	}
	if w := s.serve(newRequest(t, http.MethodGet, "http://127.0.0.1/lab/api/v1/nothing")); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "below") {
		t.Errorf("what is not there below the base path: %d %s", w.Code, w.Body)
	}
}

// TestForwardedPrefix: a proxy that took a prefix off the path gets links that
// lead back through it; nobody else can say where links lead.
func TestForwardedPrefix(t *testing.T) {
	trusting := func(base string) func(*Options) {
		return func(o *Options) {
			o.BasePath, o.ListenAddr, o.AllowRemote = base, "0.0.0.0:8080", true
			o.TrustedProxies = []string{"127.0.0.9", "192.0.2.0/24", "2001:db8::/64"}
		}
	}
	for _, c := range []struct {
		name, base, peer string
		prefix           []string
		want             string
	}{
		{"this machine", "", "127.0.0.1:5", []string{"/lab"}, "/lab"},
		{"this machine by IPv6", "", "[::1]:5", []string{"/lab"}, "/lab"},
		{"with a slash", "", "127.0.0.1:5", []string{"/lab/"}, "/lab"},
		{"over a base path", "/x", "127.0.0.1:5", []string{"/lab/a"}, "/lab/a/x"},
		{"the base path itself", "/x", "127.0.0.1:5", []string{"/x"}, "/x"},
		{"with the base path", "/x", "127.0.0.1:5", []string{"/lab/x"}, "/lab/x"},
		{"a named network", "", "192.0.2.7:5", []string{"/lab"}, "/lab"},
		{"a named network, mapped", "", "[::ffff:192.0.2.7]:5", []string{"/lab"}, "/lab"},
		{"a named network of IPv6", "", "[2001:db8::1]:5", []string{"/lab"}, "/lab"},
		{"a stranger", "", "192.0.3.7:5", []string{"/lab"}, ""},
		{"a stranger of IPv6", "/x", "[2001:db8:1::1]:5", []string{"/lab"}, "/x"},
		{"none", "/x", "127.0.0.1:5", nil, "/x"},
		{"empty", "", "127.0.0.1:5", []string{""}, ""},
		{"a slash", "", "127.0.0.1:5", []string{"/"}, ""},
		{"another host", "", "127.0.0.1:5", []string{"//evil.example"}, ""},
		{"another site", "", "127.0.0.1:5", []string{"https://evil.example/"}, ""},
		{"a script", "", "127.0.0.1:5", []string{"javascript:alert(1)"}, ""},
		{"with a quote", "", "127.0.0.1:5", []string{`/"><script>`}, ""},
		{"upwards", "", "127.0.0.1:5", []string{"/lab/../.."}, ""},
		{"backslashes", "", "127.0.0.1:5", []string{`/\evil.example`}, ""},
		{"no slash", "", "127.0.0.1:5", []string{"lab"}, ""},
		{"escapes", "", "127.0.0.1:5", []string{"/%2f"}, ""},
		{"two", "", "127.0.0.1:5", []string{"/lab", "/other"}, ""},
		{"two in one", "", "127.0.0.1:5", []string{"/lab, /other"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, trusting(c.base)).withElement(t)
			ask := func(method, path, body, kind string) *httptest.ResponseRecorder {
				r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8080"+c.base+path, strings.NewReader(body))
				r.RemoteAddr = c.peer
				r.Header["X-Forwarded-Prefix"] = c.prefix
				r.Header.Set("Content-Type", kind)
				return s.serve(r)
			}
			page := ask(http.MethodGet, "/elements/e1", "", "").Body.String()
			for _, part := range []string{`data-socket="%/live"`, `href="%/static/css/`, `hx-post="%/elements/e1/`, `action="%/elements/e1/`, `<a class="mark" href="%/"`} {
				if part = strings.ReplaceAll(part, "%", c.want); !strings.Contains(page, part) {
					t.Errorf("the page lacks %s", part)
				}
			}
			const form = "application/x-www-form-urlencoded"
			if got := ask(http.MethodPost, "/elements/e1/start", "", form).Header().Get("Location"); got != c.want+"/elements/e1" {
				t.Errorf("a form leads to %q", got)
			}
			made := ask(http.MethodPost, "/api/v1/elements", `{"name":"Two","connector":"`+shipped+`","connections":[{"id":1,"host":"127.0.0.1"}]}`, "application/json")
			if got := made.Header().Get("Location"); !strings.HasPrefix(got, c.want+"/api/v1/elements/") {
				t.Errorf("what was made is at %q: %s", got, made.Body)
			}
			if got := ask(http.MethodGet, "/api/v1/openapi.json", "", "").Body.String(); !strings.Contains(got, `"url":"`+c.want+`/api/v1"`) {
				t.Errorf("the description of the API is of another address")
			}
		})
	}
	if _, err := New(Options{Services: newMemory().services(), TrustedProxies: []string{"portal.corp"}}); err == nil || !strings.Contains(err.Error(), "portal.corp") {
		t.Errorf("a name as a trusted proxy: %v", err)
	}
}
