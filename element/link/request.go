package link

import (
	"crypto/rand"
	"encoding/base64"
	"net"
	"strconv"
	"strings"

	"fieldline/element"
)

// userAgent is sent when the connector names none.
const userAgent = "Fieldline/1"

// request is one opening handshake ready to be sent.
type request struct {
	head       []byte
	key        string   // Sec-WebSocket-Key
	protocols  []string // offered subprotocols
	extensions []extension
	loginSent  bool // an Authorization header is in the head
}

// ours lists the fields of RFC 6455 §4.1 that only the link can fill in, and
// those that would give the request a body. A connector's own are dropped.
func ours(name string) bool {
	switch strings.ToLower(name) {
	case "upgrade", "connection", "sec-websocket-key", "sec-websocket-accept", "sec-websocket-version",
		"content-length", "transfer-encoding":
		return true
	}
	return false
}

// newRequest writes the head of the opening handshake. authorization is the
// value of an Authorization field that the link adds, "" for none.
func newRequest(cfg *Config, authorization string) (*request, *Failure) {
	if f := checkRequest(cfg); f != nil {
		return nil, f
	}
	var nonce [16]byte
	rand.Read(nonce[:]) // never fails: crypto/rand aborts the program instead
	r := &request{key: base64.StdEncoding.EncodeToString(nonce[:])}

	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	b.WriteString("GET " + cfg.Path + " HTTP/1.1\r\n")
	if h, ok := header(cfg.Headers, "Host"); ok {
		line(h.Name, h.Value)
	} else {
		line("Host", hostHeader(cfg))
	}
	line("Upgrade", "websocket")
	line("Connection", "Upgrade")
	line("Sec-WebSocket-Key", r.key)
	line("Sec-WebSocket-Version", "13")
	if _, ok := header(cfg.Headers, "User-Agent"); !ok {
		line("User-Agent", userAgent)
	}
	for _, h := range cookieFields(cfg, cfg.Cookies) {
		if ours(h.Name) || strings.EqualFold(h.Name, "Host") {
			continue
		}
		line(h.Name, h.Value)
		switch strings.ToLower(h.Name) {
		case "sec-websocket-protocol":
			r.protocols = append(r.protocols, splitList(h.Value)...)
		case "sec-websocket-extensions":
			// An offer that cannot be read is sent all the same; nothing a
			// server answers to it will be accepted.
			offers, _ := parseExtensions(h.Value)
			r.extensions = append(r.extensions, offers...)
		case "authorization":
			r.loginSent = true
		}
	}
	if authorization != "" {
		line("Authorization", authorization)
		r.loginSent = true
	}
	b.WriteString("\r\n")
	r.head = []byte(b.String())
	return r, nil
}

// checkRequest refuses what would break the request line or a field line
// (RFC 9112 §3.2, RFC 9110 §5): nothing is dialled then.
func checkRequest(cfg *Config) *Failure {
	if err := element.CheckPath(cfg.Path); err != nil {
		return &Failure{Cause: cause("address", "invalid-path", "%s Change the parameter that holds the path.", element.MessageOf(err)), Err: err}
	}
	if !strings.HasPrefix(cfg.Path, "/") {
		return &Failure{Cause: cause("address", "invalid-path", "The path %q does not start with a slash; change the parameter that holds it.", MaskURL(cfg.Path))}
	}
	hosts := 0
	for _, h := range cfg.Headers {
		if !isToken(h.Name) {
			return &Failure{Cause: cause("header", "invalid-header", "%q cannot be the name of a header; correct it in the connector.", h.Name)}
		}
		if err := element.CheckHeaderValue(h.Value); err != nil {
			return &Failure{Cause: cause("header", "invalid-header", "Header %s: %s Change the parameter that holds it.", h.Name, element.MessageOf(err)), Err: err}
		}
		if strings.EqualFold(h.Name, "Host") {
			hosts++
		}
	}
	if hosts > 1 {
		return &Failure{Cause: cause("header", "invalid-header", "The connector gives the Host header %d times; a request has one. Remove the others from the connector.", hosts)}
	}
	return nil
}

// hostHeader is host[:port] without the default port of the scheme
// (RFC 6455 §4.1, RFC 3986 §3.2.2).
func hostHeader(cfg *Config) string {
	port := cfg.Port
	if cfg.Scheme == "wss" && port == 443 || cfg.Scheme != "wss" && port == 80 {
		port = 0
	}
	host := cfg.Host
	if ascii, err := asciiHost(host); err == nil {
		host = ascii
	}
	host, _, _ = strings.Cut(host, "%") // a zone is for us alone (RFC 6874 §1)
	return element.Address{Host: host, Port: port}.HostPort()
}

// hostPort is what is dialled.
func hostPort(cfg *Config) string { return net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)) }

// header finds the first field of a name, in any casing.
func header(hs []Header, name string) (Header, bool) {
	for _, h := range hs {
		if strings.EqualFold(h.Name, name) {
			return h, true
		}
	}
	return Header{}, false
}

// headerValues returns the values of all fields of a name, in order.
func headerValues(hs []Header, name string) []string {
	var vs []string
	for _, h := range hs {
		if strings.EqualFold(h.Name, name) {
			vs = append(vs, h.Value)
		}
	}
	return vs
}

// splitList splits a comma-separated list of tokens (RFC 9110 §5.6.1).
func splitList(s string) []string {
	var out []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.Trim(item, " \t"); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// isToken reports whether s is a token (RFC 9110 §5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenChar(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenChar(c byte) bool {
	switch {
	case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
