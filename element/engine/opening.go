package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Opening returns what the opening handshake of a connection says right now
// (documentation page ConnectionsWebSocketsImplementation; RFC 6455 §4.1).
// Parameters are read at this moment, so a change of path or header counts
// from the next connection on. The error is an Invalid *element.Error whose
// sentence says why no connection can be made and what to change.
func (e *Engine) Opening(conn int) (Opening, error) {
	c, ok := e.def.Connection(conn)
	if !ok || !c.WebSocket {
		return Opening{}, element.Errorf(element.Invalid, "Connection %d is not a WebSocket connection of this connector.", conn)
	}
	base, err := e.target(&c)
	if err != nil {
		return Opening{}, err
	}
	cfg := e.connConfig(conn)
	b := opening{e: e, Opening: Opening{
		Scheme: base.Scheme, Host: base.Host, Port: base.Port,
		Ping:          cfg.PingEvery(),
		Timeout:       time.Duration(cfg.TimeoutMs) * time.Millisecond,
		IgnoreTimeout: ignoresTimeout(e.def, &c),
		Notes:         base.notes,
	}}
	b.security(cfg)
	s, x := e.def.Handshake(c)
	if x == nil {
		b.Path = rooted(base.Path)
		b.wayOut(cfg)
		return b.Opening, nil
	}
	if err := cmp.Or(b.path(base, x), b.headers(x), b.login(s)); err != nil {
		return Opening{}, atLine(err, x.RequestPos)
	}
	if err := b.certificate(s, &c); err != nil {
		return Opening{}, err
	}
	b.wayOut(cfg)
	switch {
	case x.TimeoutMs > 0:
		b.Timeout = time.Duration(x.TimeoutMs) * time.Millisecond
	case s.TimeoutMs > 0:
		b.Timeout = time.Duration(s.TimeoutMs) * time.Millisecond
	}
	return b.Opening, nil
}

// opening puts an Opening together.
type opening struct {
	Opening
	e *Engine
}

func (o *Opening) note(s string) { o.Notes = append(o.Notes, s) }

// read returns the text of a parameter, and
// remembers it for masking when the parameter is a password.
func (b *opening) read(id element.ParamID) string {
	p, i := b.e.param(id)
	if p == nil {
		return ""
	}
	v := b.e.s.slots[i].value.String()
	if p.Password {
		b.secret(v)
	}
	return v
}

func (o *Opening) secret(v string) {
	if v != "" && !slices.Contains(o.Secrets, v) {
		o.Secrets = append(o.Secrets, v)
	}
}

// path resolves the request target: url wins over pid, a numeric url names a
// parameter, an absolute URL replaces the address, "/" keeps the base path,
// and a path in the dynamic IP wins over all but an absolute URL.
func (b *opening) path(base target, x *connector.Exchange) error {
	v, origin := element.EscapeURL(strings.TrimSpace(x.URL)), "the connector's handshake url"
	id := x.URLParam
	if x.URL != "" {
		id = 0
		if n, err := strconv.Atoi(x.URL); err == nil && isDigits(x.URL) {
			id, v = element.ParamID(n), "/"+x.URL
		}
	}
	if p, _ := b.e.param(id); p != nil {
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
func (b *opening) absolute(v, origin string) error {
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
func (b *opening) headers(x *connector.Exchange) error {
	for _, h := range x.Headers {
		if h.Reserved {
			continue
		}
		v, origin := h.Value.Literal, "the connector"
		if p, _ := b.e.param(h.Value.Param); p != nil {
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
		b.Headers = append(b.Headers, HeaderLine{Name: h.Key, Value: v})
	}
	return nil
}

// login resolves user, password and proxy of the session: parameters or
// literals. Passwords are secrets wherever they come from.
func (b *opening) login(s *connector.Session) error {
	refs := []struct {
		to     *string
		ref    connector.Ref
		what   string
		secret bool
	}{
		{&b.User, s.User, "user name", false},
		{&b.Password, s.Password, "password", true},
		{&b.Proxy, s.ProxyServer, "proxy", false},
		{&b.ProxyUser, s.ProxyUser, "proxy's user name", false},
		{&b.ProxyPassword, s.ProxyPassword, "proxy's password", true},
	}
	for _, r := range refs {
		v, origin := r.ref.Literal, "the connector"
		if p, _ := b.e.param(r.ref.Param); p != nil {
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
	b.Proxy = strings.TrimSpace(b.Proxy)
	b.HasLogin = s.LoginMethod == "credentials" && (b.User != "" || b.Password != "")
	if !b.HasLogin {
		b.User, b.Password = "", ""
	}
	return nil
}

// certificate refuses a session that logs in with a client certificate where
// the element's settings name none for the connection.
func (o *Opening) certificate(s *connector.Session, c *connector.Connection) error {
	if s.LoginMethod != "certificate" || o.TLS.CertFile != "" {
		return nil
	}
	return element.Errorf(element.Invalid,
		"Session %d logs in with a client certificate, and the element's settings name none for %s. Name its file in the settings.", s.ID, connName(c))
}

// security takes over what the element's settings say of proxies and TLS.
func (o *Opening) security(cfg element.ConnectionConfig) {
	o.BypassProxy, o.SkipVerify = cfg.BypassesProxy(), cfg.SkipVerify
	o.TLS = TLSSettings{
		ServerName: cfg.ServerName, Fingerprint: cfg.Fingerprint,
		CAFile: cfg.CAFile, CertFile: cfg.CertFile, KeyFile: cfg.KeyFile,
		MinVersion: cfg.MinTLS, OldCiphers: cfg.OldCiphers, CommonName: cfg.CommonName,
	}
}

// wayOut takes the proxy of the element's settings when the session names none
// and the bus address does not say to go without. What a proxy's address holds
// of a login is a secret wherever it comes from.
func (o *Opening) wayOut(cfg element.ConnectionConfig) {
	if o.Proxy != "" {
		if p, err := element.ParseProxy(o.Proxy); err == nil {
			o.secret(p.Password)
		}
		if cfg.Proxy != "" {
			o.note("The proxy of the element's settings is not used: the connector's session names one.")
		}
		return
	}
	switch {
	case cfg.Proxy == "":
		return
	case o.BypassProxy:
		o.note("The proxy of the element's settings is not used: the bus address is " + element.BypassProxy + ".")
		return
	}
	p, err := element.ParseProxy(cfg.Proxy)
	if err != nil { // settings were checked when they were made; the link says what is wrong
		o.Proxy = cfg.Proxy
		return
	}
	o.Proxy = p.URL
	if p.User != "" || p.Password != "" {
		o.ProxyUser, o.ProxyPassword = p.User, p.Password
		o.secret(p.Password)
	}
	o.note("The proxy is that of the element's settings.")
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
