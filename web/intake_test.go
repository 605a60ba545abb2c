package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldline/element"
)

func (i *intake) now() int64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.held
}

// settles waits until nothing is held: an answer may be out before its body is
// let go.
func (i *intake) settles(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(patience); i.now() != 0; {
		if time.Now().After(end) {
			t.Fatalf("%d bytes are held after the last answer", i.now())
		}
		runtime.Gosched()
	}
}

// TestUploadsAreBoundedTogether: many large bodies at once, announced or in
// chunks, as files or in forms, hold no more than the bound until they are
// answered. Those that find no room are told so, all of the others are carried
// out, and a write gets in beside them.
func TestUploadsAreBoundedTogether(t *testing.T) {
	const limit, size, senders = 32 << 20, 8 << 20, 6
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.xml\"\r\n\r\n"
	for _, c := range []struct {
		path, kind, head, tail string
		announced              bool
		taken                  int // at least: all that fit, when they say how large they are
	}{
		{"/api/v1/connectors", "application/xml", "<Protocol>", "", true, 3},
		{"/api/v1/connectors", "application/xml", "<Protocol>", "", false, 1},
		{"/connectors", "multipart/form-data; boundary=b", form, "\r\n--b--\r\n", true, 3},
		{"/connectors", "multipart/form-data; boundary=b", form, "\r\n--b--\r\n", false, 1},
	} {
		t.Run(fmt.Sprintf("%s, announced %t", c.kind, c.announced), func(t *testing.T) {
			uploads := &waitingUploads{came: make(chan struct{}, senders), answer: make(chan struct{})}
			s := newSite(t, func(o *Options) {
				uploads.memory, _ = o.Connectors.(*memory)
				o.Connectors, o.MaxBodies = uploads, limit
			}).withElement(t)
			s.middleware.intake.grace, s.middleware.intake.drain = patience, patience // a busy machine is not what is measured
			server := httptest.NewServer(s.Handler())
			defer server.Close()
			answered := sync.OnceFunc(func() { close(uploads.answer) })
			defer answered()
			refused := make(chan struct{}, senders)
			var all sync.WaitGroup
			for range senders {
				all.Go(func() {
					r := newUpload(t, server.URL+c.path, c.kind, c.head, size, c.tail, c.announced)
					if r != nil && isTaken(t, server, r) {
						return
					}
					refused <- struct{}{}
				})
			}
			taken := 0
			for range senders {
				select {
				case <-uploads.came:
					taken++
				case <-refused:
				case <-time.After(patience):
					t.Fatal("a body was neither taken nor refused")
				}
			}
			if held := s.middleware.intake.now(); taken < c.taken || taken > limit/size || held < int64(taken)*size || held > limit {
				t.Errorf("%d of %d were taken, want %d; %d bytes are held of %d", taken, senders, c.taken, held, limit)
			}
			if w := s.ask(t, http.MethodPut, "/api/v1/elements/e1/parameters/51", `{"value":"a/b"}`); w.Code != http.StatusOK {
				t.Errorf("a write beside them: %d %s", w.Code, w.Body)
			}
			answered()
			all.Wait()
			s.middleware.intake.settles(t)
		})
	}
}

// newUpload is a request with a body of size zeros between head and tail; nil
// when the test has failed.
func newUpload(t *testing.T, url, kind, head string, size int, tail string, announced bool) *http.Request {
	body := io.MultiReader(strings.NewReader(head), bytes.NewReader(make([]byte, size)), strings.NewReader(tail))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
	if err != nil {
		t.Error(err)
		return nil
	}
	r.Header.Set("Content-Type", kind)
	if announced {
		r.ContentLength = int64(len(head) + size + len(tail))
	}
	return r
}

