package link

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"sync"
	"time"

	"fieldline/element"

	"golang.org/x/net/idna"
)

// DefaultTimeout bounds an opening handshake when Config names no time.
const DefaultTimeout = 10 * time.Second

// refusalPatience is how long the body of a refusal may take: it explains, and
// nobody wants to wait for an explanation.
const refusalPatience = 2 * time.Second

// Dial makes one opening handshake (RFC 6455 §4.1). The Session is nil when
// Attempt.Failure is not. It returns when the handshake is over, when
// cfg.Timeout is over or when ctx is, and starts no goroutine that outlives it.
// A handshake under way that ctx gives up is ended in order, which takes at most
// givenUpPatience and partingFor: with a Close frame (1001) when the device
// accepts in that time, else without resetting the connection.
func Dial(ctx context.Context, cfg Config) (*Session, Attempt) {
	a := &attempt{cfg: &cfg, started: time.Now()}
	a.out.Record = element.Handshake{At: element.At(a.started), PhasesMs: map[string]int64{}}
	ctx, cancel := context.WithTimeout(ctx, a.timeout())
	defer cancel()
	s, f := a.run(ctx)
	a.finish(f)
	return s, a.out
}

// attempt is one Dial under way.
type attempt struct {
	cfg     *Config
	started time.Time
	out     Attempt
	mask    masker
	via     string // the proxy that leads to the device, once it does
	fence   *fence // of a redirection; nil when nobody sends us

	conn net.Conn // of the handshake under way, or left open by a refusal; nil for none
	br   *bufio.Reader

	mu     sync.Mutex // phases: the dialer's own goroutines report them
	phases map[string]time.Duration
}

// run makes the handshake, again with the login that the device asks for
// (RFC 7616 §3.3), over the same connection where that stays open.
func (a *attempt) run(ctx context.Context) (*Session, *Failure) {
	a.mask = newMasker(a.cfg.Destination)
	if a.cfg.Cookies == nil {
		a.cfg.Cookies = &Cookies{}
	}
	l := newLogin(a.cfg)
	defer a.drop()
	for authorization := l.first(false); ; {
		req, f := newRequest(a.cfg, authorization)
		if f != nil {
			return nil, f
		}
		s, f := a.handshake(ctx, req)
		if !a.out.Answered {
			return s, f
		}
		again, ok := l.next(a.out.Record.Status, a.out.Headers)
		if ok {
			authorization = again
			continue
		}
		l.done(a.out.Record.Status, a.out.Headers, false)
		if l.downgraded {
			f.Cause = cause("http", "login-scheme", "The device at %s refused the WebSocket: %s. %s", a.where(), a.statusLine(), onlyDigest)
		}
		return s, f
	}
}

// statusLine is "401 Unauthorized" of the answer.
func (a *attempt) statusLine() string {
	return statusText(&response{statusLine: a.out.StatusLine, status: a.out.Record.Status})
}

// handshake sends a request on the connection that an earlier one left open,
// or on a new one, and reads the answer.
func (a *attempt) handshake(ctx context.Context, req *request) (*Session, *Failure) {
	a.forget()
	kept := a.conn != nil
	if !kept {
		conn, f := a.connect(ctx)
		if f != nil {
			return nil, f
		}
		a.conn, a.br = conn, bufio.NewReader(conn)
	}
	conn := a.conn
	s, reusable, f := a.upgrade(ctx, req)
	switch {
	case f == nil:
		a.conn = nil // the session's
		return s, nil
	case reusable:
		return nil, f
	}
	a.conn = nil
	switch {
	case s != nil: // it opened when nobody wanted it any more
		_ = s.Close(goingAway, "", partingFor)
	case givenUp(ctx):
		part(conn)
	default:
		_ = conn.Close() // the failure is what matters
	}
	if kept && a.out.Record.Response == "" && ctx.Err() == nil { // the device hung up after its refusal
		return a.handshake(ctx, req)
	}
	return nil, f
}

// drop lets go of a connection that nothing more is sent on.
func (a *attempt) drop() {
	if a.conn != nil {
		_ = a.conn.Close() // nothing is on its way
	}
}

const (
	goingAway = 1001 // RFC 6455 §7.4.1

	// givenUpPatience is how long the answer to a handshake is waited for that
	// was given up: a device that has accepted gets a Close frame.
	givenUpPatience = 200 * time.Millisecond
	// partingFor is how long the device may then take to hang up.
	partingFor = 200 * time.Millisecond
	// partingBytes is what is read of what it still says.
	partingBytes = 64 << 10
)

func givenUp(ctx context.Context) bool { return errors.Is(context.Cause(ctx), context.Canceled) }

// part ends a connection in TCP's order: our side first, then what the device
// still says is read until it hangs up too. Closing with unread data, or before
// an answer that is on its way, would reset it.
func part(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(partingFor)) // fails on a closed connection only
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, conn, partingBytes)
	}
	_ = conn.Close()
}

