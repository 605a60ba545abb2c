package link

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"fieldline/element"
)

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// follow turns the request into the one that a redirection asks for. Another
// host, which is another port and another scheme too, gets no login, no cookie
// and nothing else that is secret, and no body: it is asked with GET or not at
// all. What was sent over TLS is not sent again without it.
func (x *exchange) follow(ctx context.Context, res Response, hops int) *Failure {
	no := func(format string, args ...any) *Failure {
		return &Failure{Cause: cause("http", "redirect", "The device at %s "+format, append([]any{x.a.where()}, args...)...)}
	}
	location, ok := header(res.Headers, "Location")
	if !ok {
		return no("answered %d and named no other address.", res.Status)
	}
	base := &url.URL{Scheme: x.req.Scheme, Host: hostHeader(x.a.cfg), Path: "/"}
	if here, err := base.Parse(x.req.Path); err == nil {
		base = here
	}
	to, err := base.Parse(location.Value)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return no("sends us to %q, which is not an address to go to.", excerptURL(MaskURL(location.Value)))
	}
	foreign := !x.here(to)
	keep := res.Status == 307 || res.Status == 308
	shown := x.shown(to)
	switch {
	case hops >= maxRedirects:
		return no("sent us on more than %d times.", maxRedirects)
	case x.req.Scheme == "https" && to.Scheme == "http":
		return no("sends us from https to http, which is not followed.")
	case foreign && keep && (len(x.req.Body) > 0 || !onlyReads(x.req.Verb)):
		return no("sends a %s with what it carries on to another host, %s, which is not followed. Enter that address if it is right.", x.req.Verb, shown)
	case foreign && x.carriesSecret(to):
		return no("sends us to another host with a secret of the request in the address, %s, which is not followed. Enter that address if it is right.", shown)
	}
	if x.fence == nil {
		x.fence = &fence{own: x.req.Own, from: x.a.where(), device: x.deviceAt(ctx)}
	}
	if !foreign && x.w.conn != nil && !x.a.proxied() {
		if f := x.fence.check(x.w.remote); f != nil {
			return f
		}
	}
	x.done = true // a redirection may well be the answer to what was carried out
	if !keep && x.req.Verb != "HEAD" {
		x.req.Verb, x.req.Body = "GET", nil
	}
	x.move(to, foreign)
	return nil
}

// onlyReads reports whether a verb changes nothing (RFC 9110 §9.2.1).
func onlyReads(verb string) bool {
	switch verb {
	case "GET", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// here reports whether an address is on the host that the request went to.
func (x *exchange) here(to *url.URL) bool {
	return strings.EqualFold(to.Hostname(), x.req.Host) && portOf(to) == x.req.Port && to.Scheme == x.req.Scheme
}

func portOf(u *url.URL) int {
	if port, _ := strconv.Atoi(u.Port()); port != 0 { // "" is 0
		return port
	}
	return map[string]int{"http": 80, "https": 443}[u.Scheme]
}

// shown is an address in a sentence. The path of one that writes a secret in a way
// of its own is hidden as a whole.
func (x *exchange) shown(to *url.URL) string {
	host, target := to.Scheme+"://"+to.Host, x.a.mask.text(MaskURL(to.RequestURI()))
	if plain := element.Unescaped(target); x.a.mask.text(plain) != plain {
		target = "/" + masked
	}
	return excerptURL(host + target)
}

// carriesSecret reports whether an address holds a secret of the request, as
// that of a device that repeats the query in where it sends us.
func (x *exchange) carriesSecret(to *url.URL) bool {
	target := to.RequestURI()
	for _, written := range []string{target, element.Unescaped(target)} {
		if x.a.mask.text(written) != written {
			return true
		}
	}
	ours := queryParts(x.req.Path)
	return slices.ContainsFunc(queryParts(target), func(value string) bool { return value != "" && slices.Contains(ours, value) })
}

// isSecret reports whether a field is one that only the device may see: by its
// name, or because a secret is in its value.
func (x *exchange) isSecret(h Header) bool {
	if SecretHeader(h.Name) || x.a.mask.text(h.Value) != h.Value {
		return true
	}
	return slices.ContainsFunc(append(slices.Clone(x.req.Secrets), x.req.Password), func(s string) bool {
		return s != "" && strings.Contains(h.Value, s)
	})
}

// move gives the request another target.
func (x *exchange) move(to *url.URL, foreign bool) {
	var kept []Header
	for _, h := range x.req.Headers {
		name := strings.ToLower(h.Name)
		switch {
		case foreign && (name == "host" || x.isSecret(h)):
		case x.req.Body == nil && strings.HasPrefix(name, "content-"):
		default:
			kept = append(kept, h)
		}
	}
	x.req.Headers = kept
	x.req.Scheme, x.req.Host, x.req.Port, x.req.Path = to.Scheme, to.Hostname(), portOf(to), to.RequestURI()
	if foreign {
		x.req.HasLogin, x.req.User, x.req.Password = false, "", ""
	}
}

// deviceAt is the address of the device that a redirection comes from, not
// valid when nobody knows.
func (x *exchange) deviceAt(ctx context.Context) netip.Addr {
	if !x.a.proxied() {
		return x.w.remote.Addr()
	}
	for _, a := range lookUp(ctx, x.req.Host) {
		return a
	}
	return netip.Addr{}
}

func (a *attempt) proxied() bool {
	u, f := a.findProxy()
	return u != nil || f != nil
}

// lookUp are the addresses of a host, none when it is not known here.
func lookUp(ctx context.Context, host string) []netip.Addr {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}
	}
	all, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host) // who cannot be looked up is not among us
	return all
}

