package link

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	"fieldline/element"
)

// noProxy says why no connection to the proxy could be made; the device was not
// asked.
func (a *attempt) noProxy(ctx context.Context, u *url.URL, err error) element.Cause {
	address := proxyAddress(u)
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		c := dnsCause(ctx, u.Hostname(), dns)
		c.Phase, c.Message = "proxy", "The proxy cannot be found. "+c.Message
		return c
	}
	switch dialCode(ctx, err) {
	case "canceled":
		return cause("proxy", "canceled", "We gave up trying to reach the proxy %s.", address)
	case "refused":
		return cause("proxy", "refused", "The proxy %s cannot be reached: nothing listens there. Check the proxy's address, and that the proxy runs; the device was not asked.", address)
	case "no-route":
		return cause("proxy", "no-route", "The proxy %s cannot be reached: there is no route to it. Check the proxy's address and the network; the device was not asked.", address)
	case "timeout":
		return cause("proxy", "timeout", "The proxy %s did not answer within %s. Check the proxy's address, and that the proxy runs; the device was not asked.", address, element.FormatSeconds(a.timeout()))
	case "reset":
		return cause("proxy", "reset", "The proxy %s reset the connection at once. Check the proxy's address, and who may use the proxy; the device was not asked.", address)
	case "no-files":
		return cause("proxy", "no-files", "This server has no file handles left for a connection to the proxy %s; raise its limit of open files.", address)
	}
	return cause("proxy", "failed", "The connection to the proxy %s could not be made: %s. Check the proxy's address; the device was not asked.", address, plain(err))
}

// proxyFailed says what went wrong between us and a proxy that was reached.
func (a *attempt) proxyFailed(ctx context.Context, u *url.URL, code string, err error) *Failure {
	f := &Failure{Err: err}
	address, where := proxyAddress(u), a.where()
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		f.Cause = cause("proxy", "canceled", "We gave up trying to reach %s.", where)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		f.Cause = cause("proxy", "timeout", "The proxy %s did not make a connection to %s within %s. Check the address of the device, and that the proxy may reach it.", address, where, element.FormatSeconds(a.timeout()))
	case untrusted:
		f.Cause = cause("proxy", code, "The certificate of the proxy %s cannot be trusted: %s.", address, plain(err))
	case noTLS:
		f.Cause = cause("proxy", code, "The proxy %s does not speak TLS. Write its address with http:// instead of https://.", address)
	case errors.Is(err, errNotHTTP), errors.Is(err, errHeadTooLarge):
		f.Cause = cause("proxy", code, "What listens at %s does not speak HTTP, as a proxy has to. Check the proxy's address.", address)
	case hungUp(err):
		f.Cause = cause("proxy", code, "The proxy %s closed the connection instead of making one to %s. Check the proxy's address, and what the proxy allows.", address, where)
	default:
		f.Cause = cause("proxy", code, "The proxy %s could not be used to reach %s: %s.", address, where, plain(err))
	}
	return f
}

// socksFailed says what a SOCKS5 proxy answered. The library has no types for
// it (RFC 1928 §6), only texts.
func (a *attempt) socksFailed(ctx context.Context, u *url.URL, err error) *Failure {
	f := a.proxyFailed(ctx, u, "failed", err)
	if f.Code != "failed" || hungUp(err) {
		return f
	}
	address, text := proxyAddress(u), plain(err)
	switch {
	case strings.Contains(text, "authentication"), strings.Contains(text, "username/password"):
		f.LoginRefused = u.User != nil
		f.Cause = cause("proxy", "login", "The proxy %s does not accept the login. %s", address, proxyLogin(u))
	case strings.Contains(text, "protocol version"), strings.Contains(text, "reserved field"), strings.Contains(text, "address type "):
		f.Cause = cause("proxy", "failed", "What listens at %s does not speak SOCKS5. Check the proxy's address.", address)
	case strings.Contains(text, "ruleset"):
		f.Cause = cause("proxy", "failed", "The proxy %s does not allow a connection to %s.", address, a.where())
	case strings.HasPrefix(text, "unknown error "):
		why := strings.TrimPrefix(text, "unknown error ")
		if why == "general SOCKS server failure" {
			why = "it does not say why"
		}
		f.Cause = cause("proxy", "failed", "The proxy %s could not reach %s: %s. Check the address of the device, and that it is on.", address, a.where(), why)
	}
	return f
}

// hungUp reports whether the other side let go of the connection.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
