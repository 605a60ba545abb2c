package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"fieldline/element"

	"github.com/gorilla/websocket"
)

// hearing is a device that takes every WebSocket and hands on what it hears.
func hearing(t *testing.T) (heard chan string, host string, port int) {
	t.Helper()
	heard = make(chan string, 16)
	s := httptest.NewServer(takesAll(heard))
	t.Cleanup(s.Close)
	at := s.Listener.Addr().(*net.TCPAddr)
	return heard, at.IP.String(), at.Port
}

func takesAll(heard chan<- string) http.Handler {
	up := websocket.Upgrader{}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(rw, r, nil)
		if err != nil {
			return // the program reports it
		}
		defer func() { _ = c.Close() }()
		for {
			_, b, err := c.ReadMessage()
			if err != nil {
				return
			}
			heard <- string(b)
		}
	})
}

// TestAMillionBytes: a text as long as a body can hold is set, saved and sent,
// and pages show the beginning of it.
func TestAMillionBytes(t *testing.T) {
	heard, host, port := hearing(t)
	dir := t.TempDir()
	p := startProgram(t, "serve", "--data", dir)
	e := create(t, p, "Cam 1", host, port)
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })

	text := strings.Repeat("0123456789", 99_999) + "end of it."
	if w := set(t, p, e.ID, 101, text); w.Status != element.WriteSaved || w.Value != element.Text(text) {
		t.Errorf("the write is %s and has %d bytes", w.Status, len(w.Value.String()))
	}
	if v := parameter(t, p, e.ID, 100); v.Value != element.Text(text) {
		t.Errorf("parameter 100 has %d bytes", len(v.Value.String()))
	}
	set(t, p, e.ID, 102, 1)
	if got := <-heard; got != text {
		t.Errorf("the device got %d bytes", len(got))
	}
	for _, path := range []string{"elements/" + string(e.ID), "api/v1/elements/" + string(e.ID) + "/events?kind=write"} {
		status, page := p.page(t, path)
		if status != http.StatusOK || len(page) > 600_000 || !strings.Contains(page, text[:1000]) {
			t.Errorf("%s: %d, %d bytes", path, status, len(page))
		}
	}

	over := strings.Repeat("x", 1<<20) // with the rest of the body around it
	for path, method := range map[string]string{
		"/elements/" + string(e.ID) + "/parameters/101": http.MethodPut,
		"/elements/" + string(e.ID):                     http.MethodPatch,
	} {
		body := map[string]any{"value": over}
		if method == http.MethodPatch {
			body = map[string]any{"name": over}
		}
		if status, b := p.call(t, method, path, body); status != http.StatusRequestEntityTooLarge || !strings.Contains(string(b), `"too-large"`) {
			t.Errorf("%s %s: %d %s", method, path, status, b)
		}
	}
	p.stop(t)

	p = startProgram(t, "serve", "--data", dir)
	if v := parameter(t, p, e.ID, 100); v.Value != element.Text(text) {
		t.Errorf("after a restart parameter 100 has %d bytes", len(v.Value.String()))
	}
	if v := parameter(t, p, e.ID, 101); v.Value.IsSet() {
		t.Errorf("after a restart parameter 101 has %s bytes", strconv.Itoa(len(v.Value.String())))
	}
}
