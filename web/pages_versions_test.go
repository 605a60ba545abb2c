package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"fieldline/element"
)

// The pages lead through a change of the version and back.
func TestVersionPages(t *testing.T) {
	for _, base := range bases() {
		s := newSite(t, under(base)).withElement(t)
		for path, has := range map[string]string{
			"/elements/e1/versions": "1.0.0.1", "/elements/e1/versions/2": "Stop and try 2", "/elements/e1/versions/2?back=1": "Stop and go back to 2",
		} {
			w := s.ask(t, "GET", path, "")
			if w.Code != 200 || !strings.Contains(w.Body.String(), has) || !strings.Contains(w.Body.String(), "Lab &lt;1&gt;") {
				t.Errorf("%s: %d, want %q", path, w.Code, has)
			}
			checkAddresses(t, s, w.Body.String())
		}
		for path, status := range map[string]int{"/elements/none/versions": 404, "/elements/e1/versions/9": 404, "/elements/none/versions/2": 404} {
			if w := s.ask(t, "GET", path, ""); w.Code != status {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	}
}

func TestTryAVersion(t *testing.T) {
	s := newSite(t).withElement(t)
	state := func(want, version string, state element.State) {
		t.Helper()
		e, err := s.service.Element(t.Context(), "e1")
		if err != nil || e.Version != version || e.State != state {
			t.Errorf("%s: version %s, %s, %v", want, e.Version, e.State, err)
		}
	}
	// A page that said nothing of stopping stops nothing.
	w := s.post(t, "/elements/e1/versions/2", "start=true")
	if w.Code != 409 || !strings.Contains(w.Body.String(), "stop it first") || !strings.Contains(w.Body.String(), "Stop and try 2") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	state("refused", "1.0.0.1", element.Active)

	if w := s.post(t, "/elements/e1/versions/2", "stop=yes&start=true"); w.Code != 303 || w.Header().Get("Location") != "/elements/e1" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	state("tried", "2", element.Active)
	if w := s.post(t, "/elements/e1/stop", ""); w.Code != 303 {
		t.Fatal(w.Code)
	}
	if w := s.post(t, "/elements/e1/back", "version=1.0.0.1"); w.Code != 303 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	state("gone back", "1.0.0.1", element.Stopped)
	if w := s.post(t, "/elements/e1/versions/2", "start=true"); w.Code != 303 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	state("started afterwards", "2", element.Active)

	if w := s.post(t, "/elements/e1/versions/9/forget", ""); w.Code != 404 {
		t.Errorf("forget what is not kept: %d", w.Code)
	}
}

// What the person typed stays, and the error stands at its field.
func TestTryAVersionWithAHost(t *testing.T) {
	s := newSite(t).withElement(t)
	w := s.post(t, "/elements/e1/versions/2", url.Values{"stop": {"yes"}, "c1.host": {"a b"}, "c2.host": {"x<y"}, "cx.host": {"z"}}.Encode())
	if w.Code != 422 || !strings.Contains(w.Body.String(), `value="x&lt;y"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestDeleteConnectorPages(t *testing.T) {
	s := newSite(t)
	at := "/connectors/" + url.PathEscape(odd) + "/1.0/delete"
	if w := s.ask(t, "GET", at, ""); w.Code != 200 || !strings.Contains(w.Body.String(), "Delete for ever") {
		t.Errorf("%d", w.Code)
	}
	for _, c := range []struct {
		path, form string
		status     int
		has        string
	}{
		{at, "", 422, "Confirm that you are sure"},
		{"/connectors/Generic%20WebSocket/1.0.0.1/delete", "confirm=yes", 409, "came with the program"},
		{at, "confirm=yes", 303, ""},
		{at, "confirm=yes", 404, "no connector"},
	} {
		if w := s.post(t, c.path, c.form); w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s %s: %d, want %d with %q", c.path, c.form, w.Code, c.status, c.has)
		}
	}
}

func multiform(t *testing.T, fields ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), form.FormDataContentType()
}

// A refused text comes back beside its findings, to be corrected and sent
// again with the line ends it had.
func TestARefusedTextIsCorrectedOnThePage(t *testing.T) {
	s := newSite(t)
	body, contentType := multiform(t, "text", "nonsense\r\nmore")
	w := s.ask(t, "POST", "/connectors", body, "Content-Type", contentType)
	page := w.Body.String()
	for _, has := range []string{`id=L2 class=ignored`, "nonsense\r\nmore</textarea>", "no Protocol"} {
		if w.Code != 422 || !strings.Contains(page, has) {
			t.Errorf("%d without %q: %s", w.Code, has, page)
		}
	}
	for ends, want := range map[string]string{"lf": "<Protocol>\n</Protocol>", "": "<Protocol>\r\n</Protocol>"} {
		fields := []string{"text", "<Protocol>\r\n</Protocol>"}
		if ends != "" {
			fields = append([]string{"ends", ends}, fields...)
		}
		s := newSite(t)
		body, contentType := multiform(t, fields...)
		if w := s.ask(t, "POST", "/connectors", body, "Content-Type", contentType); w.Code != 303 || s.service.uploads["Uploaded\n2.0"] != want {
			t.Errorf("ends %q: %d, stored %q", ends, w.Code, s.service.uploads["Uploaded\n2.0"])
		}
	}
}

// A page with a whole file is compressed for those who take it.
func TestConnectorPageIsCompressed(t *testing.T) {
	s := newSite(t)
	const path = "/connectors/Generic%20WebSocket/1.0.0.1"
	plain := s.ask(t, "GET", path, "")
	w := s.ask(t, "GET", path, "", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("headers %v and %v", w.Header(), plain.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(page), "id=L1") || !strings.Contains(string(page), "no Protocol") {
		t.Errorf("%v: %s", err, page)
	}
}
