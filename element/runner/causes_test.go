package runner

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fieldline/element"
)

// mannered is a real device that opens each handshake and then does as then
// says, until the test ends.
func mannered(t *testing.T, then func(c net.Conn, over <-chan struct{})) (host string, port int) {
	t.Helper()
	over := make(chan struct{})
	var open sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open.Add(1)
		defer open.Done()
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(sum[:]))
		then(c, over)
	}))
	t.Cleanup(func() {
		close(over)
		server.Close()
		open.Wait()
	})
	return splitAddress(t, server.URL)
}

// TestEndsHaveSentencesOfTheirOwn: what a person reads on the line and in the
// list when a device accepts the handshake and does not go on.
func TestEndsHaveSentencesOfTheirOwn(t *testing.T) {
	const silence = 150 * time.Millisecond // one and a half intervals
	for _, tt := range []struct {
		name  string
		then  func(c net.Conn, over <-chan struct{})
		code  string
		words string
	}{
		{"closed at once", func(net.Conn, <-chan struct{}) {}, "eof", "at once, before any message: it may want a subprotocol"},
		{"silent from the start", func(_ net.Conn, over <-chan struct{}) { <-over }, "timeout", "nor any message ever since it opened. It may wait for a command"},
		{"half-open", func(c net.Conn, over <-chan struct{}) {
			writeFrame(c, 1, []byte("hello"))
			<-over
		}, "timeout", "nothing came from the device for 0.15 s, not even the answer to a ping"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, port := mannered(t, tt.then)
			w := realWorld(t, func(o *Options) { o.PingInterval = silence * 2 / 3 })
			e, err := w.fleet.Create(t.Context(), draft(manual, func(d *element.Draft) {
				d.Connections[0].Host, d.Connections[0].Port = &host, &port
			}), "tester")
			if err != nil {
				t.Fatal(err)
			}
			w.await(e.ID, tt.name, func(e element.Element) bool {
				c := e.Connections[0]
				return c.Status == element.ConnClosed && c.LastCause != nil && c.LastCause.Code == tt.code && strings.Contains(c.LastCause.Message, tt.words)
			})
			page := w.stage.Events(string(e.ID), nil, 100)
			if !slices.ContainsFunc(page.Events, func(e element.Event) bool {
				closed, ok := e.Body.(element.Closed)
				return ok && closed.Code == 1006 && strings.Contains(closed.Message, tt.words)
			}) {
				t.Errorf("the list does not say %q: %+v", tt.words, page.Events)
			}
		})
	}
}
