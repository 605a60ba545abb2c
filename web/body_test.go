package web

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestLargeBodiesAreAnswered: programs that send all of a body before they
// read see why it was refused, and no broken connection.
func TestLargeBodiesAreAnswered(t *testing.T) {
	s := newSite(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.xml\"\r\n\r\n"
	for _, c := range []struct {
		path, kind, head string
		size             int64
		chunked          bool
	}{
		{"/api/v1/elements", "application/json", "{", 24 << 20, false},
		{"/api/v1/elements", "application/json", "{", 24 << 20, true},
		{"/api/v1/connectors", "application/xml", "<Protocol>", 40 << 20, false},
		{"/api/v1/connectors", "application/xml", "<Protocol>", 40 << 20, true},
		{"/elements", "application/x-www-form-urlencoded", "name=", 24 << 20, false},
		{"/connectors", "multipart/form-data; boundary=b", form, 40 << 20, false},
		{"/connectors", "multipart/form-data; boundary=b", form, 40 << 20, true},
	} {
		body := &whole{Reader: io.MultiReader(strings.NewReader(c.head), bytes.NewReader(make([]byte, c.size)))}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.kind)
		if !c.chunked {
			r.ContentLength = int64(len(c.head)) + c.size
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Errorf("%s, chunked %v: %v", c.path, c.chunked, err)
			continue
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge || body.taken.Load() < c.size {
			t.Errorf("%s, chunked %v: %d, %d bytes taken", c.path, c.chunked, res.StatusCode, body.taken.Load())
		}
	}
}

// whole is a body that knows how much of it was taken.
type whole struct {
	io.Reader
	taken atomic.Int64
}

func (w *whole) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	w.taken.Add(int64(n))
	return n, err
}

// TestBodiesAreUTF8: what is not text is refused; it was stored with other
// characters in it.
func TestBodiesAreUTF8(t *testing.T) {
	s := newSite(t).withElement(t)
	for _, body := range []string{"{\"value\":\"a\xff\"}", "{\"value\":\"\xc3\"}"} {
		w := s.ask(t, http.MethodPut, "/api/v1/elements/e1/parameters/51", body)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "UTF-8") {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
	if w := s.ask(t, http.MethodPost, "/api/v1/elements", `{"-":true}`); w.Code != http.StatusBadRequest {
		t.Errorf("a field without a name: %d %s", w.Code, w.Body)
	}
}
