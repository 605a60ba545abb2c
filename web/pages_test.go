package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/static"
)

func TestPages(t *testing.T) {
	for _, base := range bases() {
		t.Run("base "+base, func(t *testing.T) {
			s := newSite(t, under(base)).withElement(t)
			for _, c := range []struct {
				path   string
				status int
				has    string
			}{
				{"/", 200, "Lab &lt;1&gt;"},
				{"/elements/new", 200, "Generic WebSocket"},
				{"/elements/new?connector=Generic+WebSocket", 200, `name="c1.host"`},
				{"/elements/new?connector=none", 404, "none"},
				{"/elements/e1", 200, "Path"},
				{"/elements/e1/p/more", 200, "Lab &lt;1&gt;"},
				{"/elements/e1/p/none", 404, "no page"},
				{"/elements/none", 404, "none"},
				{"/elements/e1/edit", 200, `value="127.0.0.1:8050"`},
				{"/elements/e1/delete", 200, `name="confirm"`},
				{"/elements/e1/handshake/1", 200, "401"},
				{"/elements/e1/handshake/2", 404, "no connection"},
				{"/embed/elements/e1", 200, "Path"},
				{"/embed/elements/e1/more", 200, "Lab &lt;1&gt;"},
				{"/connectors", 200, "Generic WebSocket"},
				{"/connectors/Lab%2F%C3%9Cnit%20100%25/1.0", 200, "Lab/Ünit 100%"},
				{"/connectors/Generic%20WebSocket/1.0.0.1?severity=critical", 200, `aria-current="true">critical only`},
				{"/connectors/Generic%20WebSocket/1.0.0.1?severity=none", 200, "no Protocol"},
				{"/nothing", 404, "nothing at this address"},
			} {
				w := s.ask(t, "GET", c.path, "")
				body := w.Body.String()
				if w.Code != c.status || !strings.Contains(body, c.has) {
					t.Errorf("%s: %d, want %d with %q", c.path, w.Code, c.status, c.has)
				}
				if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "text/html") || !slices.Contains(w.Header().Values("Vary"), "HX-Request") {
					t.Errorf("%s: headers %v", c.path, w.Header())
				}
				checkAddresses(t, s, body)
			}
		})
	}
}

var address = regexp.MustCompile(`(?:href|src|action|data-socket)="([^"]*)"`)

// checkAddresses: each address of a page is under the base path.
func checkAddresses(t *testing.T, s *site, body string) {
	t.Helper()
	for _, m := range address.FindAllStringSubmatch(body, -1) {
		if to := m[1]; !strings.HasPrefix(to, s.base+"/") && !strings.HasPrefix(to, "#") {
			t.Errorf("the address %q is not under %q", to, s.base)
		}
	}
}

func TestBaseWithoutSlashLeadsHome(t *testing.T) {
	s := newSite(t, under("/x/"))
	if w := s.ask(t, "GET", "?a=1", ""); w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != "/x/?a=1" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
}

// TestShortenedAddressLeadsHome: who takes the id off the address of an element
// comes to the list of them.
func TestShortenedAddressLeadsHome(t *testing.T) {
	for _, base := range bases() {
		w := newSite(t, under(base)).ask(t, "GET", "/elements", "")
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != base+"/" {
			t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
		}
	}
}

func TestAssets(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base))
		for _, name := range static.Names() {
			path := strings.TrimPrefix(s.links.direct.Asset(name), base)
			w := s.ask(t, "GET", path, "", "Accept-Encoding", "br, gzip;q=0.8")
			h := w.Header()
			if w.Code != 200 || h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: %d %v", path, w.Code, h)
			}
			for _, known := range []string{`"old", ` + h.Get("ETag"), "W/" + h.Get("ETag"), "*"} {
				if again := s.ask(t, "GET", path, "", "Accept-Encoding", "gzip", "If-None-Match", known); again.Code != 304 {
					t.Errorf("%s known as %s: %d", path, known, again.Code)
				}
			}
			if again := s.ask(t, "GET", path, "", "Accept-Encoding", "gzip", "If-None-Match", h.Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
				t.Errorf("%s again: %d", path, again.Code)
			}
			plain := s.ask(t, "GET", path, "", "Accept-Encoding", "gzip;q=0")
			if plain.Header().Get("Content-Encoding") != "" || plain.Header().Get("ETag") == h.Get("ETag") != (h.Get("Content-Encoding") == "") {
				t.Errorf("%s plain: %v", path, plain.Header())
			}
		}
		if w := s.ask(t, "GET", "/static/none.css", ""); w.Code != 404 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("no file: %d", w.Code)
		}
	}
}

