package link

import (
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// wire is the net.Conn that gorilla/websocket reads from. It answers gorilla's
// own opening handshake by itself (ours has been made), then lets frames
// through; a compressed message (RSV1, RFC 7692 §6) goes through as a plain
// one. Read belongs to whoever reads the session; writes may come from any
// goroutine and are whole frames.
type wire struct {
	net.Conn
	readTimeout  time.Duration
	writeTimeout time.Duration
	subprotocols bool         // the handshake offered some
	start        time.Time    // monotonic base of heard
	heard        atomic.Int64 // nanoseconds after start of the last bytes
	ponged       atomic.Bool  // the device has answered a ping
	said         atomic.Int64 // the same of the last bytes that went out
	first        atomic.Int64 // the same of the first whole message; 0 none yet

	hello  []byte // gorilla's request so far
	opened bool   // gorilla's request was answered
	in     input
	frames frames

	deadlines sync.Mutex
	closeBy   time.Time // reads end then, whatever arrives; zero when open
	writeBy   time.Time // writes end then; zero when open

	writing sync.Mutex // held while a frame is written
	stuck   error      // why no frame may follow; under writing
	pongs   sync.Mutex
	pong    []byte // payload of a pong that waits for the writer; nil none
}

// errWire marks an error of the connection itself, so that it is never taken
// for what gorilla/websocket says about frames.
type errWire struct{ err error }

func (e *errWire) Error() string { return e.err.Error() }
func (e *errWire) Unwrap() error { return e.err }

func newWire(c net.Conn, cfg *Config, d deflate, leftover []byte) *wire {
	w := &wire{
		Conn:         c,
		readTimeout:  cfg.ReadTimeout,
		writeTimeout: cfg.WriteTimeout,
		start:        time.Now(),
	}
	_, w.subprotocols = header(cfg.Headers, "Sec-WebSocket-Protocol")
	if w.writeTimeout == 0 {
		w.writeTimeout = DefaultWriteTimeout
	}
	w.in = input{read: w.readConn, buf: leftover}
	if len(leftover) > 0 {
		w.heard.Store(1) // with the answer to the handshake
	}
	w.frames = frames{in: &w.in, deflate: d, limit: maxMessage(cfg)}
	return w
}

func maxMessage(cfg *Config) int64 {
	if cfg.MaxMessage > 0 {
		return cfg.MaxMessage
	}
	return DefaultMaxMessage
}

// Read gives gorilla its handshake answer, then frames.
func (w *wire) Read(p []byte) (int, error) {
	if !w.opened {
		return w.readHello(p)
	}
	return w.frames.Read(p)
}

// readHello answers the handshake that gorilla/websocket makes with itself.
func (w *wire) readHello(p []byte) (int, error) {
	const name = "Sec-WebSocket-Key: "
	_, after, _ := strings.Cut(string(w.hello), name)
	key, _, _ := strings.Cut(after, "\r\n")
	w.opened, w.hello = true, nil
	return copy(p, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+acceptKey(key)+"\r\n\r\n"), nil
}

// readConn reads from the connection and extends the deadline first: a session
// is alive while anything arrives.
func (w *wire) readConn(p []byte) (int, error) {
	if err := w.armRead(); err != nil {
		return 0, &errWire{err}
	}
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.heard.Store(int64(time.Since(w.start)))
		return n, nil // an error that came with data comes again
	}
	if err != nil {
		return 0, &errWire{err}
	}
	return 0, nil
}

func (w *wire) armRead() error {
	if w.readTimeout == 0 {
		return nil
	}
	w.deadlines.Lock()
	defer w.deadlines.Unlock()
	if !w.closeBy.IsZero() {
		return nil
	}
	return w.Conn.SetReadDeadline(time.Now().Add(w.readTimeout))
}

// endReadsBy bounds all reads from now on.
func (w *wire) endReadsBy(t time.Time) {
	w.deadlines.Lock()
	defer w.deadlines.Unlock()
	if w.closeBy.IsZero() || t.Before(w.closeBy) {
		w.closeBy = t
		_ = w.Conn.SetReadDeadline(t) // fails on a closed connection only, whose reads end anyway
	}
}

// lastHeard is when bytes last came.
func (w *wire) lastHeard() time.Time { return w.start.Add(time.Duration(w.heard.Load())) }

// idle is how long nothing has gone either way.
func (w *wire) idle() time.Duration {
	return time.Since(w.start) - time.Duration(max(w.heard.Load(), w.said.Load()))
}

// whySilent guesses why not even a ping is answered any more.
func (w *wire) whySilent() string {
	if w.ponged.Load() {
		return "The device is off, or the network to it is broken."
	}
	return "The device is off, the network to it is broken, or it answers no pings: they can be switched off for this connection."
}

// heardMessage notes when the first message was whole.
func (w *wire) heardMessage() {
	if w.first.Load() == 0 {
		w.first.Store(max(1, int64(time.Since(w.start))))
	}
}

// Write takes gorilla's handshake request.
func (w *wire) Write(p []byte) (int, error) {
	if !w.opened {
		w.hello = append(w.hello, p...)
		return len(p), nil
	}
	// gorilla/websocket writes nothing here but a Close frame when the device did
	// wrong. It says so in its own words; ours follow (Session.linger).
	return len(p), nil
}

func (w *wire) armWrite() error {
	w.deadlines.Lock()
	defer w.deadlines.Unlock()
	by := time.Now().Add(w.writeTimeout)
	if !w.writeBy.IsZero() && w.writeBy.Before(by) {
		by = w.writeBy
	}
	return w.Conn.SetWriteDeadline(by)
}

// endWritesBy bounds all writes from now on, the one under way too.
func (w *wire) endWritesBy(t time.Time) {
	w.deadlines.Lock()
	defer w.deadlines.Unlock()
	if w.writeBy.IsZero() || t.Before(w.writeBy) {
		w.writeBy = t
		_ = w.Conn.SetWriteDeadline(t) // fails on a closed connection only, whose writes end anyway
	}
}

// SetDeadline does nothing: deadlines are the wire's, and gorilla setting one
// must not cut short a write beside it.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, see SetDeadline.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, see SetDeadline.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
