package link

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"fieldline/element"
)

// refused is the Failure of an HTTP answer that is not 101.
func (a *attempt) refused(req *request, res *response) *Failure {
	f := &Failure{RetryAfter: retryAfter(res, time.Now())}
	code := "http-status"
	var hint string
	switch {
	case res.status == 401:
		f.LoginRefused = req.loginSent
		if asked := unspoken(headerValues(res.headers, "WWW-Authenticate")); asked != "" {
			f.Cause = cause("http", "login-scheme", "The device at %s refused the WebSocket: %s. It asks for a login by %s; %s", a.where(), statusText(res), asked, onlySpoken)
			return f
		}
		code, hint = "login", hint401(req, res)
	case res.status == 403:
		hint = "The login that was sent may not do this: give it more rights on the device, or check the header Origin of the connector."
		if !req.loginSent {
			hint = "No login was sent: fill in the parameters of the login or of the Authorization header, or check the header Origin of the connector."
		}
	case res.status == 404 || res.status == 410:
		hint = "There is nothing at the path " + MaskURL(a.cfg.Path) + "; change the parameter that holds it."
	case res.status == 405:
		hint = "The path " + MaskURL(a.cfg.Path) + " takes no WebSocket handshake; change the parameter that holds it."
	case res.status == 400:
		hint = "The device did not understand the request; check the path and the headers of the connector."
	case res.status == 426:
		hint = a.hint426(res)
	case hintOf(res.status) != "":
		hint = hintOf(res.status)
	case res.status >= 300 && res.status < 400:
		code, hint = "redirect", a.redirect(f, res)
	case res.status < 300:
		code, hint = "not-websocket", "That is an ordinary answer of a web server, not a WebSocket; check the port and the path."
	default:
		hint = "Check the path and the headers of the connector."
	}
	if said := quoted(reasonIn(a.out.Body, res.status)); said != "" && explains(res.status) {
		if hint = said; res.status == 401 { // the device's words take the place of a guess
			hint += asksFor(res)
		}
	}
	if wait := asksToWait(f.RetryAfter); wait != "" && res.status >= 400 {
		hint += " " + wait
	}
	f.Cause = cause("http", code, "The device at %s refused the WebSocket: %s. %s", a.where(), statusText(res), hint)
	return f
}

// hintOf is what a status says whatever was asked for; "" when that depends.
func hintOf(status int) string {
	switch {
	case status == 407:
		return "A proxy in between wants a login; give it with the proxy's address."
	case status == 429:
		return "The device is asked too often."
	case status == 503:
		return "The device is busy or starting."
	case status == 502 || status == 504:
		return "A gateway in front of the device cannot reach it."
	case status >= 500:
		return "The fault is on the device's side, or with a proxy in front of it."
	}
	return ""
}

// quoted is a sentence with what the device says of itself.
func quoted(said string) string {
	if said == "" {
		return ""
	}
	return "It says: \u201c" + said + "\u201d."
}

// asksToWait is a sentence about Retry-After.
func asksToWait(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "It asks to wait " + element.FormatSeconds(d) + "."
}

// explains reports whether the body of such a refusal may say more than we can.
func explains(status int) bool {
	switch status {
	case 407, 426:
		return false // what is asked for stands in the head
	}
	return status >= 400
}

// asksFor says which logins a 401 asks for.
func asksFor(res *response) string {
	schemes := make([]string, 0, 2)
	for _, c := range parseChallenges(headerValues(res.headers, "WWW-Authenticate")) {
		schemes = append(schemes, c.scheme)
	}
	if len(schemes) == 0 {
		return ""
	}
	return " It asks for " + strings.Join(schemes, " or ") + "."
}

func hint401(req *request, res *response) string {
	asks := asksFor(res)
	if req.loginSent {
		return "The device does not accept the login that was sent: correct the user name, the password or the token." + asks
	}
	return "The device wants a login and none was sent: fill in the parameters of the login or of the Authorization header." + asks
}

func (a *attempt) hint426(res *response) string {
	if vs := headerValues(res.headers, "Sec-WebSocket-Version"); len(vs) > 0 {
		return "The device speaks WebSocket version " + excerpt(strings.Join(vs, ", ")) + " and not 13; it needs newer software."
	}
	wanted := strings.Join(headerValues(res.headers, "Upgrade"), ", ")
	switch {
	case wanted == "":
		return "The device wants another protocol and does not say which."
	case strings.EqualFold(strings.TrimSpace(wanted), "websocket"):
		return "The device wants an upgrade to WebSocket, which was asked for: a proxy in between may remove the headers Upgrade and Connection."
	}
	return "The device wants another protocol: " + excerpt(wanted) + "."
}

