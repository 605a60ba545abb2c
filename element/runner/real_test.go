package runner

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldline/element"
)

// realDevice is a WebSocket server on loopback that repeats what it hears. Its
// frames are short, so it needs no library (RFC 6455 §5.2).
type realDevice struct {
	host   string
	port   int
	closes chan int // close codes received
}

func newRealDevice(t *testing.T) *realDevice {
	t.Helper()
	d := &realDevice{closes: make(chan int, 10)}
	var open sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open.Add(1)
		defer open.Done()
		d.serve(w, r)
	}))
	d.host, d.port = splitAddress(t, server.URL)
	t.Cleanup(func() { server.Close(); open.Wait() })
	return d
}

func (d *realDevice) address() string {
	return element.Address{Host: d.host, Port: d.port}.HostPort()
}

func splitAddress(t *testing.T, url string) (host string, port int) {
	t.Helper()
	a, err := element.ParseAddress(url)
	if err != nil {
		t.Fatal(err)
	}
	return a.Host, a.Port
}

func (d *realDevice) serve(w http.ResponseWriter, r *http.Request) {
	c, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	if !writeFrame(c, 1, []byte("uptime=1")) {
		return
	}
	for {
		opcode, payload, ok := readFrame(rw.Reader)
		if opcode == 8 && len(payload) >= 2 {
			d.closes <- int(binary.BigEndian.Uint16(payload))
		}
		if !ok || !writeFrame(c, opcode, payload) || opcode == 8 {
			return
		}
	}
}

func writeFrame(w io.Writer, opcode byte, payload []byte) bool {
	_, err := w.Write(append([]byte{0x80 | opcode, byte(len(payload))}, payload...))
	return err == nil
}

// readFrame reads a masked frame with a payload of up to 125 bytes.
func readFrame(r io.Reader) (opcode byte, payload []byte, ok bool) {
	var head [6]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || head[1]&0x7f > 125 {
		return 0, nil, false
	}
	payload = make([]byte, head[1]&0x7f)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, false
	}
	for i := range payload {
		payload[i] ^= head[2+i%4]
	}
	return head[0] & 0x0f, payload, true
}

func (d *realDevice) wantClose(t *testing.T, want int) {
	t.Helper()
	select {
	case got := <-d.closes:
		if got != want {
			t.Errorf("the device got Close %d, want %d", got, want)
		}
	case <-time.After(patience):
		t.Errorf("the device got no Close, want %d", want)
	}
}

// realWorld has a scripted disk and real sockets.
func realWorld(t *testing.T, adjust ...func(*Options)) *world {
	t.Helper()
	w := newWorld(t, append(adjust, func(o *Options) { o.Dial = nil })...)
	if err := w.fleet.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.fleet.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return w
}

// await waits until the newest patch of the element shows the wanted state.
func (w *world) await(id element.ID, what string, is func(element.Element) bool) {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for {
		e, err := w.fleet.Element(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if is(e) {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			w.t.Fatalf("not %s: %+v, cause %+v", what, e, e.Connections[0].LastCause)
		}
	}
}

func status(s element.ConnectionState) func(element.Element) bool {
	return func(e element.Element) bool { return e.Connections[0].Status == s }
}

func TestRealSockets(t *testing.T) {
	first, second := newRealDevice(t), newRealDevice(t)
	w := realWorld(t)
	e, err := w.fleet.Create(t.Context(), draft(func(d *element.Draft) {
		d.Connections[0].Host, d.Connections[0].Port = &first.host, &first.port
	}), "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "open", status(element.ConnOpen))
	w.await(e.ID, "heard", func(e element.Element) bool { return !e.Connections[0].LastMessageAt.IsZero() })
	h, err := w.fleet.Handshake(t.Context(), e.ID, 1, element.WhichLastSuccess)
	if err != nil || h.Status != http.StatusSwitchingProtocols || !strings.HasPrefix(h.Request, "GET /"+string(e.ID)+" HTTP/1.1\r\n") {
		t.Errorf("handshake is %+v, %v", h, err)
	}
	if _, err := w.fleet.Update(t.Context(), e.ID, element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Port: &second.port}}}, "tester"); err != nil {
		t.Fatal(err)
	}
	first.wantClose(t, closeNormal)
	w.await(e.ID, "open again", func(e element.Element) bool {
		c := e.Connections[0]
		return c.Status == element.ConnOpen && strings.Contains(c.URL, strconv.Itoa(second.port))
	})
	if _, err := w.fleet.Do(t.Context(), e.ID, element.Stop, nil, "tester"); err != nil {
		t.Fatal(err)
	}
	second.wantClose(t, closeGoingAway)
	w.await(e.ID, "closed", status(element.ConnClosed))
}

func TestARealRefusal(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	host, port := splitAddress(t, server.URL)
	w := realWorld(t)
	e, err := w.fleet.Create(t.Context(), draft(manual, func(d *element.Draft) {
		d.Connections[0].Host, d.Connections[0].Port = &host, &port
	}), "tester")
	if err != nil {
		t.Fatal(err)
	}
	w.await(e.ID, "refused", func(e element.Element) bool {
		c := e.Connections[0]
		return c.Status == element.ConnClosed && c.LastCause != nil && strings.Contains(c.LastCause.Message, "404")
	})
	h, err := w.fleet.Handshake(t.Context(), e.ID, 1, element.WhichLastFailure)
	if err != nil || h.Status != http.StatusNotFound || !strings.Contains(h.Body, "404") {
		t.Errorf("handshake is %+v, %v", h, err)
	}
}
