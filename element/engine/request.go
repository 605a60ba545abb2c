package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// built is a request of a session as its parameters were when the group was
// queued (schema documentation, Group/Content).
type built struct {
	session *connector.Session
	x       *connector.Exchange
	Opening // what it says; the address unless absolute comes when it is sent
	body    []byte
	own     bool   // the url is absolute: Opening has the address
	err     string // why it cannot be sent, a sentence
}

// polls reports whether a group holds HTTP sessions.
func polls(g *connector.Group) bool {
	return slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool { return i.Kind == connector.ItemSession })
}

// buildRequests builds the requests of a group, by item.
func (as *addresses) buildRequests(g *connector.Group) map[int][]built {
	var all map[int][]built
	for n, item := range g.Content {
		if item.Kind != connector.ItemSession {
			continue
		}
		if all == nil {
			all = map[int][]built{}
		}
		for i := range as.ix.def.Sessions {
			s := &as.ix.def.Sessions[i]
			for k := range s.Exchanges {
				if x := &s.Exchanges[k]; s.ID == item.ID && (item.Exchange < 0 || item.Exchange == x.ID) {
					all[n] = append(all[n], as.build(s, x))
				}
			}
		}
	}
	return all
}

// build puts one request together. What the connector's file says of the url, and
// all of the query, is percent-encoded where that has to be (element.EscapePath);
// a path that a parameter holds is sent as it is.
func (as *addresses) build(s *connector.Session, x *connector.Exchange) built {
	out := built{session: s, x: x}
	b := draft{addresses: as}
	err := b.headers(x)
	if err == nil {
		err = b.login(s)
	}
	query, body := b.content(x)
	if err == nil {
		out.own, err = b.httpPath(x, query)
	}
	if err != nil {
		out.err = element.MessageOf(atLine(err, x.RequestPos))
	}
	out.Opening, out.body = b.Opening, body
	return out
}

// content is what a request carries: behind the path of a GET, in the body of
// all others. Parameters win over Data and keep their order (RN 33796).
func (b *draft) content(x *connector.Exchange) (query string, body []byte) {
	var text string
	switch {
	case len(x.Parameters) > 0:
		pairs := make([]string, len(x.Parameters))
		for i, p := range x.Parameters {
			pairs[i] = p.Key + "=" + b.ref(p.Value)
		}
		text = strings.Join(pairs, "&")
		query = "?" + text
	case x.Data != nil:
		text = b.ref(*x.Data)
		query = text
	}
	if x.Verb == "GET" {
		return query, nil
	}
	return "", []byte(text)
}

// ref resolves a value that is written in the connector or held by a parameter.
func (b *draft) ref(r connector.Ref) string {
	if p, _ := b.addresses.ix.param(r.Param); p != nil {
		return b.read(r.Param)
	}
	return r.Literal
}

// httpPath resolves the path of an ordinary request: url wins over pid and is
// a path even when it is a number; own says that it is a whole URL.
func (b *draft) httpPath(x *connector.Exchange, query string) (own bool, err error) {
	v, origin := element.EscapeURL(strings.TrimSpace(x.URL)), "the connector's url"
	if p, _ := b.addresses.ix.param(x.URLParam); p != nil && v == "" {
		v, origin = b.read(x.URLParam), named(p)
	}
	v = strings.TrimSpace(v)
	if strings.HasPrefix(query, "?") && strings.Contains(v, "?") {
		query = "&" + query[1:]
	}
	v += element.EscapePath(query)
	if element.IsAbsolute(v) {
		a, err := element.ParseAddress(v)
		if err != nil {
			return false, element.Errorf(element.Invalid, "%s holds no address to ask. %s", capital(origin), element.MessageOf(err))
		}
		b.Scheme, b.Host, b.Port = httpScheme(a.Scheme), a.Host, a.Port
		if b.Port == 0 {
			b.Port = httpPort(b.Scheme)
		}
		b.Path = rooted(a.Path)
		return true, nil
	}
	if err := element.CheckPath(v); err != nil {
		return false, element.Errorf(element.Invalid, "%s holds no path to ask for. %s", capital(origin), element.MessageOf(err))
	}
	b.Path = rooted(v)
	return false, nil
}

// complete completes a request with the address and the settings of its
// connection.
func (as *addresses) complete(b *built, c *connector.Connection) (Opening, error) {
	o := b.Opening
	cfg := as.status.connConfig(c.ID)
	if !b.own {
		a, err := as.httpTarget(c)
		if err != nil {
			return o, err
		}
		o.Scheme, o.Host, o.Port, o.Path = a.Scheme, a.Host, a.Port, below(a.Path, o.Path)
	}
	o.security(cfg)
	if err := o.certificate(b.session, c); err != nil {
		return o, err
	}
	o.applyProxy(cfg)
	ms := cfg.TimeoutMs
	switch {
	case b.x.TimeoutMs > 0:
		ms = b.x.TimeoutMs
	case b.session.TimeoutMs > 0:
		ms = b.session.TimeoutMs
	}
	o.Timeout = time.Duration(ms) * time.Millisecond
	return o, nil
}

// below puts the path of a request behind that of a dynamic IP: what has a path
// is the beginning of all. A request without a path of its own asks for the
// dynamic IP's, query included.
func below(base, path string) string {
	root, query, _ := strings.Cut(base, "?")
	switch root = strings.TrimRight(root, "/"); {
	case base == "":
		return path
	case path != "/":
		return rooted(root + path)
	case query != "":
		return rooted(root) + "?" + query
	default:
		return rooted(root)
	}
}

// socketOf names the socket of an exchange: exchanges of one session in one queue
// share it, and no other uses it (documentation of Session@keepAlive).
func socketOf(lane laneIndex, s *connector.Session) uint64 {
	return uint64(lane)<<32 | uint64(uint32(s.ID))
}

// last reports whether nothing more of the session is sent after the request
// at hand.
func last(list []built, at int) bool {
	return !slices.ContainsFunc(list[at+1:], func(b built) bool { return b.err == "" })
}

// requestName names a request in a sentence.
func requestName(b *built) string {
	return "request " + strconv.Itoa(b.x.ID) + " of session " + strconv.Itoa(b.session.ID)
}
