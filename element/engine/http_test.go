package engine_test

import (
	"fmt"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/engine"
)

// reply answers the oldest request: a status with headers as Name:value and a
// body after body:, or a sentence after "fails", "times-out" or, when the bytes
// of the request had gone out, "goes-out".
func (p *player) reply(words []string) {
	if len(p.requests) == 0 {
		p.t.Fatal("nothing was asked")
	}
	in := engine.Replied{Token: p.requests[0]}
	p.requests = p.requests[1:]
	if words[0] == "fails" || words[0] == "times-out" || words[0] == "goes-out" {
		in.Retry, in.Sent = words[0] != "fails", words[0] == "goes-out"
		in.Cause, in.Err = caused(words[1:])
		p.handle(in)
		return
	}
	a := answer(0, words)
	in.Status, _ = strconv.Atoi(words[0])
	in.StatusLine = "HTTP/1.1 " + words[0] + " Reason"
	in.Headers, in.Body = a.Headers, []byte(a.Body)
	p.handle(in)
}

// holdBack begins or ends what keeps requests from being sent.
func (p *player) holdBack(order string, conn int, what, refusal string) {
	var session, exchange int
	if what != "all" {
		_, _ = fmt.Sscanf(what, "%d/%d", &session, &exchange)
	}
	if order == "hold" {
		p.handle(engine.HoldBack{Connection: conn, Whole: what == "all", Session: session, Exchange: exchange, Refusal: refusal})
	} else {
		p.handle(engine.LetGo{Connection: conn, Whole: what == "all", Session: session, Exchange: exchange})
	}
}

// caused reads a sentence that cause=phase/code may stand before.
func caused(words []string) (cause, sentence string) {
	if len(words) > 0 {
		if c, ok := strings.CutPrefix(words[0], "cause="); ok {
			cause, words = c, words[1:]
		}
	}
	return cause, strings.Join(words, " ")
}

func request(r engine.Request) string {
	s := fmt.Sprintf("request %d %s %s://%s%s", r.Connection, r.Verb, r.Scheme, element.Address{Host: r.Host, Port: r.Port}.HostPort(), r.Path)
	for _, h := range r.Headers {
		s += fmt.Sprintf(" %s:%q", h.Name, h.Value)
	}
	if len(r.Body) > 0 {
		s += fmt.Sprintf(" body:%q", r.Body)
	}
	if r.HasLogin {
		s += fmt.Sprintf(" login %q %q", r.User, r.Password)
	}
	if r.Proxy.URL != "" || r.Proxy.Bypass {
		s += fmt.Sprintf(" proxy %q bypass %v", r.Proxy.URL, r.Proxy.Bypass)
	}
	s += tlsLine(" tls", r.TLS)
	if r.CustomRedirect {
		s += " redirects are answers"
	}
	if lane := r.Socket >> 32; lane > 0 {
		s += fmt.Sprintf(" by thread %d", lane)
	}
	if r.Close {
		s += " close"
	}
	return s + fmt.Sprintf(" within %v", r.Timeout)
}