// TestForms posts each form as a browser without scripts does.
func TestForms(t *testing.T) {
	const connection = "&c1.host=10.0.0.1&c1.port=80&c1.timeoutMs=1500&c1.retries=3&c1.busAddress="
	for _, base := range bases() {
		t.Run("base "+base, func(t *testing.T) {
			s := newSite(t, under(base)).withElement(t)
			for _, c := range []struct {
				name, path, form string
				status           int
				to               string // Location under the base path
				has              string
			}{
				{"make", "/elements", "name=New&connector=Generic+WebSocket&version=1.0.0.1&reconnect=manual&start=true" + connection, 303, "/elements/e2", ""},
				{"no connector", "/elements", "name=New", 422, "", "Generic WebSocket"},
				{"no name", "/elements", "name=+&connector=Generic+WebSocket&version=&reconnect=manual" + connection, 422, "", "needs a name"},
				{"no number", "/elements", "name=N&connector=Generic+WebSocket&c1.host=h&c1.port=eighty", 422, "", "eighty"},
				{"no address", "/elements", "name=N&connector=Generic+WebSocket&c1.host=a+b", 422, "", "has a space"},
				{"edit", "/elements/e1/edit", "name=Lab" + connection, 303, "/elements/e1", ""},
				{"edit at the element", "/elements/e1", "name=Lab" + connection, 303, "/elements/e1", ""},
				{"edit refused", "/elements/e1/edit", "name=Lab&c1.host=10.0.0.1&c1.port=70000", 422, "", "is not a port"},
				{"edit none", "/elements/none/edit", "name=Lab", 404, "", "none"},
				{"set", "/elements/e1/parameters/51", "value=a/b", 303, "/elements/e1", ""},
				{"set on a page", "/elements/e1/parameters/51", "value=a/b&page=more", 303, "/elements/e1/p/more", ""},
				{"set in a frame", "/elements/e1/parameters/51", "value=a/b&page=more&embed=1", 303, "/embed/elements/e1/more", ""},
				{"set refused", "/elements/e1/parameters/51", "value=a+b%3Cx", 422, "", "a b&lt;x"},
				{"set if not", "/elements/e1/parameters/51", "value=a&ifValue=z", 409, "", "by now"},
				{"set none", "/elements/e1/parameters/7", "value=a", 404, "", "no parameter 7"},
				{"pause", "/elements/e1/pause", "", 303, "/elements/e1", ""},
				{"stop", "/elements/e1/stop", "embed=1", 303, "/embed/elements/e1", ""},
				{"reconnect stopped", "/elements/e1/reconnect", "connection=1", 409, "", "is stopped"},
				{"reconnect a word", "/elements/e1/reconnect", "connection=one", 400, "", "one"},
				{"unsure", "/elements/e1/delete", "", 422, "", "Confirm that you are sure"},
				{"not a form", "/elements/e1/delete", "a=%zz", 400, "", "cannot be read"},
				{"large", "/elements/e1/delete", "a=" + strings.Repeat("x", MaxBody), 413, "", "KiB"},
				{"delete", "/elements/e1/delete", "confirm=yes", 303, "/", ""},
				{"deleted", "/elements/e1/delete", "confirm=yes", 404, "", "e1"},
			} {
				w := s.post(t, c.path, c.form)
				if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
					t.Errorf("%s: %d, want %d with %q: %s", c.name, w.Code, c.status, c.has, w.Body)
				}
				if to, _, _ := strings.Cut(w.Header().Get("Location"), "?done="); c.to != "" && to != base+c.to || c.to == "" && to != "" {
					t.Errorf("%s: leads to %q, want %q", c.name, to, base+c.to)
				}
			}
		})
	}
}

