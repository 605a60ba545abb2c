package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"fieldline/element"

	"github.com/gorilla/websocket"
)

// flood is a device that sends messages as fast as they are taken, until ctx
// ends; it returns where it is and how many it has sent.
func flood(t *testing.T, ctx context.Context) (host string, port int, sent *atomic.Int64) { //nolint:revive // t comes first in tests
	t.Helper()
	sent = new(atomic.Int64)
	var sessions sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sessions.Add(1)
		defer sessions.Done()
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		go func() {
			for ctx.Err() == nil {
				if conn.WriteMessage(websocket.TextMessage, []byte("noise "+strconv.FormatInt(sent.Add(1), 10))) != nil {
					return
				}
			}
		}()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				_ = conn.Close()
				return
			}
		}
	}))
	t.Cleanup(func() { server.Close(); sessions.Wait() })
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err = strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return u.Hostname(), port, sent
}

// TestOneElementsNoiseErasesNothing: while a device sends as fast as it can,
// people write to its element and to another one. Every write is in what the
// API gives, and after a restart in what history gave back.
func TestOneElementsNoiseErasesNothing(t *testing.T) {
	const noise, writes = 16_000, 20
	noisy, quiet := context.WithCancel(t.Context())
	defer quiet()
	host, port, sent := flood(t, noisy)
	dir := t.TempDir()
	// A process of its own: when it stops it may leave its writer behind, and the
	// folder is free only once that has ended.
	first := startProcess(t, "--data", dir)
	p := &program{base: first.base}
	storm, calm := create(t, p, "Storm", host, port), create(t, p, "Calm", host, port)
	if status, _ := p.call(t, "POST", "/elements/"+string(calm.ID)+"/stop", nil); status != http.StatusAccepted {
		t.Fatal("stop", status)
	}
	mark := get[element.EventPage](t, p, 200, "GET", "/elements/"+string(storm.ID)+"/events?limit=1", nil).Cursor
	for i := range writes {
		for goal := int64(noise / writes * i); sent.Load() < goal; {
			p.page(t, "healthz")
		}
		set(t, p, storm.ID, 101, fmt.Sprint("storm/", i))
		set(t, p, calm.ID, 101, fmt.Sprint("calm/", i))
	}
	quiet()
	wantAll := func(when string, id element.ID, name string) {
		t.Helper()
		answer := get[struct {
			Events []struct {
				Kind  string
				Value string
			}
			Gap bool
		}](t, p, 200, "GET", fmt.Sprintf("/elements/%s/events?kind=write&limit=1000", id), nil)
		found := map[string]bool{}
		for _, e := range answer.Events {
			found[e.Value] = true
			if e.Kind != "write" {
				t.Fatalf("%s: an event of kind %s", when, e.Kind)
			}
		}
		for i := range writes {
			if !found[fmt.Sprint(name, "/", i)] {
				t.Errorf("%s: write %d of %s is missing", when, i, name)
			}
		}
	}
	wantAll("while it runs", storm.ID, "storm")
	wantAll("while it runs", calm.ID, "calm")
	// The noise itself did not all have room, and the API says so to those who
	// read over it, and not to those who ask for writes.
	after := fmt.Sprintf("/elements/%s/events?after=%d&epoch=%s", storm.ID, mark.Seq, mark.Epoch)
	type gap struct{ Gap bool }
	if !get[gap](t, p, 200, "GET", after, nil).Gap || get[gap](t, p, 200, "GET", after+"&kind=write", nil).Gap {
		t.Error("the gap is not told, or told of what is there")
	}
	stop(t, first)
	second := startProcess(t, "--data", dir)
	p = &program{base: second.base}
	wantAll("after a restart", storm.ID, "storm")
	wantAll("after a restart", calm.ID, "calm")
	stop(t, second)
}
