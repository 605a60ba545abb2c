package main

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fieldline/element"
)

// turncoat is a device that opens each handshake, says one message and closes
// with a code of its own, and counts the handshakes.
type turncoat struct {
	port  int
	dials atomic.Int32
}

func newTurncoat(t *testing.T, code int, reason string) *turncoat {
	t.Helper()
	d := &turncoat{}
	var open sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open.Add(1)
		defer open.Done()
		d.dials.Add(1)
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(sum[:]))
		last := append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
		fmt.Fprintf(c, "\x81\x05hello\x88%c%s", len(last), last)
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, _ = rw.ReadByte() // our answer to the Close
	}))
	d.port = server.Listener.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { server.Close(); open.Wait() })
	return d
}

// connectionOf waits until the first connection of the element is as wanted.
func connectionOf(t *testing.T, p *program, id element.ID, what string, ok func(element.Connection) bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		c := get[element.Element](t, p, http.StatusOK, "GET", "/elements/"+string(id), nil).Connections[0]
		if ok(c) {
			return
		}
		select {
		case <-late:
			t.Fatalf("not %s: %+v, cause %+v", what, c, c.LastCause)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestADeviceThatOpensAndCloses is dialled at the pace of the settings, said in
// words, and after a stop code left alone until a person reconnects.
func TestADeviceThatOpensAndCloses(t *testing.T) {
	d := newTurncoat(t, 4009, "replaced by another client")
	p := startProgram(t, "serve", "--data", t.TempDir())
	began := time.Now()
	e := create(t, p, "Turncoat", "ws://127.0.0.1", d.port)
	connectionOf(t, p, e.ID, "said in words", func(c element.Connection) bool {
		return c.LastCause != nil && strings.Contains(c.LastCause.Message, "opens and is closed again by the device (4009: replaced by another client), 3 times in a row")
	})
	if n, most := d.dials.Load(), int32(3+time.Since(began)/(5*time.Second)); n > most {
		t.Errorf("%d dials after %v, want at most %d", n, time.Since(began), most)
	}

	path := "/elements/" + string(e.ID)
	get[map[string]any](t, p, http.StatusOK, "PATCH", path, map[string]any{"connections": []any{map[string]any{"id": 1, "stopCodes": []int{4009}, "retryMs": 100, "retryMaxMs": 100}}})
	if status, b := p.call(t, "POST", path+"/reconnect", nil); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, b)
	}
	stopped := func(c element.Connection) bool {
		return c.Status == element.ConnClosed && c.LastCause != nil && strings.Contains(c.LastCause.Message, "until a person presses Reconnect")
	}
	connectionOf(t, p, e.ID, "stopped by its code", stopped)
	before := d.dials.Load()
	if status, b := p.call(t, "POST", path+"/reconnect", nil); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, b)
	}
	connectionOf(t, p, e.ID, "dialled once more", func(c element.Connection) bool { return d.dials.Load() == before+1 && stopped(c) })
}