// TestFormTellsAllErrorsAtOnce: who mends one field does not meet the next one
// only then.
func TestFormTellsAllErrorsAtOnce(t *testing.T) {
	s := newSite(t).withElement(t)
	for _, c := range []struct {
		name, path, form string
		fields           []string // of the links in the summary
	}{
		{"taken name, bad address", "/elements", "name=LAB+%3C1%3E&connector=Generic+WebSocket&c1.host=a+b", []string{"name", "c1.host"}},
		{"no number, no name", "/elements", "name=+&connector=Generic+WebSocket&c1.host=h&c1.port=eighty&c1.retries=99", []string{"name", "c1.port", "c1.retries"}},
		{"one error", "/elements", "name=N&connector=Generic+WebSocket&c1.host=a+b", []string{"c1.host"}},
		{"edit", "/elements/e1/edit", "name=&c1.host=a+b&c1.port=70000&c1.timeoutMs=1", []string{"name", "c1.host", "c1.port", "c1.timeoutMs"}},
		{"edit, own name", "/elements/e1/edit", "name=Lab+%3C1%3E&c1.host=h&c1.port=x", []string{"c1.port"}},
	} {
		w := s.post(t, c.path, c.form)
		_, summary, _ := strings.Cut(w.Body.String(), `class="error-summary"`)
		summary, _, _ = strings.Cut(summary, "</ul>")
		var got []string
		for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(summary, -1) {
			got = append(got, m[1])
		}
		if w.Code != http.StatusUnprocessableEntity || !slices.Equal(got, c.fields) {
			t.Errorf("%s: %d, the summary names %q, want %q", c.name, w.Code, got, c.fields)
		}
	}
}

// TestFragments posts as htmx does.
func TestFragments(t *testing.T) {
	s := newSite(t).withElement(t)
	for _, c := range []struct {
		path, form string
		status     int
		has        string
		notice     bool
	}{
		{"/elements/e1/parameters/51", "value=a", 200, `id="p-50"`, false},
		{"/elements/e1/parameters/51", "value=a+b", 422, "has a space", false},
		{"/elements/e1/parameters/51", "value=b&ifValue=z", 409, "by now", false},
		{"/elements/e1/parameters/70", "value=1", 422, "Reboot the device?", false},
		{"/elements/e1/parameters/7", "value=1", 404, "no parameter", true},
		{"/elements/e1/pause", "", 204, "", false},
		{"/elements/none/pause", "", 404, "none", true},
		{"/elements/e1/reconnect", "connection=one", 400, "one", true},
		{"/elements/e1/parameters/51", "value=" + strings.Repeat("x", MaxBody), 413, "1024 KiB", true},
		{"/elements/e1/parameters/51", "value=" + strings.Repeat("%C3%BC", MaxBody/2), 413, "1024 KiB", true},
		{"/elements/e1/parameters/51", "value=" + strings.Repeat("%C3%BC", 2*MaxBody), 413, "1024 KiB", true},
		{"/elements/e1/parameters/51", "value=" + strings.Repeat("%20", 1_000_000), 422, "has a space", false}, // its size is fine
		{"/elements/e1/reconnect", "", 409, "stopped", true},                                                   // a conflict that no row can show
		{"/elements/e1/parameters/51", "value=c", 503, "not answer", true},
		{"/elements/e1/nothing", "", 404, "nothing at this address", true},
	} {
		switch c.status {
		case 409:
			if _, err := s.service.Do(t.Context(), "e1", element.Stop, nil, "test"); err != nil {
				t.Fatal(err)
			}
		case 503:
			s.service.fails = element.Errorf(element.Unavailable, "The element does not answer.")
		}
		w := s.post(t, c.path, c.form, "HX-Request", "true")
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.has) || strings.Contains(body, "<html") {
			t.Errorf("%s %s: %d, want %d with %q: %s", c.path, c.form, w.Code, c.status, c.has, body)
		}
		if got := w.Header().Get("HX-Retarget") == "#notice"; got != c.notice {
			t.Errorf("%s: retargeted %t", c.path, got)
		}
	}
}

var tokenField = regexp.MustCompile(`name="confirm" value="([^"]+)"`)

// TestConfirmPage asks without scripts: the page carries the token.
func TestConfirmPage(t *testing.T) {
	s := newSite(t).withElement(t)
	w := s.post(t, "/elements/e1/parameters/70", "value=1&page=more")
	m := tokenField.FindStringSubmatch(w.Body.String())
	if w.Code != 422 || m == nil || !strings.Contains(w.Body.String(), "Reboot the device?") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	form := fmt.Sprintf("value=1&page=more&confirm=%s", m[1])
	if w := s.post(t, "/elements/e1/parameters/70", form); w.Code != 303 || w.Header().Get("Location") != "/elements/e1/p/more" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.post(t, "/elements/e1/parameters/70", form); w.Code != 422 {
		t.Errorf("the token again: %d", w.Code)
	}
}

