package element

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Address is a device address as a person or a connector writes it: the host
// field of an element's form or the value of a dynamic IP parameter. What was
// not written is the zero value; defaults are applied where the target of a
// connection is worked out, not here.
type Address struct {
	Scheme string // "ws", "wss", "http", "https" or "" when not written
	Host   string // name or IP without brackets; never empty
	Port   int    // 1–65535, 0 when not written
	Path   string // with its query, starts with "/"; "" when not written
}

// HostPort returns host:port with brackets around an IPv6 address, without the
// port when it is 0.
func (a Address) HostPort() string {
	host := a.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if a.Port == 0 {
		return host
	}
	return host + ":" + strconv.Itoa(a.Port)
}

// String writes the address as ParseAddress reads it.
func (a Address) String() string {
	s := a.HostPort() + a.Path
	if a.Scheme != "" {
		s = a.Scheme + "://" + s
	}
	return s
}

// MaxAddressLength bounds the text ParseAddress accepts, in bytes.
const MaxAddressLength = 2048

// ParseAddress reads host, host:port or scheme://host[:port][/path][?query].
// Schemes are ws, wss, http and https in any casing. An IPv6 address needs
// brackets when a port follows. A path without a scheme (host/path) is read
// too. Errors are sentences for a person, Code Invalid, without a field.
func ParseAddress(s string) (Address, error) {
	var a Address
	s = strings.TrimSpace(s)
	if s == "" {
		return a, Errorf(Invalid, "The address is empty: enter a host name or an IP address.")
	}
	if len(s) > MaxAddressLength {
		return a, Errorf(Invalid, "The address is %d bytes long; at most %d are allowed.", len(s), MaxAddressLength)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }); i >= 0 {
		return a, Errorf(Invalid, "The address has a space or a control character at position %d.", i+1)
	}
	rest := s
	if scheme, after, ok := cutScheme(s); ok {
		a.Scheme = strings.ToLower(scheme)
		switch a.Scheme {
		case "ws", "wss", "http", "https":
		default:
			return a, Errorf(Invalid, "The address starts with %q; use ws://, wss://, http:// or https://.", scheme+"://")
		}
		rest = after
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		a.Path, rest = rest[i:], rest[:i]
		if a.Path[0] == '?' {
			a.Path = "/" + a.Path
		}
		if err := CheckPath(a.Path); err != nil {
			return a, err
		}
	}
	if strings.Contains(rest, "@") {
		return a, Errorf(Invalid, "The address holds a user name; a login belongs in the connector's session, not into the address.")
	}
	host, port, err := splitHostPort(rest)
	if err != nil {
		return a, err
	}
	a.Host, a.Port = host, port
	return a, nil
}

// IsAbsolute reports whether a path is a whole address of its own, whatever its
// scheme: ParseAddress says whether that can be dialled.
func IsAbsolute(path string) bool {
	_, _, ok := cutScheme(path)
	return ok
}

// cutScheme splits an absolute address behind its scheme. A "://" further on,
// in a path or a query, is data.
func cutScheme(s string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(s, "://")
	if !ok || strings.ContainsAny(scheme, "/?") {
		return "", s, false
	}
	return scheme, rest, true
}

func splitHostPort(s string) (host string, port int, err error) {
	switch {
	case strings.HasPrefix(s, "["):
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", 0, Errorf(Invalid, "The address opens a bracket %q and does not close it.", "[")
		}
		host = s[1:end]
		if !isIPv6(host) {
			return "", 0, Errorf(Invalid, "%q is not an IPv6 address; only those stand in brackets.", host)
		}
		s = s[end+1:]
		if s == "" {
			return host, 0, nil
		}
		if s[0] != ':' {
			return "", 0, Errorf(Invalid, "After %q only a colon and a port may follow.", "["+host+"]")
		}
		port, err = parsePort(s[1:])
		return host, port, err
	case strings.Count(s, ":") > 1:
		if !isIPv6(s) {
			return "", 0, Errorf(Invalid, "%q is not an address; write an IPv6 address with a port as [address]:port.", s)
		}
		return s, 0, nil
	}
	host, portText, hasPort := strings.Cut(s, ":")
	if err := checkHost(host); err != nil {
		return "", 0, err
	}
	if hasPort {
		port, err = parsePort(portText)
	}
	return host, port, err
}

