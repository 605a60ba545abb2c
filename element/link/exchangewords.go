package link

import (
	"context"
	"fmt"
	"strings"

	"fieldline/element"
)

// Refusal is why an answer of 400 or more counts as none.
func (r Response) Refusal() element.Cause {
	code := "http-status"
	if r.Status == 401 {
		code = "login"
		if asked := unspoken(headerValues(r.Headers, "WWW-Authenticate")); asked != "" {
			return cause("http", "login-scheme", "The device answered %s and asks for a login by %s; %s", r.statusText(), asked, onlySpoken)
		}
	}
	if r.Downgraded {
		return cause("http", "login-scheme", "The device answered %s. %s", r.statusText(), onlyDigest)
	}
	said := r.Said()
	if said == "" {
		said = r.hint()
	}
	if wait := asksToWait(r.RetryAfter); wait != "" {
		said = strings.TrimSpace(said + " " + wait)
	}
	return cause("http", code, "The device answered %s. %s", r.statusText(), said)
}

// Said quotes what a refusal says of itself to people, as a sentence; "" when
// that is nothing.
func (r Response) Said() string {
	if r.Status < 400 {
		return ""
	}
	return quoted(reasonIn(r.Record.Body, r.Status))
}

func (r Response) statusText() string {
	return statusText(&response{statusLine: r.StatusLine, status: r.Status})
}

// hint is what may be done about a refusal that says nothing of itself.
func (r Response) hint() string {
	if common := hintOf(r.Status); common != "" {
		return common
	}
	verb, path, _ := strings.Cut(r.request, " ")
	switch r.Status {
	case 401:
		if r.login {
			return "It does not accept the login that was sent: correct the user name, the password or the token."
		}
		return "It wants a login and none was sent: fill in the parameters of the login."
	case 403:
		if r.login {
			return "The login that was sent may not do this: give it more rights on the device."
		}
		return "No login was sent: fill in the parameters of the login, or allow this on the device."
	case 404, 410:
		return "There is nothing at the path " + path + "; correct the parameter or the session that holds it."
	case 405:
		return "The path " + path + " takes no " + verb + "."
	}
	return "Check the path, the headers and the body that the connector sends."
}

// httpWords tells in terms of HTTP what the handshake's sentences tell in
// terms of WebSockets.
func httpWords(s string) string {
	return strings.NewReplacer(
		"speaks WebSocket", "speaks HTTP", "no WebSocket server", "no web server",
		"answer the handshake", "answer the request", "answering the handshake", "answering the request",
		"broke during the handshake", "broke during the exchange",
		"wss://", "https://", "ws://", "http://",
	).Replace(s)
}

// unanswered is the Failure of a request to which no whole answer came. Of a
// device that has answered before nobody needs to be told what may be wrong with
// the address.
func (x *exchange) unanswered(ctx context.Context, err error, res *response) *Failure {
	f := x.a.unanswered(ctx, err, res)
	if !x.req.Known || len(rawOf(res)) > 0 {
		return f
	}
	switch f.Code {
	case "silent":
		f.Message = fmt.Sprintf("The device at %s took the request and did not answer within %s%s.", x.a.where(), element.FormatSeconds(x.a.timeout()), x.a.moreTime())
	case "hung-up":
		f.Message = fmt.Sprintf("The device at %s %s the connection instead of answering the request.", x.a.where(), closedOrReset(err))
	}
	return f
}
