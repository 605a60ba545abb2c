package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/static"
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

// links knows where everything of the server is: below the base path, and
// below what a proxy took off before it.
type links struct {
	base    string // without a trailing slash
	files   *static.Files
	direct  views.URLs // without a proxy
	proxies proxies
}

func newLinks(base string, trusted proxies) *links {
	files := static.New()
	return &links{base: base, files: files, direct: views.NewURLs(base, files), proxies: trusted}
}

// of builds the addresses of an answer. A prefix that ends with the base path
// names all of it. What is no path is not taken: it would lead people elsewhere.
func (l *links) of(c echo.Context) views.URLs {
	given := c.Request().Header.Values(HeaderForwardedPrefix)
	if len(given) != 1 || !l.proxies.trusts(c.Request()) {
		return l.direct
	}
	prefix, err := ParseBasePath(given[0])
	if prefix == "" || err != nil {
		return l.direct
	}
	return views.NewURLs(strings.TrimSuffix(prefix, l.base)+l.base, l.files)
}

// isAPI reports whether a request is answered with problem+json. Whoever asks
// an API beside the base path is a program too.
func (l *links) isAPI(r *http.Request) bool {
	return isBelow(r.URL.Path, l.base+"/api") || isBelow(r.URL.Path, "/api")
}

// isEmbed reports whether the page without the shell is asked for.
func (l *links) isEmbed(c echo.Context) bool {
	return strings.HasPrefix(c.Request().URL.Path, l.base+"/embed/")
}

// redirectHome leads from the base path without its slash to the overview.
func (l *links) redirectHome(c echo.Context) error {
	to := l.of(c).Home()
	if q := c.Request().URL.RawQuery; q != "" {
		to += "?" + q
	}
	return c.Redirect(http.StatusPermanentRedirect, to)
}

// isBelow reports whether a path is folder or in it.
func isBelow(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (rest == "" || rest[0] == '/')
}

// ParseBasePath reads a path below which everything can be served: "", "/" or
// "/x/y", of what needs no escaping. It returns it without a slash at the end;
// the error is Invalid and names the option.
func ParseBasePath(text string) (string, error) {
	path := strings.TrimRight(text, "/")
	isPart := func(part string) bool {
		return part != "" && part != "." && part != ".." && strings.Trim(part, basePathLetters) == ""
	}
	parts := strings.Split(path, "/")
	if parts[0] != "" || slices.ContainsFunc(parts[1:], func(part string) bool { return !isPart(part) }) {
		return "", element.FieldErrorf("base-path", "The base path is %q; it must start with / and may have letters, digits and . _ ~ - between slashes.", text)
	}
	return path, nil
}

// basePathLetters need no escaping (RFC 3986 §2.3).
const basePathLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"
