package link

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
)

// Limits and defaults of exchanges.
const (
	DefaultMaxBody = 16 << 20 // bytes of the body of an answer, after decoding
	maxRedirects   = 10
	quietFor       = time.Millisecond // what a kept wire is listened to before it is used again
)

// Request is one HTTP exchange. Of Config, Scheme is "http" or "https";
// MaxMessage, ReadTimeout and WriteTimeout mean nothing; Timeout bounds the
// whole exchange, redirections included.
type Request struct {
	Config
	Body           []byte
	MaxBody        int64            // of the answer; DefaultMaxBody when 0
	CustomRedirect bool             // a redirection is an answer like any other
	Close          bool             // the wire is not kept for a next exchange
	ConnectBy      time.Time        // no connection is made for it after that; zero when there is no such time
	Known          bool             // the device has answered requests before: its address is right
	Own            []netip.AddrPort // listeners of this program, where no redirection may lead
}

// Response is what became of an exchange.
type Response struct {
	Record     element.Handshake // masked, for people; of the last request when there were several
	Answered   bool              // an HTTP answer came, whole
	Status     int
	StatusLine string
	Headers    []Header
	Body       []byte   // decoded; text is UTF-8 unless Note says otherwise
	Note       string   // what is wrong with the text of the body, a sentence; "" when nothing is
	Failure    *Failure // nil when Answered; statuses of 400 and more are answers
	Sent       bool     // bytes of the request went out: the device may have carried it out, answered or not

	Steps        []Step        // every request that was sent, in order; the last is that of Record
	RetryAfter   time.Duration // what the device asked for in a refusal or a redirection; 0 when nothing
	LoginRefused bool          // 401 or 403, or the proxy's refusal of its own login
	Downgraded   bool          // a 401 asks for Basic where Digest was asked for before: not answered

	request string // verb and path, masked
	login   bool   // one was sent, or what may be one
}

// Retry reports whether the exchange may be tried again: no answer came in
// time, or no connection could be made (documentation page
// ConnectionsHttpImplementing).
func (r Response) Retry() bool {
	if r.Failure == nil {
		return false
	}
	switch r.Failure.Code {
	case "timeout", "silent", "refused", "no-route", "reset", "failed", "handshake":
		return true
	}
	return false
}

// HTTPConn carries out the exchanges of one connection and keeps its socket open
// between them. One goroutine at a time may use it; the zero HTTPConn is ready.
type HTTPConn struct {
	conn   net.Conn
	br     *bufio.Reader
	to     string         // scheme, host, port and proxy of conn
	remote netip.AddrPort // of the last conn

	logins Logins // of requests that bring none
}

// quiet reports whether the device has neither hung up nor said anything since
// the last exchange. A connection on which it has is of no use any more,
// and finding out before a request is sent spares those that may not be sent
// twice.
func (w *HTTPConn) quiet() bool {
	if w.conn.SetReadDeadline(time.Now().Add(quietFor)) != nil {
		return false
	}
	_, err := w.br.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && w.conn.SetReadDeadline(time.Time{}) == nil
}

// Close lets go of the socket.
func (w *HTTPConn) Close() {
	if w.conn != nil {
		_ = w.conn.Close() // nothing is on its way
		w.conn, w.br = nil, nil
	}
}

// Exchange sends a request and reads the whole answer. Redirections are
// followed unless the request says otherwise (RFC 9110 §15.4), a Digest login
// is made when the device asks for it. It starts no goroutine that outlives it.
func (w *HTTPConn) Exchange(ctx context.Context, req Request) Response {
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if req.Verb == "" {
		req.Verb = "GET"
	}
	if req.Logins == nil {
		req.Logins = &w.logins
	}
	x := &exchange{w: w, req: req}
	var out Response
	for hops := 0; ; hops++ {
		out = x.once(ctx)
		if out.Failure != nil || req.CustomRedirect || !isRedirect(out.Status) {
			break
		}
		if f := x.follow(ctx, out, hops); f != nil {
			f.Message = x.a.mask.text(f.Message)
			out.Answered, out.Failure, out.Record.Error = false, f, &f.Cause
			break
		}
	}
	if req.Close || out.Failure != nil {
		w.Close()
	}
	x.complete(&out)
	return out
}

// exchange is one Exchange under way.
type exchange struct {
	w    *HTTPConn
	req  Request
	a    *attempt
	sent bool // bytes of the request at hand went out
	done bool // one that the device answered with a redirection did

	cookies    map[int]*Cookies // by port
	fence      *fence           // once a redirection was followed
	login      *login
	steps      []Step
	retryAfter time.Duration
}

// once sends the request, and again with the login that is asked for.
func (x *exchange) once(ctx context.Context) Response {
	cfg := x.req.Config
	cfg.Scheme = map[string]string{"https": "wss"}[cfg.Scheme]
	if cfg.Scheme == "" {
		cfg.Scheme = "ws"
	}
	x.a = &attempt{cfg: &cfg, started: time.Now(), fence: x.fence}
	x.a.out.Record = element.Handshake{At: element.At(x.a.started), PhasesMs: map[string]int64{}}
	x.a.mask = newMasker(cfg.Destination)
	res, body, f := x.logIn(ctx)
	if f != nil {
		f.Message = httpWords(f.Message)
	}
	x.a.finish(f)
	out := Response{Record: x.a.out.Record, Failure: x.a.out.Failure, Sent: x.sent || x.done}
	if f == nil {
		out.Answered, out.Status, out.StatusLine, out.Headers, out.Body = true, res.status, res.statusLine, res.headers, body
		out.Note = x.a.out.Note
	}
	x.judge(&out, res)
	return out
}

