package link

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
		code, hint = "login", a.hint401(req, res)
	case res.status == 403:
		hint = "The device knows who asks and says no: give the login more rights, or check the headers Origin and Authorization of the connector."
	case res.status == 404 || res.status == 410:
		hint = "There is nothing at the path " + MaskURL(a.cfg.Path) + "; change the parameter that holds it."
	case res.status == 405:
		hint = "The path " + MaskURL(a.cfg.Path) + " is no WebSocket; change the parameter that holds it."
	case res.status == 400:
		hint = "The device did not understand the request; check the path and the headers of the connector."
	case res.status == 426:
		hint = a.hint426(res)
	case res.status == 407:
		hint = "A proxy in between wants a login; give it in the proxy settings of the session."
	case res.status == 429 || res.status == 503:
		hint = "The device is busy or starting; it can be tried again later."
		if f.RetryAfter > 0 {
			hint = fmt.Sprintf("The device is busy or starting; it asks to wait %s.", f.RetryAfter)
		}
	case res.status >= 300 && res.status < 400:
		code, hint = "redirect", a.redirect(f, res)
	case res.status >= 500:
		hint = "The fault is on the device's side, or of a proxy before it."
	case res.status < 300:
		code, hint = "not-websocket", "That is a web page, not a WebSocket; check the port and the path."
	default:
		hint = "Check the path and the headers of the connector."
	}
	f.Cause = cause("http", code, "The device at %s refused the WebSocket: %s. %s", a.where(), statusText(res), hint)
	return f
}

func (a *attempt) hint401(req *request, res *response) string {
	schemes := make([]string, 0, 2)
	for _, c := range parseChallenges(headerValues(res.headers, "WWW-Authenticate")) {
		schemes = append(schemes, c.scheme)
	}
	asks := ""
	if len(schemes) > 0 {
		asks = " It asks for " + strings.Join(schemes, " or ") + "."
	}
	if req.loginSent {
		return "The device does not accept the login that was sent: correct the user name, the password or the token." + asks
	}
	return "The device wants a login and none was sent: fill in the parameters of the login or of the Authorization header." + asks
}

func (a *attempt) hint426(res *response) string {
	if vs := headerValues(res.headers, "Sec-WebSocket-Version"); len(vs) > 0 {
		return "The device speaks WebSocket version " + excerpt(strings.Join(vs, ", ")) + " and not 13; it needs newer software."
	}
	return "The device wants another protocol: " + excerpt(strings.Join(headerValues(res.headers, "Upgrade"), ", ")) + "."
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

func excerptURL(s string) string {
	const most = 300
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

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
		return cause("http", "head-too-large", "%s answered with a head of more than %d bytes or %d lines; what answers there is not the device. Check the port.", where, MaxResponseHead, maxHeaderFields)
	case errors.Is(err, errNotHTTP), errors.Is(err, bufio.ErrBufferFull):
		return cause("http", "not-http", "What listens at %s does not speak HTTP (%s). Check the port%s.", where, excerpt(firstBytes(err, got)), a.tlsHint(got))
	case errors.Is(context.Cause(ctx), context.Canceled):
		return cause("http", "canceled", "The attempt to reach %s was given up from our side.", where)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		if len(got) > 0 {
			return cause("http", "silent", "The device at %s began to answer the handshake and then fell silent. Give it more time or check what listens there.", where)
		}
		return cause("http", "silent", "The device at %s accepted the connection and did not answer the handshake in time. Check that the port speaks WebSocket, or raise the timeout%s.", where, a.tlsHint(got))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return cause("http", "hung-up", "The device at %s closed the connection instead of answering the handshake. Check the port%s and the path.", where, a.tlsHint(got))
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return cause("http", "hung-up", "The device at %s reset the connection instead of answering the handshake. Check the port%s and the path.", where, a.tlsHint(got))
	}
	return cause("http", "broken", "The connection to %s broke during the handshake: %s.", where, plain(err))
}

// firstBytes quotes how an answer began that is not HTTP.
func firstBytes(err error, got []byte) string {
	if len(got) == 0 {
		return err.Error()
	}
	return "it answered " + strconv.Quote(string(got[:min(len(got), 40)]))
}

// tlsHint suggests the other scheme where plain text meets TLS.
func (a *attempt) tlsHint(got []byte) string {
	if a.cfg.Scheme == "wss" {
		return ""
	}
	const alert = 0x15 // a TLS record (RFC 8446 §5.1)
	if len(got) > 0 && got[0] == alert {
		return ": it speaks TLS, so use wss://"
	}
	return " and whether it wants wss://"
}

// where names the device in sentences.
func (a *attempt) where() string { return hostPort(a.cfg) }
