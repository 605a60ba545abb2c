package runner

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// device is a scripted Dial: it counts what is alive at each target and
// remembers every try.
type device struct {
	// answer says what becomes of the nth try (from 1); nil opens each at once.
	answer func(n int, cfg link.Config) plan

	mu       sync.Mutex
	tries    []dialled
	sessions []*scripted
	alive    map[string]int
	most     int
}

// plan is what becomes of a try.
type plan struct {
	after   time.Duration
	failure *link.Failure
	status  int // of the answer; 0 is none for a failure, 101 for a success
	body    string
	session *scripted // opened; a fresh one when nil and failure is nil
}

type dialled struct {
	at  time.Time
	cfg link.Config
}

func (d *device) dial(ctx context.Context, cfg link.Config) (session, link.Attempt) {
	d.mu.Lock()
	d.tries = append(d.tries, dialled{time.Now(), cfg})
	n := len(d.tries)
	d.mu.Unlock()
	d.live(cfg, +1)
	p := plan{}
	if d.answer != nil {
		p = d.answer(n, cfg)
	}
	select {
	case <-time.After(p.after):
	case <-ctx.Done():
		d.live(cfg, -1)
		return nil, link.Attempt{Failure: &link.Failure{Cause: element.Cause{Phase: "tcp", Code: "canceled", Message: "The try was given up."}}}
	}
	a := link.Attempt{Record: element.Handshake{Status: p.status}, Failure: p.failure, Body: p.body}
	if p.failure != nil {
		a.Answered = p.status != 0
		d.live(cfg, -1)
		return nil, a
	}
	s := p.session
	if s == nil {
		s = newScripted()
	}
	s.mu.Lock() // the plan may end it at any moment
	s.ended = func() { d.live(cfg, -1) }
	if s.end != nil {
		s.ended()
	}
	s.mu.Unlock()
	a.Answered, a.StatusLine, a.Record.Status = true, "HTTP/1.1 101 Switching Protocols", 101
	d.mu.Lock()
	d.sessions = append(d.sessions, s)
	d.mu.Unlock()
	return s, a
}

// live counts tries and sessions of one connection, told by its path: that of
// testConnector is the element's id.
func (d *device) live(cfg link.Config, by int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.alive == nil {
		d.alive = map[string]int{}
	}
	d.alive[cfg.Path] += by
	d.most = max(d.most, d.alive[cfg.Path])
}

// check fails the test when two sessions of one connection were alive at a
// time, or when one still is.
func (d *device) check(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.most > 1 {
		t.Errorf("%d sessions of one connection were alive at the same time", d.most)
	}
	for path, n := range d.alive {
		if n != 0 {
			t.Errorf("%d sessions of %s are still alive", n, path)
		}
	}
}

func (d *device) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.tries)
}

func (d *device) try(n int) dialled {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tries[n-1]
}

// last is the session opened last.
func (d *device) last() *scripted {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sessions[len(d.sessions)-1]
}

// scripted is a session whose other side is the test.
type scripted struct {
	in     chan link.Message
	closed chan struct{}
	hold   chan struct{} // Write blocks until it is closed, when not nil
	lag    time.Duration // the device's answer to our Close takes so long
	ended  func()
	opened time.Time

	mu      sync.Mutex
	end     *link.End
	written []string
	pings   int
	heard   time.Time // when the first message was read
	closes  []int     // codes we sent
}

func newScripted() *scripted {
	return &scripted{in: make(chan link.Message), closed: make(chan struct{}), opened: time.Now()}
}

func (s *scripted) Opened() time.Time { return s.opened }

func (s *scripted) FirstMessage() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

func (s *scripted) ReadMany(to []link.Message, memory func(int) []byte) ([]link.Message, error) {
	select {
	case m := <-s.in:
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.heard.IsZero() {
			s.heard = time.Now()
		}
		data := memory(len(m.Data))
		copy(data, m.Data)
		return append(to, link.Message{Text: m.Text, Data: data}), nil
	case <-s.closed:
		s.mu.Lock()
		defer s.mu.Unlock()
		return to, s.end
	}
}

func (s *scripted) Write(_ bool, data []byte) error {
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-s.closed:
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end != nil {
		return s.end
	}
	s.written = append(s.written, string(data))
	return nil
}

func (s *scripted) Ping() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pings++
	if s.end != nil {
		return s.end
	}
	return nil
}

func (s *scripted) Close(code int, reason string, wait time.Duration) *link.End {
	s.mu.Lock()
	if s.end == nil {
		s.closes = append(s.closes, code)
	}
	s.mu.Unlock()
	if lag := min(s.lag, wait); lag > 0 {
		select {
		case <-time.After(lag):
		case <-s.closed:
		}
	}
	return s.finish(link.End{Code: code, Reason: reason, By: "us", Cause: "closed", Message: "We closed the connection."})
}

// finish ends the session once, for whatever reason came first.
func (s *scripted) finish(end link.End) *link.End {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil {
		s.end = &end
		close(s.closed)
		if s.ended != nil {
			s.ended()
		}
	}
	return s.end
}

// drop is the device closing the connection.
func (s *scripted) drop(code int, reason string) {
	s.finish(link.End{Code: code, Reason: reason, By: "device", Cause: "closed", Message: "The device closed the connection."})
}

// say is the device sending a text; it panics when nobody reads.
func (s *scripted) say(text string) {
	select {
	case s.in <- link.Message{Text: true, Data: []byte(text)}:
	case <-time.After(time.Minute):
		panic("nobody reads what the device says")
	}
}

// said is what the device has received.
func (s *scripted) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.written...)
}

func (s *scripted) sentCloses() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int(nil), s.closes...)
}

func refusal(code, message string) *link.Failure {
	return &link.Failure{Cause: element.Cause{Phase: "tcp", Code: code, Message: message}}
}

// first is an answer to the first try; later ones open.
func first(p plan) func(int, link.Config) plan {
	return func(n int, _ link.Config) plan {
		if n == 1 {
			return p
		}
		return plan{}
	}
}

// dropLast ends the session opened last, if there is one.
func (d *device) dropLast() {
	d.mu.Lock()
	var s *scripted
	if len(d.sessions) > 0 {
		s = d.sessions[len(d.sessions)-1]
	}
	d.mu.Unlock()
	if s != nil {
		s.drop(1011, "overload")
	}
}

// dialOnce opens the given session, and nothing after it.
func dialOnce(s session) func(context.Context, link.Config) (session, link.Attempt) {
	var used atomic.Bool
	return func(context.Context, link.Config) (session, link.Attempt) {
		if used.Swap(true) {
			return nil, link.Attempt{Failure: refusal("refused", "Nobody listens.")}
		}
		return s, link.Attempt{Answered: true}
	}
}
