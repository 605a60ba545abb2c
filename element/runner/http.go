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

// reply is the end of one exchange, with the wire it went over.
type reply struct {
	token    uint64
	request  engine.Request
	response link.Response
	over     *httpConn
}

// request starts an HTTP exchange.
func (r *Runner) request(e engine.Request) {
	c := r.connection(e.Connection)
	if c == nil || c.websocket || c.dropped || r.record.State == element.Stopped {
		r.after(engine.Replied{Token: e.Token, Err: "The element has no such connection; nothing was sent."})
		return
	}
	c.ask(e)
}

// httpConn is a socket for exchanges that follow each other.
type httpConn struct {
	exchanger
	cancel context.CancelFunc // of the exchange under way; nil when none
}

// ask starts a goroutine for one exchange. The logic asks for one at a time on
// each wire; one that a stop has given up may still be ending, on a wire of its
// own.
func (c *connection) ask(e engine.Request) {
	if c.httpConns == nil {
		c.httpConns = map[uint64]*httpConn{}
	}
	w := c.httpConns[e.Wire]
	if w == nil {
		w = &httpConn{exchanger: c.r.o.Exchanger()}
		c.httpConns[e.Wire] = w
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	c.running++
	c.showHTTPTarget()
	c.begins(exchangeID{e.Session, e.Exchange})
	req := link.Request{Config: c.r.linkConfig(e.Opening), Body: e.Body, CustomRedirect: e.CustomRedirect, Close: e.Close, ConnectBy: e.ConnectBy, Own: c.r.o.Listeners}
	req.Verb, req.Logins, req.Cookies = e.Verb, &c.r.logins, c.keptCookies()
	req.Known = !c.public.LastMessageAt.IsZero()
	go exchange(ctx, cancel, w, req, report{connection: c.id, reply: &reply{token: e.Token, request: e, over: w}}, c.r.reports)
}

// exchange is the goroutine of one exchange: it reports its end and is over.
func exchange(ctx context.Context, cancel context.CancelFunc, over exchanger, req link.Request, n report, to chan<- report) {
	defer cancel()
	n.reply.response = over.Exchange(ctx, req)
	to <- n
}

// giveUpExchange ends the exchanges that are under way and lets go of the wires.
func (c *connection) giveUpExchange() {
	for _, w := range c.httpConns {
		if w.cancel != nil {
			w.cancel()
		} else {
			w.Close()
		}
	}
	c.httpConns = nil
	c.become(element.ConnClosed)
	c.endWaits()
}

// replied takes the end of an exchange. That of one that was given up is no
// news.
func (c *connection) replied(a *reply) {
	c.running--
	if c.httpConns[a.request.Wire] != a.over {
		a.over.Close()
		if c.websocket && c.running == 0 { // another version of the connector made it one
			c.advance()
		}
		return
	}
	a.over.cancel = nil
	record := a.response.Record
	c.last = &record
	c.listExchange(a)
	c.noteText(a.response.Note)
	in := engine.Replied{Token: a.token, Status: a.response.Status, StatusLine: a.response.StatusLine, Body: a.response.Body, Sent: a.response.Sent}
	in.Said = c.r.scrubText(a.response.Said())
	for _, h := range a.response.Headers {
		in.Headers = append(in.Headers, engine.HeaderLine{Name: h.Name, Value: h.Value})
	}
	switch f := a.response.Failure; {
	case f != nil:
		c.failed(&record)
		in.Err, in.Retry, in.Cause = c.r.scrubText(f.Message), a.response.Retry(), f.Phase+"/"+f.Code
		c.notAnswered(f.Cause, 0, "")
	case a.response.Status >= http.StatusBadRequest:
		c.failed(&record)
		c.notAnswered(a.response.Refusal(), a.response.Status, record.Body)
	default:
		c.succeeded(&record)
		c.answeredWell()
	}
	c.judgeReply(a)
	c.touch()
	c.r.after(in)
}

// answeredWell is a reply as it should be: the connection counts as open.
func (c *connection) answeredWell() {
	c.public.LastMessageAt = element.At(time.Now())
	if c.public.Status == element.ConnOpen {
		return
	}
	c.r.endFold(c.foldKey("refused"))
	c.repeat = element.Refused{}
	c.r.event(element.Open{Connection: c.id, URL: c.public.URL})
	c.become(element.ConnOpen)
	c.public.Attempt = 0
}

// unsent is a request that nothing could be asked with.
func (r *Runner) unsent(e engine.Unsent) {
	if c := r.connection(e.Connection); c != nil && !c.websocket && !c.dropped {
		c.notAnswered(element.Cause{Phase: "address", Code: "address", Message: e.Reason}, 0, "")
	}
}

// notAnswered is a reply that is none, or a bad one.
func (c *connection) notAnswered(cause element.Cause, status int, body string) {
	if status != 0 {
		c.public.LastMessageAt = element.At(time.Now())
	}
	c.listRefusal(cause, status, body)
	c.become(element.ConnClosed)
}

// listExchange lists every request that was sent and what came back, secrets
// masked.
func (c *connection) listExchange(a *reply) {
	secrets := a.request.Secrets
	show := func(head string, body []byte, sent bool) {
		if head == "" {
			return
		}
		text := head
		if utf8.Valid(body) {
			text += link.Mask(string(body), secrets...)
		}
		text = c.r.scrubText(text)
		m := excerpt(c.id, link.Message{Text: true, Data: []byte(text)})
		m.Size = len(head) + len(body)
		c.r.listMessage(m, sent, []byte(text))
	}
	for _, s := range a.response.Steps {
		show(s.Record.Request, s.Request, true)
		show(s.Record.Response, s.Reply, false)
	}
}

// showHTTPTarget has people see where the next request goes.
func (c *connection) showHTTPTarget() {
	url := ""
	if c.r.machine != nil {
		if a, err := c.r.machine.HTTPTarget(c.id); err == nil {
			url = openingURL(engine.Opening{Scheme: a.Scheme, Host: a.Host, Port: a.Port, Path: "/"})
		}
	}
	if url == c.public.URL {
		return
	}
	c.public.URL = url
	c.endWaits()
	c.unasked()
}

// unasked shows that the device, which is another one than before or has another
// life, was not asked yet.
func (c *connection) unasked() {
	c.public.LastCause, c.public.LastMessageAt, c.public.Attempt = nil, element.Time{}, 0
	c.become(element.ConnClosed)
}
