package engine

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// addresses works out where connections and requests lead and what they say,
// from what parameters and settings hold right now. It changes nothing.
type addresses struct {
	ix     *index
	status *status
	values *values
}

// handshake works out what Opening returns.
func (as *addresses) handshake(conn int) (Opening, error) {
	c, ok := as.ix.def.Connection(conn)
	if !ok || !c.WebSocket {
		return Opening{}, element.Errorf(element.Invalid, "Connection %d is not a WebSocket connection of this connector.", conn)
	}
	base, err := as.target(&c)
	if err != nil {
		return Opening{}, err
	}
	cfg := as.status.connConfig(conn)
	b := draft{addresses: as, Opening: Opening{
		Destination: element.Destination{
			Scheme: base.Scheme, Host: base.Host, Port: base.Port,
			Timeout: time.Duration(cfg.TimeoutMs) * time.Millisecond,
		},
		Ping:          cfg.PingEvery(),
		IgnoreTimeout: ignoresTimeout(as.ix.def, &c),
		Notes:         base.notes,
	}}
	b.security(cfg)
	s, x := as.ix.def.Handshake(c)
	if x == nil {
		b.Path = rooted(base.Path)
		b.applyProxy(cfg)
		return b.Opening, nil
	}
	if err := cmp.Or(b.path(base, x), b.headers(x), b.login(s)); err != nil {
		return Opening{}, atLine(err, x.RequestPos)
	}
	if err := b.certificate(s, &c); err != nil {
		return Opening{}, err
	}
	b.applyProxy(cfg)
	switch {
	case x.TimeoutMs > 0:
		b.Timeout = time.Duration(x.TimeoutMs) * time.Millisecond
	case s.TimeoutMs > 0:
		b.Timeout = time.Duration(s.TimeoutMs) * time.Millisecond
	}
	return b.Opening, nil
}

// draft puts an Opening together.
type draft struct {
	Opening
	addresses *addresses
}

// read returns the text of a parameter, and
// remembers it for masking when the parameter is a password.
func (b *draft) read(id element.ParamID) string {
	p, i := b.addresses.ix.param(id)
	if p == nil {
		return ""
	}
	v := b.addresses.values.slots[i].value.String()
	if p.Password {
		b.secret(v)
	}
	return v
}

// path resolves the request target: url wins over pid, a numeric url names a
// parameter, an absolute URL replaces the address, "/" keeps the base path,
// and a path in the dynamic IP wins over all but an absolute URL.
func (b *draft) path(base target, x *connector.Exchange) error {
	v, origin := element.EscapeURL(strings.TrimSpace(x.URL)), "the connector's handshake url"
	id := x.URLParam
	if x.URL != "" {
		id = 0
		if n, err := strconv.Atoi(x.URL); err == nil && isDigits(x.URL) {
			id, v = element.ParamID(n), "/"+x.URL
		}
	}
	if p, _ := b.addresses.ix.param(id); p != nil {
		v, origin = b.read(id), named(p)
	}
	v = strings.TrimSpace(v)
	if element.IsAbsolute(v) {
		return b.absolute(v, origin)
	}
	if err := element.CheckPath(v); err != nil {
		return element.Errorf(element.Invalid, "%s holds no path to connect to. %s", capital(origin), element.MessageOf(err))
	}
	switch {
	case v == "" || v == "/":
		b.Path = rooted(base.Path)
	case base.ownPath:
		b.Path = rooted(base.Path)
		b.note("The path is that of the dynamic IP; the one of " + origin + " is not used.")
	default:
		b.Path = rooted(v)
		b.note("The path is that of " + origin + ".")
	}
	return nil
}

// atLine adds to the sentence of an error where in the connector's file the
// request is that cannot be sent.
func atLine(err error, at connector.Pos) error {
	if at.Line == 0 {
		return err
	}
	return element.Errorf(element.Invalid, "%s See line %d of the connector.", element.MessageOf(err), at.Line)
}

// absolute takes scheme, host, port and path from a URL.
func (b *draft) absolute(v, origin string) error {
	a, err := element.ParseAddress(v)
	if err != nil {
		return element.Errorf(element.Invalid, "%s holds no address to connect to. %s", capital(origin), element.MessageOf(err))
	}
	b.Scheme, b.Host, b.Port = socketScheme(a.Scheme), a.Host, a.Port
	if b.Port == 0 {
		b.Port = defaultPort(b.Scheme)
	}
	b.Path = rooted(a.Path)
	b.note("Address and path are those of " + origin + ".")
	return nil
}

// headers adds the session's header fields in the connector's order. Those
// that are ours to send are left out, and so are those without a value.
func (b *draft) headers(x *connector.Exchange) error {
	for _, h := range x.Headers {
		if h.Reserved {
			continue
		}
		v, origin := h.Value.Literal, "the connector"
		if p, _ := b.addresses.ix.param(h.Value.Param); p != nil {
			v, origin = b.read(h.Value.Param), named(p)
		}
		if v == "" {
			b.note("Header " + h.Key + " is left out: " + origin + " holds no value for it.")
			continue
		}
		if err := element.CheckHeaderValue(v); err != nil {
			return element.Errorf(element.Invalid, "Header %s cannot be sent with the value of %s. %s", h.Key, origin, element.MessageOf(err))
		}
		if strings.EqualFold(h.Key, "Sec-WebSocket-Version") {
			if strings.TrimSpace(v) != "13" {
				return element.Errorf(element.Invalid, "Header %s can only be 13 (RFC 6455); %s says otherwise.", h.Key, origin)
			}
			continue
		}
		b.Headers = append(b.Headers, element.Header{Name: h.Key, Value: v})
	}
	return nil
}

// login resolves user, password and proxy of the session: parameters or
// literals. Passwords are secrets wherever they come from.
func (b *draft) login(s *connector.Session) error {
	refs := []struct {
		to     *string
		ref    connector.Ref
		what   string
		secret bool
	}{
		{&b.User, s.User, "user name", false},
		{&b.Password, s.Password, "password", true},
		{&b.Proxy.URL, s.ProxyServer, "proxy", false},
		{&b.Proxy.User, s.ProxyUser, "proxy's user name", false},
		{&b.Proxy.Password, s.ProxyPassword, "proxy's password", true},
	}
	for _, r := range refs {
		v, origin := r.ref.Literal, "the connector"
		if p, _ := b.addresses.ix.param(r.ref.Param); p != nil {
			v, origin = b.read(r.ref.Param), named(p)
		}
		if err := element.CheckHeaderValue(v); err != nil {
			return element.Errorf(element.Invalid, "The %s of %s cannot be used: it has a control character.", r.what, origin)
		}
		if r.secret {
			b.secret(v)
		}
		*r.to = v
	}
	b.Proxy.URL = strings.TrimSpace(b.Proxy.URL)
	b.HasLogin = s.LoginMethod == "credentials" && (b.User != "" || b.Password != "")
	if !b.HasLogin {
		b.User, b.Password = "", ""
	}
	return nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// rooted gives a path its leading slash.
func rooted(path string) string {
	if !strings.HasPrefix(path, "/") {
		return "/" + path
	}
	return path
}