// redirect names where a redirect leads. It is not followed (RFC 6455 §4.1
// leaves that open): headers and logins are not sent to where nobody sent them.
func (a *attempt) redirect(f *Failure, res *response) string {
	location, ok := header(res.headers, "Location")
	if !ok {
		return "It names no other address; check the path."
	}
	f.Location = MaskURL(location.Value)
	if target, err := url.Parse(location.Value); err == nil {
		base := &url.URL{Scheme: map[string]string{"wss": "https"}[a.cfg.Scheme], Host: hostHeader(a.cfg), Path: "/"}
		if base.Scheme == "" {
			base.Scheme = "http"
		}
		full := base.ResolveReference(target)
		switch full.Scheme {
		case "http":
			full.Scheme = "ws"
		case "https":
			full.Scheme = "wss"
		}
		f.Location = MaskURL(full.String())
	}
	f.Location = a.mask.text(f.Location)
	return "It sends us to " + excerptURL(f.Location) + "; redirects are not followed. Enter that address if it is right."
}

// excerptURL shortens an address for a sentence.
func excerptURL(s string) string { return shorten(s, 300) }

// maxRetryAfter bounds what a device may ask for.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(res *response, now time.Time) time.Duration {
	h, _ := header(res.headers, "Retry-After")
	var d time.Duration
	if n, err := strconv.ParseUint(h.Value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		d = time.Duration(min(n, uint64(maxRetryAfter/time.Second))) * time.Second
	} else if t, err := http.ParseTime(h.Value); err == nil {
		d = t.Sub(now).Round(time.Second)
	}
	return min(max(d, 0), maxRetryAfter)
}

// unanswered is the Failure of a request to which no HTTP answer came.
func (a *attempt) unanswered(ctx context.Context, err error, res *response) *Failure {
	var got []byte
	if res != nil {
		got = res.raw
	}
	return &Failure{Cause: a.unansweredCause(ctx, err, got), Err: err}
}

func (a *attempt) unansweredCause(ctx context.Context, err error, got []byte) element.Cause {
	where := a.where()
	if alert, ok := alertOf(err); ok {
		return refusedTLS(where, alert)
	}
	switch {
	case errors.Is(err, errHeadTooLarge):
		return cause("http", "head-too-large", "%s answered with a head of more than %d bytes or %d lines; that is not a WebSocket server. Check the port.", where, MaxResponseHead, maxHeaderFields)
	case errors.Is(err, errNotHTTP), errors.Is(err, bufio.ErrBufferFull):
		if a.cfg.Scheme != "wss" && isTLSAlert(got) {
			return cause("http", "not-http", "What listens at %s speaks TLS. Use wss:// instead of ws://.", where)
		}
		return cause("http", "not-http", "What listens at %s does not speak HTTP (%s). Check the port.", where, excerpt(firstBytes(err, got)))
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("http", "canceled", "We gave up trying to reach %s.", where)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		if len(got) > 0 {
			return cause("http", "silent", "The device at %s began to answer the handshake and did not finish within %s. Check what listens there%s.", where, element.FormatSeconds(a.timeout()), a.moreTime())
		}
		return cause("http", "silent", "The device at %s accepted the connection and did not answer the handshake within %s. Check that the port speaks WebSocket%s%s.", where, element.FormatSeconds(a.timeout()), a.otherScheme(), a.moreTime())
	case closedOrReset(err) != "" && len(got) > 0:
		return cause("http", "hung-up", "The device at %s began to answer the handshake and %s the connection before the answer was complete.", where, closedOrReset(err))
	case closedOrReset(err) != "":
		return cause("http", "hung-up", "The device at %s %s the connection instead of answering the handshake. Check the port and the path%s.", where, closedOrReset(err), a.otherScheme())
	}
	return cause("http", "broken", "The connection to %s broke during the handshake: %s.", where, plain(err))
}

// closedOrReset says how the device ended a connection; "" when it did not.
func closedOrReset(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "closed"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	}
	return ""
}

// firstBytes quotes how an answer began that is not HTTP.
func firstBytes(err error, got []byte) string {
	if len(got) == 0 {
		return err.Error()
	}
	return "it answered " + strconv.Quote(string(got[:min(len(got), 40)]))
}

// isTLSAlert reports whether an answer is one of TLS (RFC 8446 §5.1).
func isTLSAlert(got []byte) bool { return len(got) > 0 && got[0] == 0x15 }

// otherScheme goes on with an advice where plain text may have met TLS.
func (a *attempt) otherScheme() string {
	if a.cfg.Scheme == "wss" {
		return ""
	}
	return ", and whether it wants wss://"
}

// slowAnswer is a timeout that a slow device may need more than.
const slowAnswer = 5 * time.Second

// moreTime goes on with an advice where time may be what lacks.
func (a *attempt) moreTime() string {
	if a.timeout() >= slowAnswer {
		return ""
	}
	return "; a slow device may need a longer timeout"
}

// timeout is how long the attempt may take.
func (a *attempt) timeout() time.Duration {
	if a.cfg.Timeout > 0 {
		return a.cfg.Timeout
	}
	return DefaultTimeout
}

// seconds writes a time for people.
// where names the device in sentences.
func (a *attempt) where() string { return hostPort(a.cfg) }
