package link

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Session is one open WebSocket. It starts no goroutine. Read and ReadMany
// belong to one goroutine; all other methods may be called from any, also
// beside each other.
type Session struct {
	wire *wire
	ws   *websocket.Conn

	reading  sync.Mutex // held by Read, and by Close while nobody reads
	kept     []Message  // what Close read in its stead
	keptSize int64

	mu      sync.Mutex
	end     atomic.Pointer[End] // first one wins; set under mu
	closing *End                // what end will be unless the device was first
	broken  error
	done    chan struct{} // closed when end is set
}

// gorillaRead is the size of gorilla/websocket's own read buffer, enough for
// the frames that pass through it; reads from the socket are larger, see input.
const gorillaRead = 512

// newSession takes over a connection on which a handshake succeeded; leftover
// is what came after it.
func newSession(c net.Conn, cfg *Config, d deflate, leftover []byte) (*Session, error) {
	w := newWire(c, cfg, d, leftover)
	dialer := websocket.Dialer{
		NetDialContext:  func(context.Context, string, string) (net.Conn, error) { return w, nil },
		ReadBufferSize:  gorillaRead,
		WriteBufferPool: &noBuffers{}, // all messages are written by the wire
	}
	ws, _, err := dialer.DialContext(context.Background(), "ws://device", nil) //nolint:bodyclose // the answer is our own and has none
	if err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	s := &Session{wire: w, ws: ws, done: make(chan struct{})}
	ws.SetReadLimit(w.frames.limit)
	ws.SetPongHandler(func(string) error { w.ponged.Store(true); return nil })
	ws.SetPingHandler(func(payload string) error { w.sendPong([]byte(payload)); return nil })
	ws.SetCloseHandler(s.answerClose)
	return s, nil
}

// noBuffers is the pool of write buffers that gorilla/websocket never asks for.
type noBuffers struct{}

// Get has nothing to give; gorilla/websocket allocates then.
func (*noBuffers) Get() any { return nil }

// Put drops what it gets.
func (*noBuffers) Put(any) {}

// Read waits for the next message, in memory of its own. Its error is an *End.
func (s *Session) Read() (Message, error) {
	var one [1]Message
	all, err := s.ReadMany(one[:0], fresh)
	if err != nil {
		return Message{}, err
	}
	return all[0], nil
}

// ReadMany waits for a message and appends it to to, and with it those that
// have arrived whole already: while to has capacity and they are not more than
// manyBytes together. Each lies in what memory gives for its size, which has
// to be that long; messages that Close has read lie in memory of their own. Its
// error is an *End, and then there is no message.
func (s *Session) ReadMany(to []Message, memory func(size int) []byte) ([]Message, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if len(s.kept) > 0 {
		m := s.kept[0]
		s.kept = s.kept[1:]
		return append(to, m), nil
	}
	if end := s.End(); end != nil {
		return to, end
	}
	had, size := len(to), 0
	for {
		m, err := s.read(memory)
		if err != nil {
			end := s.readFailed(err)
			if len(to) > had {
				return to, nil // the next call tells
			}
			return to, end
		}
		to = append(to, m)
		size += len(m.Data)
		if len(to) == cap(to) || size >= manyBytes || !s.wire.frames.ready() {
			return to, nil
		}
	}
}

// Write sends one message as one frame. Its error is an *End.
func (s *Session) Write(text bool, data []byte) error {
	op := byte(opBinary)
	if text {
		op = opText
	}
	return s.send(op, data)
}

// Ping sends a ping without payload. Whether the device lives shows in
// LastHeard. Its error is an *End.
func (s *Session) Ping() error { return s.send(opPing, nil) }

func (s *Session) send(op byte, data []byte) error {
	if end := s.ending(); end != nil {
		return end
	}
	err := s.wire.writeFrame(op, data)
	if err == nil {
		return nil
	}
	return s.writeFailed(err)
}

// End is why the session ended, nil while it is open.
func (s *Session) End() *End { return s.end.Load() }

// LastHeard is when anything last came from the device: a message, a part of
// one, a ping or a pong; the opening when nothing came yet.
func (s *Session) LastHeard() time.Time { return s.wire.lastHeard() }

// Opened is when the opening handshake had succeeded.
func (s *Session) Opened() time.Time { return s.wire.start }

// FirstMessage is when the first message was whole; the zero time when none
// was yet.
func (s *Session) FirstMessage() time.Time {
	if d := s.wire.first.Load(); d > 0 {
		return s.wire.start.Add(time.Duration(d))
	}
	return time.Time{}
}

// Close sends a Close frame, waits at most wait for the device's and closes the
// connection. It returns the end of the session: the first call's, or the
// device's when that came first. Messages that arrive while it waits are
// Read's; when nobody reads at that moment they are kept for it, as many as one
// message may be large. With wait 0 the Close frame is sent and not waited for.
func (s *Session) Close(code int, reason string, wait time.Duration) *End {
	end, first := s.beginClose(code, reason)
	if end != nil {
		return end
	}
	sent := true
	if first {
		now := time.Now()
		s.wire.endReadsBy(now.Add(wait))
		sent = s.wire.sendClose(code, reason, now.Add(max(wait, lastWord))) == nil
	}
	if sent && wait > 0 {
		s.awaitEnd(wait)
	}
	return s.finish(s.ending())
}

// lastWord is what a Close frame gets at least to leave.
const lastWord = 100 * time.Millisecond

// beginClose returns the end when there is one already, and whether this is
// the first Close.
func (s *Session) beginClose(code int, reason string) (end *End, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if end := s.End(); end != nil || s.closing != nil {
		return end, false
	}
	s.closing = localEnd(code, reason)
	return nil, true
}

// awaitEnd waits for whoever reads to see the end; it reads by itself when
// nobody does.
func (s *Session) awaitEnd(wait time.Duration) {
	if s.reading.TryLock() {
		defer s.reading.Unlock()
		for {
			m, err := s.read(fresh)
			if err != nil {
				_ = s.readFailed(err) // End tells
				return
			}
			if s.keptSize += int64(len(m.Data)); s.keptSize <= s.wire.frames.limit {
				s.kept = append(s.kept, m)
			}
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-s.done:
	case <-timer.C:
	}
}

// ending is the end that is certain: the one there is, or ours on its way.
func (s *Session) ending() *End {
	s.mu.Lock()
	defer s.mu.Unlock()
	if end := s.End(); end != nil {
		return end
	}
	return s.closing
}

// finish sets the end unless there is one, closes the connection and returns
// the end there is.
func (s *Session) finish(end *End) *End {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end.CompareAndSwap(nil, end) {
		close(s.done)
		_ = s.wire.Close() // nothing is left to be said to the device
	}
	return s.End()
}

// writeFailed ends the session after a failed write. When the device hung up
// it may have said why: whoever reads gets a moment to find its Close frame.
func (s *Session) writeFailed(err error) *End {
	if errors.Is(err, errClosing) {
		if end := s.ending(); end != nil {
			return end
		}
	}
	s.mu.Lock()
	s.broken = err
	s.mu.Unlock()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		s.wire.endReadsBy(time.Now().Add(graceForCause))
		s.awaitEnd(graceForCause)
	}
	return s.finish(s.endOfWrite(err))
}

// graceForCause is how long a failed write waits for the reason.
const graceForCause = 250 * time.Millisecond
