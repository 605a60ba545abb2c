package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"fieldline/element/link"
)

// Close codes that we send (RFC 6455 §7.4.1).
const (
	closeNormal    = 1000 // a person's order, another address
	closeGoingAway = 1001 // the element or the program stops
	closePolicy    = 1008 // the device does not take what it is sent
	closeInternal  = 1011
)

// report is what a goroutine of a connection reports to the owner. Exactly one
// of attempt, messages, sent, ended, reply and trial is set.
type report struct {
	try *try // of a WebSocket

	attempt  *link.Attempt // the try ended; with session when it opened
	session  session
	messages *batch
	sent     *outgoing // with failure when it did not go out
	failure  string
	ended    bool      // a goroutine did; the reader's carries the end
	end      *link.End // why the session ended
	reply    *reply    // the end of an HTTP exchange, and of its goroutine
	trial    *trial    // the end of a trial, and of its goroutine; of no connection
}

// weight is how much of a turn of the owner a report takes.
func (n report) weight() int {
	if n.messages == nil {
		return 1
	}
	return len(n.messages.messages)
}

// outgoing is a message on its way to the device.
type outgoing struct {
	token uint64
	text  bool
	data  []byte
	by    time.Time // not to be sent after it; zero when there is no such time
}

// try is what the goroutines of one try share: they are its reader, for the
// whole of it, and its writer while it is open.
type try struct {
	socket    *socket       // the owner's; no goroutine of the try looks at it
	reports   chan<- report // the owner receives until all goroutines are gone
	outbox    chan *outgoing
	over      <-chan struct{} // closed when the owner wants no more of the try
	dialSlots chan struct{}   // a slot for each opening handshake
	pool      *sync.Pool      // of batches
	pingEvery time.Duration   // 0 for never
	dial      func(context.Context, link.Config) (session, link.Attempt)
}

func (t *try) isOver() bool {
	select {
	case <-t.over:
		return true
	default:
		return false
	}
}

func (t *try) send(n report) {
	n.try = t
	t.reports <- n
}

// read dials when its turn has come and reads until the session ends. Handing a
// message to the owner blocks, which stops the device by TCP's own means. When
// ctx ends, a dial is given up and messages are dropped; an open session is
// ended by closing it.
func (t *try) read(ctx context.Context, cfg link.Config) {
	var end *link.End
	defer func() { t.send(report{ended: true, end: end}) }()
	select {
	case t.dialSlots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	s, attempt := t.dial(ctx, cfg)
	<-t.dialSlots
	t.send(report{attempt: &attempt, session: s})
	if s == nil {
		return
	}
	err := t.readAll(ctx, s)
	// Closing what has ended lets go of the socket.
	if closed := s.Close(closeGoingAway, "", 0); !errors.As(err, &end) {
		end = closed
	}
}

// readAll hands on what arrives until the session ends, and returns why it did.
// Memory for messages is taken once they are there.
func (t *try) readAll(ctx context.Context, s session) error {
	var b *batch
	memory := func(size int) []byte {
		if b == nil {
			b = t.pool.Get().(*batch)
		}
		return b.alloc(size)
	}
	to := make([]link.Message, 0, batchMessages)
	for {
		all, err := s.ReadMany(to, memory)
		if err != nil {
			return err
		}
		if b == nil {
			b = t.pool.Get().(*batch)
		}
		b.messages, to = all, b.messages // which is empty
		n := report{try: t, messages: b}
		b = nil
		if t.isOver() {
			n.messages.giveBack()
			continue
		}
		select {
		case t.reports <- n:
		case <-ctx.Done():
			n.messages.giveBack()
		}
	}
}

// write sends what the outbox holds and pings, until the try is over or the
// connection fails. What is left in the outbox then is the owner's to refuse.
func (t *try) write(s session) {
	defer t.send(report{ended: true})
	var ping <-chan time.Time
	if t.pingEvery > 0 {
		tick := time.NewTicker(t.pingEvery)
		defer tick.Stop()
		ping = tick.C
	}
	for {
		if t.isOver() {
			return // and not one more message, although select might pick it
		}
		select {
		case <-t.over:
			return
		case m := <-t.outbox:
			if !m.by.IsZero() && time.Now().After(m.by) {
				t.send(report{sent: m, failure: "The device did not take what was sent before it in time."})
				continue
			}
			if err := s.Write(m.text, m.data); err != nil {
				t.send(report{sent: m, failure: err.Error()})
				_ = s.Close(closeInternal, "write failed", 0) // the reader reports the end
				return
			}
			t.send(report{sent: m})
		case <-ping:
			if err := s.Ping(); err != nil {
				_ = s.Close(closeInternal, "ping failed", 0) // the reader reports the end
				return
			}
		}
	}
}

// close closes the session gracefully: the owner starts it when it has decided
// so. It is bounded by closeWait.
func (t *try) close(s session, code int, reason string) {
	_ = s.Close(code, reason, closeWait) // the reader reports the end
	t.send(report{ended: true})
}