// isTaken sends an upload and reports whether there was room for it. One that
// finds none has to be told why, and when to come again.
func isTaken(t *testing.T, server *httptest.Server, r *http.Request) bool {
	res, err := server.Client().Do(r)
	if err != nil {
		t.Error(err)
		return false
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusServiceUnavailable {
		return true
	}
	text, err := io.ReadAll(res.Body)
	if err != nil || res.Header.Get("Retry-After") == "" || !bytes.Contains(text, []byte("Other uploads are using all the room")) {
		t.Errorf("refused without the cause or without Retry-After: %v %s", err, text)
	}
	return false
}

// waitingUploads are connectors that answer no upload until it is told to.
type waitingUploads struct {
	*memory
	came, answer chan struct{}
}

func (u *waitingUploads) UploadConnector(ctx context.Context, xml []byte) (element.ConnectorDetail, bool, error) {
	u.came <- struct{}{}
	<-u.answer
	return u.memory.UploadConnector(ctx, xml)
}

// TestSlowBodiesAreCut: a body that comes slower than the rate ends with 408
// that says so; one that is slow but fast enough is taken.
func TestSlowBodiesAreCut(t *testing.T) {
	s := newSite(t).withElement(t)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	const body = `{"value":"a/b"}`
	for _, c := range []struct {
		name, path, kind string
		rate             int64
		want             int
	}{
		{"a write in drops", "/api/v1/elements/e1/parameters/51", "application/json", 1 << 10, http.StatusRequestTimeout},
		{"an upload in drops", "/api/v1/connectors", "application/xml", 1 << 10, http.StatusRequestTimeout},
		{"a form in drops", "/elements/e1/parameters/51", "application/x-www-form-urlencoded", 1 << 10, http.StatusRequestTimeout},
		{"a file in drops", "/connectors", "multipart/form-data; boundary=b", 1 << 10, http.StatusRequestTimeout},
		{"slow but taken", "/api/v1/elements/e1/parameters/51", "application/json", 1, http.StatusOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.middleware.intake.rate, s.middleware.intake.grace = c.rate, 50*time.Millisecond
			method := http.MethodPost
			if strings.Contains(c.path, "api/v1/elements") {
				method = http.MethodPut
			}
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			length := len(body)
			if c.want != http.StatusOK {
				length = 1000
			}
			if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", method, c.path, c.kind, length, body[:1]); err != nil {
				t.Fatal(err)
			}
			if c.want == http.StatusOK {
				if _, err := io.WriteString(conn, body[1:]); err != nil {
					t.Fatal(err)
				}
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != c.want {
				t.Errorf("%d %s (%v), want %d", res.StatusCode, text, err, c.want)
			}
			if c.want == http.StatusRequestTimeout && !bytes.Contains(text, []byte("arrived too slowly")) {
				t.Errorf("the answer does not say why: %s", text)
			}
		})
	}
	s.middleware.intake.settles(t)
}

// TestUnreadBodiesAreNotAwaited: who is answered without a look at the body has
// the answer when its time is over, however slowly the body comes.
func TestUnreadBodiesAreNotAwaited(t *testing.T) {
	s := newSite(t).withElement(t)
	s.middleware.intake.grace = 50 * time.Millisecond
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	for _, c := range []struct {
		method, path, host string
		want               int
	}{
		{http.MethodPost, "/nothing/here", "127.0.0.1", http.StatusNotFound},
		{http.MethodPost, "/api/v1/nothing", "127.0.0.1", http.StatusNotFound},
		{http.MethodPut, "/api/v1/elements", "127.0.0.1", http.StatusMethodNotAllowed},
		{http.MethodDelete, "/api/v1/elements/none", "127.0.0.1", http.StatusNotFound},
		{http.MethodGet, "/api/v1/elements", "127.0.0.1", http.StatusOK},
		{http.MethodPost, "/api/v1/elements", "device.example", http.StatusMisdirectedRequest},
	} {
		t.Run(c.method+" "+c.path+" "+c.host, func(t *testing.T) {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\n{", c.method, c.path, c.host); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("no answer while the body is awaited: %v", err)
			}
			_ = res.Body.Close()
			if res.StatusCode != c.want {
				t.Errorf("status %d, want %d", res.StatusCode, c.want)
			}
		})
	}
	s.middleware.intake.settles(t)
}