// remoteOf is where a connection leads.
func remoteOf(conn net.Conn) netip.AddrPort {
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort()
	}
	return netip.AddrPort{}
}

// fence keeps redirections away from where only this machine may ask. It judges
// the addresses that are dialled, not how they are written or what name they
// have.
type fence struct {
	own    []netip.AddrPort // listeners of this program
	from   string           // who sends us on, for sentences
	device netip.Addr       // where the device is
}

// fenced is the error of a dial that a fence forbids.
type fenced struct{ *Failure }

// control is that of a net.Dialer.
func (f *fence) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if failure := f.check(to); failure != nil {
		return &fenced{failure}
	}
	return nil
}

// check refuses an address.
func (f *fence) check(to netip.AddrPort) *Failure {
	why := f.refuses(to, isLocal)
	if why == "" {
		return nil
	}
	return &Failure{Cause: cause("http", "redirect", "The device at %s sends us to %s, %s; that is not followed.", f.from, to, why)}
}

// refuses says why no redirection may lead to an address, "" when it may.
func (f *fence) refuses(to netip.AddrPort, local func(netip.Addr) bool) string {
	addr, device := plainAddr(to.Addr()), plainAddr(f.device)
	for _, own := range f.own {
		ours := plainAddr(own.Addr())
		all := own.Addr().Unmap().IsUnspecified()
		if own.Port() == to.Port() && (ours == addr || all && (addr.IsLoopback() || local(addr))) {
			return "which is this program itself"
		}
	}
	switch {
	case addr.IsLoopback() && !device.IsLoopback():
		return "an address of this machine, where the device is not"
	case addr.IsLinkLocalUnicast() && !device.IsLinkLocalUnicast():
		return "a link-local address, where the device is not"
	}
	return ""
}

// plainAddr is an address as it is compared: IPv4 as such, without a zone, and
// the unspecified one as loopback, where it leads.
func plainAddr(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.IsUnspecified() {
		if a.Is4() {
			return netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		return netip.IPv6Loopback()
	}
	return a
}

// isLocal reports whether an address is one of this machine's.
func isLocal(a netip.Addr) bool {
	all, _ := net.InterfaceAddrs() // loopback is known without
	return slices.ContainsFunc(all, func(x net.Addr) bool {
		n, ok := x.(*net.IPNet)
		if !ok {
			return false
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		return ok && ip.Unmap() == a
	})
}

// fencedProxy judges where a proxy would lead, as far as that can be known
// here.
func (a *attempt) fencedProxy(ctx context.Context) *Failure {
	for _, addr := range lookUp(ctx, a.cfg.Host) {
		if f := a.fence.check(netip.AddrPortFrom(addr, uint16(a.cfg.Port))); f != nil {
			return f
		}
	}
	return nil
}