// isIPv6 accepts an IPv6 address, with a zone of the unreserved characters of
// RFC 3986 §2.3: netip takes any text for a zone, brackets too.
func isIPv6(s string) bool {
	ip, err := netip.ParseAddr(s)
	if err != nil || !ip.Is6() {
		return false
	}
	for _, r := range ip.Zone() {
		if !strings.ContainsRune("-._~", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

func parsePort(s string) (int, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, Errorf(Invalid, "%q is not a port; a port is a number from 1 to 65535.", s)
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return 0, Errorf(Invalid, "%q is not a port; a port is a number from 1 to 65535.", s)
	}
	return n, nil
}

// checkHost accepts what can be looked up: an IPv4 address or a name of
// letters, digits, hyphens, underscores and dots (RFC 1123, with the
// underscore that device names use).
func checkHost(host string) error {
	if host == "" {
		return Errorf(Invalid, "The address has no host: enter a host name or an IP address.")
	}
	if len(host) > 253 {
		return Errorf(Invalid, "The host name is %d characters long; at most 253 are allowed.", len(host))
	}
	numeric := true
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 {
			return Errorf(Invalid, "%q is not a host name: each part between dots has 1 to 63 characters.", host)
		}
		for _, r := range label {
			switch {
			case r >= '0' && r <= '9':
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '-', r == '_', r > 0x7f:
				numeric = false
			default:
				return Errorf(Invalid, "%q is not a host name: %q cannot be part of one.", host, string(r))
			}
		}
	}
	if numeric {
		if _, err := netip.ParseAddr(host); err != nil {
			return Errorf(Invalid, "%q is not an IP address; an IPv4 address is four numbers from 0 to 255.", host)
		}
	}
	return nil
}

// CheckPath reports why s cannot be the target of a request line (RFC 9112
// §3.2): control characters, spaces, a fragment or bytes outside ASCII. The
// empty path is fine; a leading slash is not needed.
func CheckPath(s string) error {
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			return Errorf(Invalid, "The path has a space at position %d; write it as %%20.", i+1)
		case c < ' ' || c == 0x7f:
			return Errorf(Invalid, "The path has a control character (%s) at position %d.", controlName(c), i+1)
		case c == '#':
			return Errorf(Invalid, "The path has a # at position %d; what follows a # is never sent to a device.", i+1)
		case c >= 0x80:
			return Errorf(Invalid, "The path has a character outside ASCII at position %d; write it percent-encoded.", i+1)
		}
	}
	return nil
}

// EscapePath percent-encodes what cannot stand in a request target, as
// WinHttpOpenRequest does when nobody says otherwise: controls, spaces, bytes
// outside ASCII and "#<>[\]^`{|}. A percent sign stays, so what is encoded
// already is not encoded twice.
func EscapePath(s string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"#<>[\\]^`{|}", c) >= 0 {
			b.WriteString("%" + upper[c>>4:c>>4+1] + upper[c&15:c&15+1])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// EscapeURL is EscapePath for what may be a whole URL: of that the part behind
// host and port is encoded.
func EscapeURL(s string) string {
	scheme, rest, ok := cutScheme(s)
	if !ok {
		return EscapePath(s)
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return s
	}
	return scheme + "://" + rest[:end] + EscapePath(rest[end:])
}

// CheckHeaderValue reports why s cannot be sent verbatim as the value of a
// header field (RFC 9110 §5.5): carriage return, line feed, NUL or another
// control character but the tab.
func CheckHeaderValue(s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return Errorf(Invalid, "The header value has a control character (%s) at position %d; a header is one line.", controlName(c), i+1)
		}
	}
	return nil
}

func controlName(c byte) string {
	switch c {
	case '\r':
		return "carriage return"
	case '\n':
		return "line feed"
	case 0:
		return "NUL"
	case '\t':
		return "tab"
	default:
		return fmt.Sprintf("0x%02x", c)
	}
}
