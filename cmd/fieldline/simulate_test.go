package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"fieldline/element"

	"github.com/gorilla/websocket"
)

// simulated runs the simulate command and returns the address that it says it
// listens on.
func simulated(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	line, status := make(chan string, 1), make(chan int, 1)
	go func() {
		status <- run(ctx, append([]string{"simulate", "--listen", "127.0.0.1:0"}, args...), streams{firstLine(line), io.Discard})
	}()
	t.Cleanup(func() {
		cancel()
		if s := <-status; s != exitOK {
			t.Errorf("exit status %d", s)
		}
	})
	select {
	case text := <-line:
		return strings.TrimSpace(strings.TrimPrefix(text, "listening on "))
	case s := <-status:
		status <- exitOK
		t.Fatalf("the command ended with %d", s)
		return ""
	}
}

func TestSimulateDevices(t *testing.T) {
	p := startProgram(t, "serve", "--data", t.TempDir())
	for _, tt := range []struct {
		args       []string
		connector  string
		connection int
		path       string
		parameter  int
		shows      string
	}{
		{nil, "IS-07 Event Source", 1, "/x-nmos/events/ws", 7, "Open"},
		{[]string{"--device", "json-rpc"}, "JSON-RPC (Mopidy)", 1, "/mopidy/ws", pidState, "Stopped"},
		{[]string{"--device", "rest"}, "REST Poller", 0, "/api/channels", pidStatus, "HTTP/1.1 200 OK"},
	} {
		at, err := url.Parse(simulated(t, tt.args...))
		if err != nil || at.Path != tt.path {
			t.Fatalf("%v listens on %s %v", tt.args, at, err)
		}
		e := get[element.Element](t, p, http.StatusCreated, "POST", "/elements", map[string]any{
			"name": tt.connector, "connector": tt.connector,
			"connections": []map[string]any{{"id": tt.connection, "host": at.Host}},
		})
		untilShows(t, p, e.ID, tt.parameter, tt.shows)
	}
	for _, args := range [][]string{{"--path", "/x"}, {"--device", "json-rpc", "--path", "/x-nmos/events/ws"}, {"--device", "rest", "--path", "/x"}} {
		if at, want := simulated(t, args...), args[len(args)-1]; !strings.HasSuffix(at, want) {
			t.Errorf("%v: the device listens on %s", args, at)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, simulated(t, "--device", "rest", "--refuse", "503"), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), "told to by --refuse") {
		t.Errorf("the device that refuses says %d %s %v", res.StatusCode, body, err)
	}
	for _, args := range [][]string{{"--device", "toaster"}, {"--device", "rest", "--demand-header", "A:b"}, {"--refuse", "42"}, {"--demand-header", "A"}} {
		if status, _, errOut := command(t, append([]string{"simulate"}, args...)...); status != exitUsage {
			t.Errorf("%v: exit status %d: %s", args, status, errOut)
		}
	}
}

// TestSimulateTakesManySessions: more than a handful, and as many as are asked
// for.
func TestSimulateTakesManySessions(t *testing.T) {
	for _, tt := range []struct {
		args       []string
		open, more int // sessions that are taken, and then refused
	}{
		{nil, 200, 0},
		{[]string{"--device", "json-rpc"}, 200, 0},
		{[]string{"--sessions", "3"}, 3, 2},
	} {
		at := simulated(t, tt.args...)
		for i := range tt.open + tt.more {
			conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), at, nil)
			if i < tt.open {
				if err != nil {
					t.Fatalf("%v: session %d: %v", tt.args, i+1, err)
				}
				t.Cleanup(func() { _ = conn.Close() })
				continue
			}
			if err == nil || res == nil || res.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("%v: session %d: %v, want 503", tt.args, i+1, err)
			}
		}
	}
}
