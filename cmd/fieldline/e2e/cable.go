package e2e

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// Cable is a TCP relay between a browser and the program that can be cut (what
// is connected is closed, what comes is turned away) or held (nothing arrives
// and nobody is told, as behind a dead access point) until it is mended.
type Cable struct {
	t        *testing.T
	to       string
	listener net.Listener
	tasks    sync.WaitGroup

	mu    sync.Mutex
	cut   bool
	flow  chan struct{} // closed while bytes may pass
	conns map[net.Conn]struct{}
}

// Lay lays a cable to host:port. Its goroutines, one that accepts and two for
// each connection, end with the test.
func Lay(t *testing.T, to string) *Cable {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cable{t: t, to: to, listener: listener, flow: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	close(c.flow)
	c.tasks.Go(c.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		c.Mend()
		c.Cut()
		c.tasks.Wait()
	})
	return c
}

// Address replaces the far end's host and port in a URL by the cable's.
func (c *Cable) Address(url string) string {
	return strings.Replace(url, c.to, c.listener.Addr().String(), 1)
}

// Cut closes every connection and turns new ones away.
func (c *Cable) Cut() { c.set(true) }

// Mend lets connections and bytes through again.
func (c *Cable) Mend() {
	c.set(false)
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.flow:
	default:
		close(c.flow)
	}
}

// Hold keeps all bytes back; connections stay.
func (c *Cable) Hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.flow:
		c.flow = make(chan struct{})
	default: // held already
	}
}

// held is a reader that hands on what it reads when bytes may pass.
type held struct {
	net.Conn
	cable *Cable
}

// Read waits while the cable is held.
func (h held) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	h.cable.mu.Lock()
	flow := h.cable.flow
	h.cable.mu.Unlock()
	<-flow
	return n, err
}

func (c *Cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		for conn := range c.conns {
			_ = conn.Close()
		}
		clear(c.conns)
	}
}

func (c *Cable) accept() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return // closed
		}
		far, err := new(net.Dialer).DialContext(context.Background(), "tcp", c.to)
		if err != nil || !c.keep(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		c.tasks.Go(func() { c.relay(near, far) })
		c.tasks.Go(func() { c.relay(far, near) })
	}
}

// keep remembers a pair of connections and reports whether the cable is whole.
func (c *Cable) keep(pair ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range pair {
		if !c.cut {
			c.conns[conn] = struct{}{}
		}
	}
	return !c.cut
}

// relay copies one direction and closes both ends when it is over.
func (c *Cable) relay(from, to net.Conn) {
	_, _ = io.Copy(to, held{from, c}) // either end may close at any time
	_ = from.Close()
	_ = to.Close()
}
