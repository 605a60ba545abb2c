package link

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// Cookies are those of a device's answers (RFC 6265), for the handshakes and
// exchanges that share them. Any goroutine may use them; the zero Cookies is
// ready and empty.
type Cookies struct {
	mu    sync.Mutex
	jar   *cookiejar.Jar
	known map[string]bool // what was ever set, to bound the jar
}

// Bounds of cookies: a jar that a device fills begins anew.
const (
	maxCookies    = 300
	maxCookieSize = 4096 // RFC 6265 §6.1
)

// set takes the cookies of an answer. They come back to the hosts that they are
// for, in every port of those.
func (c *Cookies) set(at *url.URL, headers []Header) {
	lines := headerValues(headers, "Set-Cookie")
	if len(lines) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range lines {
		x, ok := parseCookie(line)
		if !ok {
			continue
		}
		if c.jar == nil || len(c.known) >= maxCookies {
			c.known = map[string]bool{}
			c.jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		}
		c.known[at.Hostname()+";"+x.Domain+";"+x.Path+";"+x.Name] = true
		c.jar.SetCookies(at, []*http.Cookie{x})
	}
}

// Marks before the value of a cookie in the jar, which knows more secure origins
// than https and does not tell.
const (
	anywhere  = "-"
	onlyHTTPS = "s"
)

// parseCookie reads a line of Set-Cookie. Its value is kept as it came (RFC 6265
// §5.2): net/http drops values with quotes in them, and quotes those with blanks.
func parseCookie(line string) (*http.Cookie, bool) {
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, ok := strings.Cut(pair, "=")
	value = strings.Trim(value, " \t")
	if !ok || len(line) > maxCookieSize || strings.ContainsFunc(value, isControl) {
		return nil, false
	}
	x, err := http.ParseSetCookie(strings.Trim(name, " \t") + "=v;" + attributes)
	if err != nil {
		return nil, false
	}
	x.Value, x.Quoted = anywhere+value, false
	if x.Secure {
		x.Value = onlyHTTPS + value
	}
	return x, true
}

// beside returns the cookies for an address that the connector does not give
// itself: its own win over those of the same name.
func (c *Cookies) beside(own []Header, at *url.URL) string {
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.jar == nil {
		return ""
	}
	given := map[string]bool{}
	for pair := range strings.SplitSeq(strings.Join(headerValues(own, "Cookie"), ";"), ";") {
		name, _, _ := strings.Cut(pair, "=")
		given[strings.TrimSpace(name)] = true
	}
	var pairs []string
	for _, x := range c.jar.Cookies(at) {
		if !given[x.Name] && (x.Value[:1] == anywhere || at.Scheme == "https") {
			pairs = append(pairs, x.Name+"="+x.Value[1:])
		}
	}
	return strings.Join(pairs, "; ")
}

// cookieFields are the fields of a request with the kept cookies in them: at the
// end of the connector's own field, or as the last one.
func cookieFields(cfg *Config, kept *Cookies) []Header {
	more := kept.beside(cfg.Headers, webURL(cfg))
	if more == "" {
		return cfg.Headers
	}
	all := slices.Clone(cfg.Headers)
	i := slices.IndexFunc(all, func(h Header) bool { return strings.EqualFold(h.Name, "Cookie") && h.Value != "" })
	if i < 0 {
		return append(all, Header{Name: "Cookie", Value: more})
	}
	all[i].Value = strings.TrimRight(all[i].Value, "; ") + "; " + more
	return all
}

// Forget forgets all cookies.
func (c *Cookies) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jar, c.known = nil, nil
}

// webURL is the address of a request as cookies know it.
func webURL(cfg *Config) *url.URL {
	scheme := "http"
	if cfg.Scheme == "wss" || cfg.Scheme == "https" {
		scheme = "https"
	}
	u := &url.URL{Scheme: scheme, Host: hostHeader(cfg), Path: "/"}
	if to, err := u.Parse(cfg.Path); err == nil {
		u.Path = to.Path
	}
	return u
}

// cookiesFor are the cookies of where the exchange is now: the device's, and
// those of this exchange alone for another port than the device's, since a
// redirection to one is to another host. 80 and 443 are one: that is a device
// that goes on with TLS.
func (x *exchange) cookiesFor() *Cookies {
	port := x.req.Port
	if port == 443 {
		port = 80
	}
	if x.cookies == nil {
		first := x.req.Cookies
		if first == nil {
			first = &Cookies{}
		}
		x.cookies = map[int]*Cookies{port: first}
	}
	c := x.cookies[port]
	if c == nil {
		c = &Cookies{}
		x.cookies[port] = c
	}
	return c
}
