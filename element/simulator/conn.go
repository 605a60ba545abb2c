package simulator

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// listener wraps what it accepts in conns, so that the record holds the bytes
// and not what an HTTP parser made of them.
type listener struct {
	net.Listener
	device *Device
}

// Accept wraps the next connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{
		Conn: c, journal: l.device.journal, gate: l.device.gate, over: make(chan struct{}),
		entry: l.device.journal.add(c.RemoteAddr().String(), time.Now()),
	}, nil
}

// conn is one connection of a client: it records the heads of the request and
// of the response, and holds back what it read while the device is silent.
// Reads come from one goroutine, writes from one at a time.
type conn struct {
	net.Conn
	journal *journal
	gate    *gate
	entry   *Entry

	in       []byte // the head so far
	headDone bool

	answered bool
	rewrite  func(head []byte) []byte // changes the response head; set before it is written

	over     chan struct{} // closed when silence no longer counts: closing or closed
	overOnce sync.Once
}

// Read records the request head and waits while the device is silent.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.headDone {
		c.keepHead(p[:n])
	} else if n > 0 {
		c.gate.wait(c.over)
	}
	if err != nil {
		c.lost(err)
	}
	return n, err
}

// keepHead adds what was read to the head until the head is complete.
func (c *conn) keepHead(p []byte) {
	c.in = append(c.in, p...)
	end := bytes.Index(c.in, []byte("\r\n\r\n"))
	if end < 0 && len(c.in) < MaxHead {
		return
	}
	c.headDone = true
	head := c.in
	if end >= 0 {
		head = c.in[:end+4]
	}
	c.in = nil
	c.journal.edit(func() { c.entry.Head = string(head) })
}

// lost records an end that came without a Close frame.
func (c *conn) lost(err error) {
	switch {
	case errors.Is(err, io.EOF):
		c.journal.end(c.entry, End{At: time.Now(), By: "client", Cause: "eof", Code: 1006})
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		c.journal.end(c.entry, End{At: time.Now(), By: "client", Cause: "reset", Code: 1006})
	}
}

// Write sends p; the first one is the response, whose head is recorded.
func (c *conn) Write(p []byte) (int, error) {
	if c.answered {
		return c.Conn.Write(p)
	}
	c.answered = true
	out := p
	if c.rewrite != nil {
		out = c.rewrite(p)
	}
	head, _, _ := bytes.Cut(out, []byte("\r\n\r\n"))
	c.journal.answer(c.entry, head, time.Now())
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close closes the connection. One that ends here for no reason recorded
// before was not answered.
func (c *conn) Close() error {
	c.hear()
	c.journal.end(c.entry, End{At: time.Now(), By: "device", Cause: "dropped", Code: 1006})
	return c.Conn.Close()
}

// hear ends silence for this connection.
func (c *conn) hear() { c.overOnce.Do(func() { close(c.over) }) }

// drop closes TCP without a Close frame, with a RST when reset is true.
func (c *conn) drop(reset bool) {
	c.journal.end(c.entry, End{At: time.Now(), By: "device", Cause: "dropped", Code: 1006})
	if reset {
		if tcp := tcpOf(c.Conn); tcp != nil {
			_ = tcp.SetLinger(0) // without it the drop is a FIN; there is nobody to tell
			_ = tcp.Close()
		}
	}
	_ = c.Close()
}

// tcpOf finds the TCP connection under c, or nil.
func tcpOf(c net.Conn) *net.TCPConn {
	for {
		if tcp, ok := c.(*net.TCPConn); ok {
			return tcp
		}
		inner, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return nil
		}
		c = inner.NetConn()
	}
}

// gate is closed while the device is silent.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed when reading is allowed
}

func newGate(silent bool) *gate {
	g := &gate{open: make(chan struct{})}
	if !silent {
		close(g.open)
	}
	return g
}

// wait blocks until the gate is open or over is closed.
func (g *gate) wait(over <-chan struct{}) {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	select {
	case <-open:
	case <-over:
	}
}

// set closes or opens the gate.
func (g *gate) set(silent bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
		if silent {
			g.open = make(chan struct{})
		}
	default:
		if !silent {
			close(g.open)
		}
	}
}