// TestDeadlineEndsWithTheBody: the time of a body is not that of its answer, nor
// of the next request on the connection.
func TestDeadlineEndsWithTheBody(t *testing.T) {
	s := newSite(t)
	s.middleware.intake.grace = 100 * time.Millisecond
	answered := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.middleware.intake.watch(w, r)()
		if _, err := io.ReadAll(r.Body); err != nil {
			answered <- err
			return
		}
		select {
		case <-time.After(4 * s.middleware.intake.grace):
			answered <- nil
		case <-r.Context().Done():
			answered <- r.Context().Err()
		}
	}))
	defer server.Close()
	for range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if err := <-answered; err != nil {
			t.Errorf("the request ended: %v", err)
		}
	}
}

// TestJSONOnly: where JSON is meant nothing else is taken, whatever it is; an
// empty body needs no type.
func TestJSONOnly(t *testing.T) {
	s := newSite(t).withElement(t)
	const set, start = "/api/v1/elements/e1/parameters/51", "/api/v1/elements/e1/start"
	const value = `{"value":"a/b"}`
	for _, c := range []struct {
		method, path, body string
		types              []string
		want               int
	}{
		{http.MethodPut, set, value, []string{"application/json"}, 200},
		{http.MethodPut, set, value, []string{"application/json; charset=utf-8"}, 200},
		{http.MethodPut, set, value, []string{`Application/JSON;charset="UTF-8"`}, 200},
		{http.MethodPut, set, value, []string{"application/merge-patch+json"}, 200},
		{http.MethodPut, set, value, nil, 415},
		{http.MethodPut, set, value, []string{""}, 415},
		{http.MethodPut, set, value, []string{"text/plain"}, 415},
		{http.MethodPut, set, value, []string{"text/json"}, 415},
		{http.MethodPut, set, value, []string{"application/jsonx"}, 415},
		{http.MethodPut, set, value, []string{"application/x-www-form-urlencoded"}, 415},
		{http.MethodPut, set, value, []string{"multipart/form-data; boundary=x"}, 415},
		{http.MethodPut, set, value, []string{"application/json; charset=iso-8859-1"}, 415},
		{http.MethodPut, set, value, []string{"application/json", "text/plain"}, 415},
		{http.MethodPut, set, value, []string{"application/json, text/plain"}, 415},
		{http.MethodPost, start, "", nil, 202},
		{http.MethodPost, start, "", []string{"text/plain"}, 202},
		{http.MethodPost, start, "{}", nil, 415},
		{http.MethodPost, start, "<a/>", []string{"application/xml"}, 415},
		{http.MethodPost, "/api/v1/elements/e1/reconnect", `{"connection":1}`, []string{"text/plain"}, 415},
		{http.MethodPost, "/api/v1/elements/e1/back", `{"version":"1"}`, []string{"text/plain"}, 415},
		{http.MethodPost, "/api/v1/elements/e1/connections/1/try", "{}", []string{"text/plain"}, 415},
		{http.MethodPost, "/api/v1/elements", `{}`, []string{"text/plain"}, 415},
		{http.MethodPatch, "/api/v1/elements/e1", `{}`, []string{"text/plain"}, 415},
		{http.MethodPost, "/api/v1/connectors", "<a/>", []string{"application/xml"}, 422}, // it is no connector
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, "http://127.0.0.1:8080"+c.path, strings.NewReader(c.body))
		for _, kind := range c.types {
			r.Header.Add("Content-Type", kind)
		}
		w := s.serve(r)
		if w.Code != c.want {
			t.Errorf("%s %s %q as %q: %d %s, want %d", c.method, c.path, c.body, c.types, w.Code, w.Body, c.want)
		}
		if c.want != http.StatusUnsupportedMediaType {
			continue
		}
		var p problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != element.Invalid || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%q: %v %s", c.types, err, w.Body)
		}
	}
}