// upgrade sends the request and judges the answer. A session with a failure is
// one that opened after ctx had ended. reusable says that the connection is free
// for another request.
func (a *attempt) upgrade(ctx context.Context, req *request) (s *Session, reusable bool, f *Failure) {
	defer a.time("http")()
	conn, br := a.conn, a.br
	stop := bound(ctx, conn, givenUpPatience)
	defer stop()
	a.out.Record.Request = a.mask.head(string(req.head))
	if _, err := conn.Write(req.head); err != nil {
		return nil, false, a.unanswered(ctx, err, nil)
	}
	res, err := readResponse(br)
	a.out.Record.Response = a.mask.head(headText(res.raw))
	if err != nil {
		return nil, false, a.unanswered(ctx, err, res)
	}
	a.out.Answered, a.out.StatusLine, a.out.Headers = true, res.statusLine, res.headers
	a.cfg.Cookies.set(webURL(a.cfg), res.headers)
	a.out.Record.Status = res.status
	if res.status != 101 {
		_ = conn.SetReadDeadline(sooner(ctx, refusalPatience)) // fails on a closed connection only
		if givenUp(ctx) {
			return nil, false, a.unanswered(ctx, ctx.Err(), nil)
		}
		body, whole := res.readBody(br)
		if givenUp(ctx) { // while it was read
			return nil, false, a.unanswered(ctx, ctx.Err(), nil)
		}
		body, a.out.Note = decodeText(res.headers, body)
		a.out.Body = string(body)
		a.out.Record.Body = a.mask.body(body)
		return nil, whole && res.staysOpen() && br.Buffered() == 0, a.refused(req, res)
	}
	agreed, f := accept(req, res)
	if f != nil {
		return nil, false, f
	}
	a.out.Subprotocol, a.out.Extensions = agreed.subprotocol, agreed.extensions
	leftover, _ := br.Peek(br.Buffered()) // what is buffered can be peeked
	wanted := stop()
	s, err = newSession(conn, a.cfg, agreed.deflate, append([]byte(nil), leftover...))
	if err != nil {
		return nil, false, a.unanswered(ctx, err, nil)
	}
	if !wanted {
		return s, false, a.unanswered(ctx, ctx.Err(), nil)
	}
	return s, false, nil
}

// forget keeps what was sent before as led to what is sent now.
func (a *attempt) forget() {
	last := a.out.Record
	before := last.Before
	if last.Request != "" {
		last.PhasesMs, last.Before = map[string]int64{}, nil // times are of all together
		before = append(before, last)
	}
	a.out = Attempt{Record: element.Handshake{At: element.At(time.Now()), PhasesMs: a.out.Record.PhasesMs, Before: before}}
}

// bound makes conn fail when ctx ends, and patience later when ctx is given up
// before its time. The stop function reports whether ctx had not ended before.
func bound(ctx context.Context, conn net.Conn, patience time.Duration) (stop func() bool) {
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline) // fails on a closed connection only
	}
	var once sync.Once
	running := true
	cancel := context.AfterFunc(ctx, func() {
		end := time.Unix(1, 0)
		if patience > 0 && givenUp(ctx) {
			end = sooner(ctx, patience)
		}
		_ = conn.SetDeadline(end)
	})
	return func() bool {
		once.Do(func() { running = cancel() })
		return running
	}
}

// sooner is the end of ctx or of a time from now.
func sooner(ctx context.Context, d time.Duration) time.Time {
	t := time.Now().Add(d)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(t) {
		return deadline
	}
	return t
}

// time measures a phase until the returned function is called. A phase that
// happens twice is summed up.
func (a *attempt) time(phase string) (stop func()) {
	from := time.Now()
	return func() { a.took(phase, time.Since(from)) }
}

func (a *attempt) took(phase string, d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.phases == nil {
		a.phases = map[string]time.Duration{}
	}
	a.phases[phase] += d
}

// finish completes the record.
func (a *attempt) finish(f *Failure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for phase, d := range a.phases {
		a.out.Record.PhasesMs[phase] = d.Milliseconds()
	}
	if f != nil {
		if a.via != "" && !a.out.Answered && f.Phase != "proxy" && f.Code != "canceled" {
			f.Message += " The connection goes through the proxy " + a.via + "."
		}
		f.Message = a.mask.text(f.Message)
		a.out.Failure = f
		a.out.Record.Error = &f.Cause
	}
}

// connect makes the connection that the handshake travels on.
func (a *attempt) connect(ctx context.Context) (net.Conn, *Failure) {
	conn, f := a.dialDevice(ctx)
	if f != nil || a.cfg.Scheme != "wss" {
		return conn, f
	}
	secure, f := a.secure(ctx, conn)
	if f != nil {
		_ = conn.Close() // the failure is what matters
		return nil, f
	}
	return secure, nil
}

// dialTCP looks up a name and connects to the first of its addresses that
// answers (RFC 8305).
func (a *attempt) dialTCP(ctx context.Context, address string) (net.Conn, error) {
	var mu sync.Mutex // the dialer tries addresses beside each other
	var lookup, connecting time.Time
	trace := &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { lookup = time.Now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { a.took("dns", time.Since(lookup)) },
		ConnectStart: func(string, string) {
			mu.Lock()
			defer mu.Unlock()
			if connecting.IsZero() {
				connecting = time.Now()
			}
		},
	}
	var d net.Dialer
	if a.fence != nil && !a.proxied() {
		d.Control = a.fence.control
	}
	conn, err := d.DialContext(httptrace.WithClientTrace(ctx, trace), "tcp", address)
	mu.Lock()
	defer mu.Unlock()
	if !connecting.IsZero() {
		a.took("tcp", time.Since(connecting))
	}
	return conn, err
}

// asciiHost writes a name with letters beyond ASCII as DNS knows it (RFC 5891).
func asciiHost(host string) (string, error) {
	for i := range len(host) {
		if host[i] >= 0x80 {
			return idna.Lookup.ToASCII(host)
		}
	}
	return host, nil
}
