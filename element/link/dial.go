package link

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"strings"
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
	timeout := cfg.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
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

	mu     sync.Mutex // phases: the dialer's own goroutines report them
	phases map[string]time.Duration
}

// run makes the handshake, a second time when the device asks for a Digest
// login (RFC 7616 §3.3).
func (a *attempt) run(ctx context.Context) (*Session, *Failure) {
	a.mask = newMasker(a.cfg)
	req, f := newRequest(a.cfg, basicLogin(a.cfg))
	if f != nil {
		return nil, f
	}
	s, f := a.handshake(ctx, req)
	if f == nil || a.out.Record.Status != 401 || !a.cfg.HasLogin {
		return s, f
	}
	if _, given := header(a.cfg.Headers, "Authorization"); given {
		return nil, f
	}
	authorization, ok := digestLogin(a.cfg, headerValues(a.out.Headers, "WWW-Authenticate"))
	if !ok {
		return nil, f
	}
	req, f = newRequest(a.cfg, authorization)
	if f != nil {
		return nil, f
	}
	return a.handshake(ctx, req)
}

// handshake connects, sends a request and reads the answer.
func (a *attempt) handshake(ctx context.Context, req *request) (*Session, *Failure) {
	a.forget()
	conn, f := a.connect(ctx)
	if f != nil {
		return nil, f
	}
	s, f := a.upgrade(ctx, conn, req)
	switch {
	case f == nil:
		return s, nil
	case s != nil: // it opened when nobody wanted it any more
		_ = s.Close(goingAway, "", partingFor)
	case givenUp(ctx):
		part(conn)
	default:
		_ = conn.Close() // the failure is what matters
	}
	return nil, f
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

// upgrade sends the request on a connection and judges the answer. A session
// with a failure is one that opened after ctx had ended.
func (a *attempt) upgrade(ctx context.Context, conn net.Conn, req *request) (*Session, *Failure) {
	defer a.time("http")()
	stop := bound(ctx, conn, givenUpPatience)
	defer stop()
	a.out.Record.Request = a.mask.head(string(req.head))
	if _, err := conn.Write(req.head); err != nil {
		return nil, a.unanswered(ctx, err, nil)
	}
	br := bufio.NewReader(conn)
	res, err := readResponse(br)
	a.out.Record.Response = a.mask.head(strings.ToValidUTF8(string(res.raw), "\ufffd"))
	if err != nil {
		return nil, a.unanswered(ctx, err, res)
	}
	a.out.Answered, a.out.StatusLine, a.out.Headers = true, res.statusLine, res.headers
	a.out.Record.Status = res.status
	if res.status != 101 {
		_ = conn.SetReadDeadline(sooner(ctx, refusalPatience)) // fails on a closed connection only
		if givenUp(ctx) {
			return nil, a.unanswered(ctx, ctx.Err(), nil)
		}
		body := res.readBody(br)
		a.out.Body = string(body)
		a.out.Record.Body = a.mask.body(body)
		return nil, a.refused(req, res)
	}
	agreed, f := accept(req, res)
	if f != nil {
		return nil, f
	}
	a.out.Subprotocol, a.out.Extensions = agreed.subprotocol, agreed.extensions
	leftover, _ := br.Peek(br.Buffered()) // what is buffered can be peeked
	wanted := stop()
	s, err := newSession(conn, a.cfg, agreed.deflate, append([]byte(nil), leftover...))
	if err != nil {
		return nil, a.unanswered(ctx, err, nil)
	}
	if !wanted {
		return s, a.unanswered(ctx, ctx.Err(), nil)
	}
	return s, nil
}

// forget drops the answer of an earlier try.
func (a *attempt) forget() {
	a.out = Attempt{Record: element.Handshake{At: a.out.Record.At, PhasesMs: a.out.Record.PhasesMs}}
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
		f.Message = a.mask.text(f.Message)
		a.out.Failure = f
		a.out.Record.Error = &f.Cause
	}
}

// connect makes the connection that the handshake travels on.
func (a *attempt) connect(ctx context.Context) (net.Conn, *Failure) {
	conn, f := a.reach(ctx)
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
