package element

import (
	"encoding/hex"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Limits of the settings that say how a device is reached.
const (
	DefaultPingMs = 30_000  // between WebSocket pings, when nobody chose
	MinPingMs     = 1000    // shorter ones would be traffic of their own
	MaxPingMs     = 300_000 // longer ones find a dead line too late
	MaxFileName   = 255     // bytes of the name of a PEM file

	DefaultMinTLS = "1.2"
)

// PingEvery is the time between pings of an open connection, 0 for none.
func (c ConnectionConfig) PingEvery() time.Duration {
	if c.PingMs == nil {
		return DefaultPingMs * time.Millisecond
	}
	return time.Duration(*c.PingMs) * time.Millisecond
}

// TLSVersions are those that TLS.MinVersion can name, oldest first.
func TLSVersions() []string { return []string{"1.0", "1.1", "1.2", "1.3"} }

// IsOld reports whether versions are accepted that are not safe any more.
func (t TLS) IsOld() bool { return t.MinVersion == "1.0" || t.MinVersion == "1.1" }

// TrustsCommonName reports whether the common name of a certificate decides: one
// that is not checked or is pinned is trusted whatever it is made out to.
func (t TLS) TrustsCommonName() bool { return t.CommonName && !t.SkipVerify && t.Fingerprint == "" }

// Weakened says what the settings allow that makes TLS less safe, in words.
func (c ConnectionConfig) Weakened() []string {
	var all []string
	if c.SkipVerify {
		all = append(all, "certificate not checked")
	}
	if c.IsOld() {
		all = append(all, "TLS "+c.MinVersion+" allowed")
	}
	if c.OldCiphers {
		all = append(all, "old ciphers allowed")
	}
	if c.TrustsCommonName() {
		all = append(all, "common name counts")
	}
	return all
}

// Masked returns the settings as people see them: without the passwords of
// proxies and the tokens in addresses. What is masked in a Draft means the one
// there is.
func (c Config) Masked() Config {
	c.Connections = slices.Clone(c.Connections)
	for i := range c.Connections {
		c.Connections[i].Proxy = MaskProxy(c.Connections[i].Proxy)
		c.Connections[i].Host = MaskURL(c.Connections[i].Host)
	}
	return c
}

// Proxy is a way out to a device: a URL of the scheme http, https, socks5 or
// socks5h with a host and perhaps a port, and the login for it.
type Proxy struct {
	Bypass         bool   // none, whatever the environment says
	URL            string // scheme://host[:port]; "" means HTTP_PROXY, HTTPS_PROXY, NO_PROXY
	User, Password string
}

// ParseProxy reads scheme://[user[:password]@]host[:port]; without a scheme it
// is an http proxy. Characters of a login that mean something in a URL are
// percent-encoded (RFC 3986 §3.2.1). Errors are sentences for a person, Code
// Invalid, without a field and without the login.
func ParseProxy(s string) (Proxy, error) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil { // its text holds the login
		return Proxy{}, Errorf(Invalid, "The proxy's address cannot be read; write it as http://host:port, with a login as http://user:password@host:port and the login's special characters percent-encoded.")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return Proxy{}, Errorf(Invalid, "Proxies of the kind %q are not supported; http, https and socks5 are.", u.Scheme)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return Proxy{}, Errorf(Invalid, "The proxy's address has something behind its port; write it as %s://host:port.", u.Scheme)
	}
	host, port, err := splitHostPort(u.Host)
	if err != nil {
		return Proxy{}, Errorf(Invalid, "The proxy's address cannot be used. %s", MessageOf(err))
	}
	p := Proxy{URL: u.Scheme + "://" + Address{Host: host, Port: port}.HostPort()}
	if u.User != nil {
		p.User = u.User.Username()
		p.Password, _ = u.User.Password()
	}
	return p, nil
}

// MaskProxy returns the address of a proxy with its password masked. What
// cannot be read and may hold a login is masked as a whole.
func MaskProxy(s string) string {
	p, err := ParseProxy(s)
	switch {
	case strings.Contains(s, ":"+Mask+"@"): // done already: no setting holds that
		return s
	case s == "" || err == nil && p.User == "" && p.Password == "":
		return s
	case err != nil && strings.Contains(s, "@"), err != nil && strings.Contains(s, "%"):
		return Mask
	case err != nil:
		return s
	}
	login := url.PathEscape(p.User)
	if p.Password != "" {
		login += ":" + Mask
	}
	scheme, host, _ := strings.Cut(p.URL, "://")
	return scheme + "://" + login + "@" + host
}

// reachProblems checks the settings that say how the device is reached.
func (c ConnectionConfig) reachProblems(wrong func(field, format string, args ...any)) {
	if c.PingMs != nil && *c.PingMs != 0 && (*c.PingMs < MinPingMs || *c.PingMs > MaxPingMs) {
		wrong("pingMs", "The device would be pinged every %d ms; it can be %d to %d ms, or 0 for never.", *c.PingMs, MinPingMs, MaxPingMs)
	}
	if c.Fingerprint != "" && !isFingerprint(c.Fingerprint) {
		wrong("fingerprint", "This is not a SHA-256 fingerprint: it has 64 digits from 0 to f, optionally with colons between them.")
	}
	if c.MinVersion != "" && !slices.Contains(TLSVersions(), c.MinVersion) {
		wrong("minTLS", "%q is not a version of TLS; the oldest one that is accepted can be 1.0, 1.1, 1.2 or 1.3.", c.MinVersion)
	}
	for _, check := range []struct {
		field string
		err   error
	}{
		{"proxy", checkProxy(c.Proxy)},
		{"serverName", checkServerName(c.ServerName)},
		{"caFile", checkFileName(c.CAFile)},
		{"certFile", checkFileName(c.CertFile)},
		{"keyFile", checkFileName(c.KeyFile)},
	} {
		if check.err != nil {
			wrong(check.field, "%s", MessageOf(check.err))
		}
	}
	if c.KeyFile != "" && c.CertFile == "" {
		wrong("certFile", "There is a key and no certificate for it; name the file of the client certificate too.")
	}
}

func checkProxy(s string) error {
	switch {
	case s == "":
		return nil
	case len(s) > MaxAddressLength:
		return Errorf(Invalid, "The proxy's address is %d bytes long; at most %d are allowed.", len(s), MaxAddressLength)
	case strings.Contains(s, Mask), strings.Contains(s, url.PathEscape(Mask)):
		return Errorf(Invalid, "The proxy's password is hidden here; type it again, since the rest of the proxy's address changed.")
	}
	_, err := ParseProxy(s)
	return err
}

// checkServerName accepts a host name or an IP address: what a certificate is
// made out to.
func checkServerName(s string) error {
	if _, err := netip.ParseAddr(s); s == "" || err == nil {
		return nil
	}
	return checkHost(s)
}

func isFingerprint(s string) bool {
	b, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(s))
	return err == nil && len(b) == 32
}

// checkFileName accepts the name of a file and nothing that leads elsewhere,
// on any system.
func checkFileName(s string) error {
	switch {
	case len(s) > MaxFileName:
		return Errorf(Invalid, "The name of the file is %d bytes long; at most %d are allowed.", len(s), MaxFileName)
	case s == "." || s == ".." || strings.ContainsAny(s, `/\:`) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return Errorf(Invalid, "%q is not the name of a file: put the file into the folder for certificates and write its name alone.", s)
	}
	return nil
}
