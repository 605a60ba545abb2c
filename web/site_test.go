package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldline/element"
)

// bases are the base paths that everything is tried under.
func bases() []string { return []string{"", "/x", "/lab/field.line"} }

// site is a server over a fresh memory.
type site struct {
	*Server
	service *memory
	base    string
	log     *lockedBuffer
}

func newSite(t *testing.T, change ...func(*Options)) *site {
	t.Helper()
	m := newMemory()
	log := &lockedBuffer{}
	o := Options{
		Services: m.services(), ListenAddr: "127.0.0.1:8080", Version: "1.2.3",
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("closing: %v", err)
		}
		m.hub.Close()
	})
	return &site{Server: s, service: m, base: s.links.base, log: log}
}

func under(base string) func(*Options) { return func(o *Options) { o.BasePath = base } }

// withElement makes the element e1.
func (s *site) withElement(t *testing.T) *site {
	t.Helper()
	name, host, connector := "Lab <1>", "127.0.0.1:8050", shipped
	_, err := s.service.Create(t.Context(), element.Draft{Name: &name, Connector: &connector, Connections: []element.ConnectionDraft{{ID: 1, Host: &host}}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask makes one request from this machine, with a body that is JSON for the
// API; header is pairs of name and value.
func (s *site) ask(t *testing.T, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8080"+s.base+path, strings.NewReader(body))
	if body != "" && strings.HasPrefix(path, apiPrefix) {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if h := r.Header.Get("Host"); h != "" {
		r.Host = h
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func (s *site) post(t *testing.T, path, form string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return s.ask(t, http.MethodPost, path, form, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

func decoded[T any](t *testing.T, body io.Reader) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newRequest(t *testing.T, method, url string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), method, url, http.NoBody)
}

func (s *site) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// openSockets is the number of pages that are counted in.
func (s *site) openSockets() int {
	s.live.sockets.mu.Lock()
	defer s.live.sockets.mu.Unlock()
	return len(s.live.sockets.open)
}
