package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"fieldline/element"
)

// guard decides who may ask. It knows two attacks of web pages on servers in
// the same house: DNS rebinding, which a strange Host gives away, and requests
// that a foreign page makes a browser send, which Origin and Sec-Fetch-Site
// give away. Programs that are no browsers send neither and may ask.
type guard struct {
	listen   string // host of the listen address, lower case
	anyIP    bool   // it listens on all addresses: any IP address is a good Host
	external *url.URL
}

func newGuard(listenAddr string, allowRemote bool, external *url.URL) guard {
	host := hostname(listenAddr)
	ip, err := netip.ParseAddr(host)
	unspecified := host == "" || err == nil && ip.IsUnspecified()
	if unspecified {
		host = ""
	}
	return guard{listen: host, anyIP: unspecified && allowRemote, external: external}
}

// check returns why a request may not be asked, or nil.
func (g guard) check(r *http.Request) error {
	if !g.knows(hostname(r.Host)) {
		return &refusal{
			status: http.StatusMisdirectedRequest,
			err:    element.Errorf(element.Forbidden, "This server is not known as %q. Use its address, or name it with --external-url.", r.Host),
		}
	}
	write := r.Method != http.MethodGet && r.Method != http.MethodHead
	if (write || isUpgrade(r)) && !g.sameOrigin(r) {
		return element.Errorf(element.Forbidden,
			"The request comes from a page of another site (%s). Behind a proxy, name the address people use with --external-url.", shownOrigin(r))
	}
	return nil
}

func (g guard) knows(host string) bool {
	if host == "" {
		return false
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == g.listen {
		return true
	}
	if g.external != nil && host == hostname(g.external.Host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	// A zone may be any text, a foreign name too; URLs of browsers have none.
	return err == nil && ip.Zone() == "" && (ip.IsLoopback() || g.anyIP)
}

// sameOrigin reports whether the page that sent r, if any, is ours. The scheme
// of Origin is compared with that of the external URL only: a proxy may speak
// TLS for us under the same name.
func (g guard) sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	if len(origins) > 1 {
		return false
	}
	o, err := url.Parse(origins[0])
	if err != nil || o.Host == "" || o.Scheme != "http" && o.Scheme != "https" {
		return false
	}
	if g.external != nil && o.Scheme == g.external.Scheme && authority(o.Scheme, o.Host) == authority(g.external.Scheme, g.external.Host) {
		return true
	}
	return authority(o.Scheme, o.Host) == authority(o.Scheme, r.Host)
}

// authority is host:port in lower case with the port of the scheme when there
// is none.
func authority(scheme, host string) string {
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	if _, p, err := net.SplitHostPort(host); err == nil && p != "" {
		port = p
	}
	return net.JoinHostPort(hostname(host), port)
}

// hostname is the host of host[:port] in lower case, without brackets and the
// dot at the end; "" when the port is no number.
func hostname(hostport string) string {
	host, port, err := net.SplitHostPort(hostport)
	if strings.Trim(port, "0123456789") != "" {
		return ""
	}
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// isUpgrade reports whether a GET asks for a socket: it then acts like a
// write, and no other protection of browsers covers it.
func isUpgrade(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

func shownOrigin(r *http.Request) string {
	if o := r.Header.Get("Origin"); o != "" {
		return o
	}
	return "Sec-Fetch-Site: " + r.Header.Get("Sec-Fetch-Site")
}
