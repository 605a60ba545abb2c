package web

import (
	"net/http"
	"net/netip"
	"strings"

	"fieldline/element"
	"fieldline/views"

	"github.com/labstack/echo/v4"
)

// HeaderForwardedPrefix is how a proxy that takes a prefix off the path says
// which one it was, so that links lead back through it.
const HeaderForwardedPrefix = "X-Forwarded-Prefix"

// proxies are the networks whose word about the way of a request counts, beside
// this machine itself.
type proxies []netip.Prefix

// parseProxies reads addresses and networks.
func parseProxies(list []string) (proxies, error) {
	var all proxies
	for _, text := range list {
		text = strings.TrimSpace(text)
		if ip, err := netip.ParseAddr(text); err == nil && ip.Zone() == "" {
			all = append(all, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, element.FieldErrorf("trusted-proxies", "%q is neither an address nor a network; write 10.0.0.7 or 10.0.0.0/24.", text)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// trusts reports whether the peer of a request is a proxy of ours.
func (p proxies) trusts(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := peer.Addr().Unmap().WithZone("")
	if ip.IsLoopback() {
		return true
	}
	for _, network := range p {
		if network.Contains(ip) {
			return true
		}
	}
	return false
}

// links builds the addresses of an answer: below the base path, and below what
// a proxy took off before it. A prefix that ends with the base path names all
// of it. What is no path is not taken: it would lead people elsewhere.
func (s *Server) links(c echo.Context) views.URLs {
	given := c.Request().Header.Values(HeaderForwardedPrefix)
	if len(given) != 1 || !s.proxies.trusts(c.Request()) {
		return s.urls
	}
	prefix := strings.TrimRight(given[0], "/")
	if prefix == "" || !isBasePath(prefix) {
		return s.urls
	}
	return views.NewURLs(strings.TrimSuffix(prefix, s.base)+s.base, s.files)
}