func TestUploadForm(t *testing.T) {
	s := newSite(t, under("/x"))
	post := func(field, content string) (int, string, string) {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		part, err := form.CreateFormFile(field, "protocol.xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		w := s.ask(t, "POST", "/connectors", b.String(), "Content-Type", form.FormDataContentType())
		return w.Code, w.Header().Get("Location"), w.Body.String()
	}
	for _, c := range []struct {
		field, content string
		status         int
		to, has        string
	}{
		{"file", "<Protocol/>", 303, "/x/connectors/Uploaded/2.0", ""},
		{"file", "<Protocol>other</Protocol>", 409, "", "Another file"},
		{"file", "nonsense", 422, "", "no Protocol"},
		{"file", "", 400, "", "Choose a connector file"},
		{"other", "<Protocol/>", 400, "", "Choose a connector file"},
		{"file", strings.Repeat("x", MaxConnector+1), 413, "", "16384 KiB"},
	} {
		if status, to, body := post(c.field, c.content); status != c.status || to != c.to || !strings.Contains(body, c.has) {
			t.Errorf("%s of %d bytes: %d to %q, want %d with %q", c.field, len(c.content), status, to, c.status, c.has)
		}
	}
	if w := s.post(t, "/connectors", "file=x"); w.Code != 400 {
		t.Errorf("a plain form: %d", w.Code)
	}
}

func TestOperations(t *testing.T) {
	for _, base := range bases() {
		var broken []element.Fault
		s := newSite(t, under(base), func(o *Options) {
			o.Faults = func() []element.Fault { return broken }
			o.Gauges = []Gauge{
				{Name: "fieldline_waiting", Help: "Waiting.", Read: func() float64 { return 7 }},
				{Name: "fieldline_lost_total", Help: "Lost.", Counter: true, Read: func() float64 { return 3 }},
				{Name: "fieldline_each_total", Help: "Each.", Counter: true, Labels: []string{"of"}, Each: func(yield func(float64, ...string)) {
					yield(1, "a\"b")
					yield(2, "c")
				}},
			}
		})
		if w := s.ask(t, "GET", "/healthz", ""); w.Code != 200 {
			t.Errorf("healthz: %d", w.Code)
		}
		if w := s.ask(t, "GET", "/readyz", ""); w.Code != 200 {
			t.Errorf("readyz: %d", w.Code)
		}
		broken = []element.Fault{{Name: "disk-full", Message: "The disk is full."}, {Name: "other", Message: "A <second> one."}}
		if w := s.ask(t, "GET", "/readyz", ""); w.Code != 503 || w.Body.String() != "disk-full: The disk is full.\nother: A <second> one.\n" {
			t.Errorf("readyz: %d %s", w.Code, w.Body)
		}
		for _, path := range []string{"/", "/connectors", "/elements/new", "/no-such-page"} {
			if w := s.ask(t, "GET", path, ""); !strings.Contains(w.Body.String(), `data-fault="disk-full">The disk is full.</p>`) || !strings.Contains(w.Body.String(), "A &lt;second&gt; one.") {
				t.Errorf("no banner on %s: %d", path, w.Code)
			}
		}
		broken = nil
		if w := s.ask(t, "GET", "/", ""); strings.Contains(w.Body.String(), "data-fault") {
			t.Error("a banner although nothing is wrong")
		}
		s.ask(t, "GET", "/api/v1/elements/none", "")
		s.ask(t, "INVENTED", "/api/v1/elements/none", "")
		body := s.ask(t, "GET", "/metrics", "").Body.String()
		for _, line := range []string{
			`fieldline_http_requests_total{method="GET",route="` + base + `/readyz",status="503"} 1`,
			`fieldline_http_requests_total{method="GET",route="` + base + `/api/v1/elements/:id",status="404"} 1`,
			`fieldline_http_requests_total{method="other",route="` + base + `/api/v1/elements/:id",status="405"} 1`,
			"fieldline_sockets 0", "fieldline_waiting 7", "# TYPE fieldline_waiting gauge",
			`fieldline_each_total{of="a\"b"} 1`, `fieldline_each_total{of="c"} 2`, "# TYPE fieldline_each_total counter",
			"fieldline_lost_total 3", "# TYPE fieldline_lost_total counter",
			"# TYPE go_goroutines gauge", "# TYPE process_start_time_seconds gauge",
		} {
			if !strings.Contains(body, line+"\n") {
				t.Errorf("no line %s in\n%s", line, body)
			}
		}
	}
}

func TestGaugesNeedNamesOfTheirOwn(t *testing.T) {
	m := newMemory()
	defer m.hub.Close()
	read := func() float64 { return 1 }
	for _, gauges := range [][]Gauge{
		{{Name: "fieldline_sockets", Help: "Taken.", Read: read}},
		{{Name: "", Help: "Empty.", Read: read}},
	} {
		if _, err := New(Options{Services: m.services(), Gauges: gauges}); err == nil {
			t.Errorf("%q was taken", gauges[0].Name)
		}
	}
}
