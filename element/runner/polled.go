package runner

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// exchanger carries out HTTP exchanges, one at a time, as *link.HTTPConn does.
// Close may be called when none is under way.
type exchanger interface {
	Exchange(ctx context.Context, req link.Request) link.Response
	Close()
}

// reply is the end of one exchange, with the socket it went over.
type reply struct {
	of       *polled
	token    uint64
	request  engine.Request
	response link.Response
	over     *httpConn
}

// httpConn is a socket for exchanges that follow each other.
type httpConn struct {
	exchanger
	cancel context.CancelFunc // of the exchange under way; nil when none
}

// polled is a connection over HTTP: the logic orders each exchange, polling says
// when the device may be asked again.
type polled struct {
	c          *connection
	polling    polling
	conns      map[uint64]*httpConn // by the number the logic gives them
	goroutines int
}

func (p *polled) running() int   { return p.goroutines }
func (p *polled) due() time.Time { return p.polling.due() }
func (p *polled) connect()       {}
func (p *polled) reconnect()     { p.endWaits() }
func (p *polled) targetChanged() {}
func (p *polled) allEnded()      {}
func (p *polled) begin()         { p.notAskedYet() }

func (p *polled) configured(change connectionChange) {
	if change.settings {
		p.endWaits()
	}
}

// request starts a goroutine for one exchange. The logic asks for one at a time
// on each socket; one that a stop has given up may still be ending, on a socket
// of its own.
func (p *polled) request(e engine.Request) {
	r, c := p.c.r, p.c
	if p.conns == nil {
		p.conns = map[uint64]*httpConn{}
	}
	conn := p.conns[e.Socket]
	if conn == nil {
		conn = &httpConn{exchanger: r.o.Exchanger()}
		p.conns[e.Socket] = conn
	}
	ctx, cancel := context.WithCancel(context.Background())
	conn.cancel = cancel
	p.goroutines++
	p.showTarget()
	p.showAsking(exchangeID{e.Session, e.Exchange})
	req := link.Request{Config: c.linkConfig(e.Opening), Body: e.Body, CustomRedirect: e.CustomRedirect, Close: e.Close, ConnectBy: e.ConnectBy, Own: r.o.Listeners}
	req.Verb = e.Verb
	req.Known = !c.public.LastMessageAt.IsZero()
	go exchange(ctx, cancel, conn, req, report{reply: &reply{of: p, token: e.Token, request: e, over: conn}}, r.reports)
}

// exchange is the goroutine of one exchange: it reports its end and is over.
func exchange(ctx context.Context, cancel context.CancelFunc, over exchanger, req link.Request, n report, to chan<- report) {
	defer cancel()
	n.reply.response = over.Exchange(ctx, req)
	to <- n
}

// disconnect ends the exchanges that are under way and lets go of the sockets.
func (p *polled) disconnect(int, string) {
	for _, conn := range p.conns {
		if conn.cancel != nil {
			conn.cancel()
		} else {
			conn.Close()
		}
	}
	p.conns = nil
	p.c.become(element.ConnClosed)
	p.endWaits()
}

// replied takes the end of an exchange. That of one that was given up is no
// news.
func (p *polled) replied(a *reply) {
	c := p.c
	p.goroutines--
	if p.conns[a.request.Socket] != a.over {
		a.over.Close()
		if c.running() == 0 {
			c.transport.allEnded()
		}
		return
	}
	a.over.cancel = nil
	record := a.response.Record
	c.handshakes.last = &record
	p.listExchange(a)
	c.noteText(a.response.Note)
	in := engine.Replied{Token: a.token, Status: a.response.Status, StatusLine: a.response.StatusLine, Body: a.response.Body, Sent: a.response.Sent}
	in.Said = c.r.secrets.maskText(a.response.Said())
	in.Headers = a.response.Headers
	switch f := a.response.Failure; {
	case f != nil:
		c.handshakes.failed(&record)
		in.Err, in.Retry, in.Cause = c.r.secrets.maskText(f.Message), a.response.Retry(), f.Phase+"/"+f.Code
		p.notAnswered(f.Cause, 0, "")
	case a.response.Status >= http.StatusBadRequest:
		c.handshakes.failed(&record)
		p.notAnswered(a.response.Refusal(), a.response.Status, record.Body)
	default:
		c.handshakes.succeeded(&record)
		p.answeredWell()
	}
	p.judge(a)
	c.touch()
	c.r.enqueue(in)
}

// answeredWell is a reply as it should be: the connection counts as open.
func (p *polled) answeredWell() {
	public := &p.c.public
	public.LastMessageAt = element.At(time.Now())
	if public.Status == element.ConnOpen {
		return
	}
	p.c.listOpen(element.Open{})
	p.c.become(element.ConnOpen)
	public.Attempt = 0
}

// notAnswered is a reply that is none, or a bad one, or a request that nothing
// could be asked with.
func (p *polled) notAnswered(cause element.Cause, status int, body string) {
	if status != 0 {
		p.c.public.LastMessageAt = element.At(time.Now())
	}
	p.c.listRefusal(cause, status, body)
	p.c.become(element.ConnClosed)
}

// listExchange lists every request that was sent and what came back, secrets
// masked.
func (p *polled) listExchange(a *reply) {
	secrets := a.request.Secrets
	show := func(head string, body []byte, sent bool) {
		if head == "" {
			return
		}
		text := head
		if utf8.Valid(body) {
			text += link.Mask(string(body), secrets...)
		}
		text = p.c.r.secrets.maskText(text)
		m := excerpt(p.c.id, link.Message{Text: true, Data: []byte(text)})
		m.Size = len(head) + len(body)
		p.c.r.screen.listMessage(m, sent, []byte(text))
	}
	for _, s := range a.response.Steps {
		show(s.Record.Request, s.Request, true)
		show(s.Record.Response, s.Reply, false)
	}
}

// showTarget has people see where the next request goes.
func (p *polled) showTarget() {
	c, url := p.c, ""
	if c.r.engine != nil {
		if a, err := c.r.engine.HTTPTarget(c.id); err == nil {
			url = openingURL(element.Destination{Scheme: a.Scheme, Host: a.Host, Port: a.Port, Path: "/"})
		}
	}
	if url == c.public.URL {
		return
	}
	c.public.URL = url
	p.endWaits()
	p.notAskedYet()
}

// notAskedYet shows that the device, which is another one than before or has
// another life, was not asked yet.
func (p *polled) notAskedYet() {
	public := &p.c.public
	public.LastCause, public.LastMessageAt, public.Attempt = nil, element.Time{}, 0
	p.c.become(element.ConnClosed)
}