// send writes the request on the wire that is open, or on a new one. When a
// kept wire turns out to be dead before anything of an answer came, a request
// that may be repeated is sent on a new one (RFC 9112 §9.3.1).
func (x *exchange) send(ctx context.Context, authorization string) (*response, []byte, *Failure) {
	x.sent = false
	head, f := x.head(authorization)
	if f != nil {
		return nil, nil, f
	}
	kept := x.w.conn != nil && x.w.to == x.target() && x.w.quiet()
	if !kept {
		if f := x.connect(ctx); f != nil {
			return nil, nil, f
		}
	}
	res, body, err := x.roundTrip(ctx, head)
	if err != nil && kept && len(rawOf(res)) == 0 && element.Repeatable(x.req.Verb) && ctx.Err() == nil {
		if f := x.connect(ctx); f != nil {
			return nil, nil, f
		}
		res, body, err = x.roundTrip(ctx, head)
	}
	switch {
	case errors.Is(err, errBodyTooLarge):
		f = &Failure{Cause: cause("http", "too-large", "The answer of %s has a body of more than %d bytes; it was not read.", x.a.where(), x.maxBody()), Err: err}
	case errors.Is(err, errEncoding):
		f = &Failure{Cause: cause("http", "encoding", "The body that %s answered cannot be decoded: %s.", x.a.where(), plain(err)), Err: err}
	case err != nil:
		f = x.unanswered(ctx, err, res)
	}
	if f != nil {
		x.w.Close()
	}
	return res, body, f
}

func rawOf(r *response) []byte {
	if r == nil {
		return nil
	}
	return r.raw
}

// target names where the wire leads, for comparing.
func (x *exchange) target() string {
	p := x.req.Proxy
	return fmt.Sprintf("%s://%s %s %v %+v", x.req.Scheme, hostPort(x.a.cfg), p.URL, p.Bypass, x.req.TLS)
}

func (x *exchange) connect(ctx context.Context) *Failure {
	x.w.Close()
	if by := x.req.ConnectBy; !by.IsZero() {
		bounded, cancel := context.WithDeadline(ctx, by)
		defer cancel()
		ctx = bounded
	}
	conn, f := x.a.connect(ctx)
	if f != nil {
		return f
	}
	x.w.conn, x.w.br, x.w.to, x.w.remote = conn, bufio.NewReader(conn), x.target(), remoteOf(conn)
	return nil
}

// roundTrip sends a request and reads its answer.
func (x *exchange) roundTrip(ctx context.Context, head []byte) (*response, []byte, error) {
	defer x.a.time("http")()
	conn := x.w.conn
	stop := bound(ctx, conn, 0)
	defer stop()
	x.step(head)
	n, err := conn.Write(append(head, x.req.Body...))
	x.sent = x.sent || n > 0
	if err != nil {
		return nil, nil, err
	}
	res, err := readResponse(x.w.br)
	x.a.out.Record.Response = x.a.mask.head(headText(res.raw))
	if err != nil {
		return res, nil, err
	}
	x.a.out.Record.Status = res.status
	x.cookiesFor().set(webURL(x.a.cfg), res.headers)
	body, reusable, err := x.readBody(res)
	if err == nil {
		body, err = decodeBody(res, body, x.maxBody())
	}
	if err == nil {
		body, x.a.out.Note = decodeText(res.headers, body)
	}
	x.a.out.Record.Body = x.a.mask.body(body)
	x.stepped(body)
	switch {
	case err != nil:
	case !reusable || !res.staysOpen():
		x.w.Close()
	case stop():
		_ = conn.SetDeadline(time.Time{}) // for the next exchange
	default:
		x.w.Close()
	}
	return res, body, err
}

func (x *exchange) maxBody() int64 {
	if x.req.MaxBody > 0 {
		return x.req.MaxBody
	}
	return DefaultMaxBody
}

// head writes the request line and the fields: those of the connector as they
// are, one of each name with its values joined, and ours where it has none.
func (x *exchange) head(authorization string) ([]byte, *Failure) {
	cfg := x.a.cfg
	if f := checkRequest(cfg); f != nil {
		return nil, f
	}
	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	b.WriteString(x.req.Verb + " " + cfg.Path + " HTTP/1.1\r\n")
	ours := []Header{
		{Name: "Host", Value: hostHeader(cfg)}, {Name: "User-Agent", Value: userAgent}, {Name: "Connection", Value: "Keep-Alive"}, {Name: "Accept-Encoding", Value: "gzip, deflate"},
	}
	for _, h := range ours {
		if _, given := header(cfg.Headers, h.Name); !given {
			line(h.Name, h.Value)
		}
	}
	seen := map[string]bool{"content-length": true, "transfer-encoding": true}
	fields := cookieFields(cfg, x.cookiesFor())
	for _, h := range fields {
		if name := strings.ToLower(h.Name); !seen[name] {
			seen[name] = true
			between := ", "
			if name == "cookie" {
				between = "; " // RFC 9113 §8.2.3
			}
			line(h.Name, strings.Join(headerValues(fields, h.Name), between))
		}
	}
	if authorization != "" {
		line("Authorization", authorization)
	}
	if len(x.req.Body) > 0 || x.req.Verb == "POST" || x.req.Verb == "PUT" || x.req.Verb == "PATCH" {
		line("Content-Length", strconv.Itoa(len(x.req.Body)))
	}
	b.WriteString("\r\n")
	return []byte(b.String()), nil
}
