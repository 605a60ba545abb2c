package link

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
	"golang.org/x/net/proxy"
)

// findProxy says which proxy leads to the device, nil for none. A proxy that
// the connector names wins over Bypass, which only turns the environment off.
func (a *attempt) findProxy() (*url.URL, *Failure) {
	p := a.cfg.Proxy
	var u *url.URL
	var err error
	switch {
	case p.URL != "":
		u, err = parseProxy(p.URL)
		if err == nil && p.User != "" {
			u.User = url.UserPassword(p.User, p.Password)
		}
	case p.Bypass:
		return nil, nil
	default:
		target := &url.URL{Scheme: "http", Host: hostPort(a.cfg)}
		if a.cfg.Scheme == "wss" {
			target.Scheme = "https"
		}
		u, err = httpproxy.FromEnvironment().ProxyFunc()(target)
	}
	if err != nil {
		// The cause is not told: it quotes the URL with its password.
		return nil, &Failure{Cause: cause("proxy", "settings", "The proxy's address cannot be used; write it as http://host:port, https://host:port or socks5://host:port.")}
	}
	if u == nil {
		return nil, nil
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return u, nil
	}
	return nil, &Failure{Cause: cause("proxy", "settings", "Proxies of the kind %q are not supported; http, https and socks5 are.", u.Scheme)}
}

// parseProxy reads a proxy's URL; host:port alone is an http proxy.
func parseProxy(s string) (*url.URL, error) {
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err == nil && u.Hostname() == "" {
		err = errors.New("no host")
	}
	return u, err
}

// proxyAddress is host:port, the port by the proxy's scheme when none is given.
func proxyAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if port == "" {
		port = "1080"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// dialThrough opens a connection to the device through a proxy. Whatever goes
// wrong on the way to the proxy or in it has the phase "proxy".
func (a *attempt) dialThrough(ctx context.Context, u *url.URL) (net.Conn, *Failure) {
	address := proxyAddress(u)
	conn, err := a.dialTCP(ctx, address)
	if err != nil {
		return nil, &Failure{Cause: a.noProxy(ctx, u, err), Err: err}
	}
	defer a.time("proxy")()
	through, f := a.tunnel(ctx, conn, u)
	if f != nil {
		_ = conn.Close() // the failure is what matters
		return nil, f
	}
	a.via = address
	return through, nil
}

func (a *attempt) tunnel(ctx context.Context, conn net.Conn, u *url.URL) (net.Conn, *Failure) {
	switch u.Scheme {
	case "socks5", "socks5h":
		return a.socks(ctx, conn, u)
	case "https":
		secure := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname(), NextProtos: []string{"http/1.1"}})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, a.proxyFailed(ctx, u, "tls", err)
		}
		conn = secure
	}
	return a.connectThrough(ctx, conn, u)
}

// connectThrough asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6).
func (a *attempt) connectThrough(ctx context.Context, conn net.Conn, u *url.URL) (net.Conn, *Failure) {
	defer bound(ctx, conn, 0)()
	target := hostPort(a.cfg)
	head := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: " + userAgent + "\r\n"
	if u.User != nil {
		password, _ := u.User.Password()
		head += "Proxy-Authorization: " + basic(u.User.Username(), password) + "\r\n"
	}
	if _, err := conn.Write([]byte(head + "\r\n")); err != nil {
		return nil, a.proxyFailed(ctx, u, "failed", err)
	}
	// Byte by byte, so that nothing of what follows the head is taken: heads
	// of proxies are short and come once.
	br := bufio.NewReaderSize(oneByte{conn}, 16)
	res, err := readResponse(br)
	if err != nil {
		return nil, a.proxyFailed(ctx, u, "failed", err)
	}
	switch {
	case res.status >= 200 && res.status < 300:
		return conn, nil
	case res.status == 407, res.status == 401: // tinyproxy answers a wrong login with 401
		return nil, &Failure{LoginRefused: u.User != nil, Cause: cause("proxy", "login", "The proxy %s wants a login: %s. %s", proxyAddress(u), statusText(res), proxyLogin(u))}
	case res.status == 502, res.status == 503, res.status == 504:
		return nil, &Failure{Cause: cause("proxy", "http-status", "The proxy %s could not reach %s: %s. Check the address of the device, and that it is on.", proxyAddress(u), target, statusText(res))}
	}
	return nil, &Failure{Cause: cause("proxy", "http-status", "The proxy %s refused a tunnel to %s: %s. Check the address of the device and what the proxy allows.", proxyAddress(u), target, statusText(res))}
}

// proxyLogin is an advice about the login of a proxy.
func proxyLogin(u *url.URL) string {
	if u.User == nil {
		return "None was sent: give the user name and the password with the proxy's address."
	}
	return "Correct the user name and the password of the proxy."
}

// oneByte reads no more than it is asked to need.
type oneByte struct{ net.Conn }

func (o oneByte) Read(p []byte) (int, error) { return o.Conn.Read(p[:min(1, len(p))]) }

// socks asks a SOCKS5 proxy for a connection (RFC 1928, RFC 1929). The proxy
// looks up the name.
func (a *attempt) socks(ctx context.Context, conn net.Conn, u *url.URL) (net.Conn, *Failure) {
	var auth *proxy.Auth
	if u.User != nil {
		password, _ := u.User.Password()
		auth = &proxy.Auth{User: u.User.Username(), Password: password}
	}
	dialer, err := proxy.SOCKS5("tcp", proxyAddress(u), auth, ready{conn})
	if err != nil {
		return nil, a.proxyFailed(ctx, u, "failed", err)
	}
	defer bound(ctx, conn, 0)()
	through, err := dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", hostPort(a.cfg))
	if err != nil {
		return nil, a.socksFailed(ctx, u, err)
	}
	return through, nil
}

// ready is a dialer that has dialled already.
type ready struct{ conn net.Conn }

// Dial returns the connection.
func (r ready) Dial(string, string) (net.Conn, error) { return r.conn, nil }

// DialContext returns the connection.
func (r ready) DialContext(context.Context, string, string) (net.Conn, error) { return r.conn, nil }
