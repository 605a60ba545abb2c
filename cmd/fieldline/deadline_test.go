package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

// TestALatePress: a button that is pressed while the device is away says at
// once that it waits, fails at its deadline, and the device is never told.
func TestALatePress(t *testing.T) {
	away := httptest.NewServer(nil)
	at := away.Listener.Addr().(*net.TCPAddr)
	away.Close()
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
		"name": "Cam 1", "connector": "Generic WebSocket",
		"connections": []map[string]any{{"id": 1, "host": at.IP.String(), "port": at.Port, "commandWaitMs": 1000}},
	})
	set(t, p, e.ID, 101, "late")
	w := set(t, p, e.ID, 102, 1)
	if w.Status != element.WriteAccepted || w.Detail != "Waits for the connection, 1 s at most." {
		t.Errorf("the write is %s: %s", w.Status, w.Detail)
	}
	if _, page := p.page(t, "elements/"+string(e.ID)); !strings.Contains(page, w.Detail) {
		t.Errorf("the page does not say %q", w.Detail)
	}
	if w = untilWrite(t, p, e.ID, w.ID, element.WriteFailed); w.Detail != "Not sent: the connection to the device was not open within 1 s." {
		t.Errorf("the write failed: %s", w.Detail)
	}

	heard := make(chan string, 16)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	back := &httptest.Server{Listener: listener, Config: &http.Server{Handler: takesAll(heard), ReadHeaderTimeout: time.Minute}}
	back.Start()
	t.Cleanup(back.Close)
	p.call(t, "POST", "/elements/"+string(e.ID)+"/reconnect", nil)
	until(t, p, e.ID, "open", func(ev []map[string]any) bool { return count(ev, "open") == 1 })
	set(t, p, e.ID, 101, "in time")
	set(t, p, e.ID, 102, 1)
	if got := <-heard; got != "in time" {
		t.Errorf("the device was told %q", got)
	}
}
