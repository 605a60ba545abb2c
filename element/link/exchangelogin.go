package link

import (
	"context"
	"net/http"
	"slices"
	"time"

	"fieldline/element"
)

// Step is one of the requests of an exchange, with what came back.
type Step struct {
	Record         element.Handshake // masked, without times of phases
	Request, Reply []byte            // the bodies, as sent and decoded
}

// logIn sends the request, and again as the device wants it: with the login
// that it asks for.
func (x *exchange) logIn(ctx context.Context) (*response, []byte, *Failure) {
	l := newLogin(x.a.cfg)
	x.login = l
	for authorization := l.first(asksFirst(x.req.Verb)); ; {
		res, body, f := x.send(ctx, authorization)
		if f != nil {
			return res, body, f
		}
		if again, ok := l.next(res.status, res.headers); ok {
			authorization = again
			continue
		}
		l.done(res.status, res.headers, isRedirect(res.status) && !x.req.CustomRedirect)
		return res, body, nil
	}
}

// asksFirst reports whether a request may go out without a login to see what
// the device asks for. Should it not ask, the request has been carried out: one
// that changes something goes out with the login at once.
func asksFirst(verb string) bool {
	switch verb {
	case "GET", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// step begins the record of one more request.
func (x *exchange) step(head []byte) {
	x.keepStep()
	r := &x.a.out.Record
	*r = element.Handshake{At: element.At(time.Now()), PhasesMs: r.PhasesMs, Request: x.a.mask.head(string(head))}
	x.steps = append(x.steps, Step{Request: x.req.Body})
}

// stepped notes the body that came back.
func (x *exchange) stepped(body []byte) { x.steps[len(x.steps)-1].Reply = body }

// keepStep completes the last step with what its record has become.
func (x *exchange) keepStep() {
	if n := len(x.steps); n > 0 && x.steps[n-1].Record.Request == "" {
		record := x.a.out.Record
		record.PhasesMs = map[string]int64{}
		x.steps[n-1].Record = record
	}
}

// judge reads what an answer asks of us, that of a redirection too.
func (x *exchange) judge(out *Response, res *response) {
	x.keepStep()
	if f := out.Failure; f != nil {
		out.LoginRefused = f.LoginRefused
		return
	}
	if res.status >= 300 {
		x.retryAfter = max(x.retryAfter, retryAfter(res, time.Now()))
	}
	out.Downgraded = x.login.downgraded
	out.LoginRefused = res.status == http.StatusUnauthorized || res.status == http.StatusForbidden
	out.login = x.login.sent != "" || slices.ContainsFunc(x.req.Headers, func(h Header) bool { return h.Value != "" && SecretHeader(h.Name) })
	out.request = x.req.Verb + " " + MaskURL(x.a.mask.text(x.a.cfg.Path))
}

// complete finishes the response with all that was sent for it.
func (x *exchange) complete(out *Response) {
	out.Steps, out.RetryAfter = x.steps, x.retryAfter
	for i, s := range x.steps {
		if i < len(x.steps)-1 || out.Record.Request == "" {
			out.Record.Before = append(out.Record.Before, s.Record)
		}
	}
}
