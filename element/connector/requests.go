package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// sessionRefs resolves the attributes that are a parameter id or a literal,
// and drops references to parameters that do not exist.
func (r feeder) sessionRefs(s *Session) {
	for _, x := range []struct {
		ref  *Ref
		rule string
		what string
	}{
		{&s.Password, "8.4.1", "password"},
		{&s.User, "8.5.1", "userName"},
		{&s.ProxyServer, "8.6.1", "proxyServer"},
		{&s.ProxyUser, "8.7.1", "proxyUser"},
		{&s.ProxyPassword, "8.8.1", "proxyPassword"},
	} {
		id, err := strconv.Atoi(x.ref.Literal)
		if err != nil || id < 1 {
			continue
		}
		p := r.def.params[element.ParamID(id)]
		if p == nil {
			r.Note(x.rule, s.Pos, "The attribute %s of session %d is %d, but there is no such parameter; it is taken literally.", x.what, s.ID, id)
			continue
		}
		*x.ref = Ref{Param: p.ID}
		p.Feeds.Login = true
	}
	shake := r.def.IsHandshake(s.ID)
	for i := range s.Exchanges {
		x := &s.Exchanges[i]
		r.exchangeRefs(x, pick(shake, "WS-23", ""))
		if shake {
			continue
		}
		r.asked(x)
		if err := r.literalURL(s, x); err != nil {
			r.NoteAs("FL-28", element.Major, x.RequestPos, "The url of session %d cannot be used, so the request is not sent. %s", s.ID, element.MessageOf(err))
		}
	}
}

// asked marks what feeds the request line and the headers of an ordinary request.
func (r feeder) asked(x *Exchange) {
	if p := r.def.params[x.URLParam]; p != nil && strings.TrimSpace(x.URL) == "" {
		p.asks.Path = true
	}
	for _, h := range x.Headers {
		if p := r.def.params[h.Value.Param]; p != nil {
			p.asks.Header = true
		}
	}
}

// literalURL notes what of a url in the file is sent in another way, and returns
// why it cannot be sent at all.
func (r feeder) literalURL(s *Session, x *Exchange) error {
	url := strings.TrimSpace(x.URL)
	sent := element.EscapeURL(url)
	if element.IsAbsolute(sent) {
		if _, err := element.ParseAddress(sent); err != nil {
			return err
		}
	}
	if sent != url {
		r.NoteAs("FL-28", element.Info, x.RequestPos, "The url of session %d has characters that no request line can have; it is sent as %s.", s.ID, Shorten(sent))
	}
	return nil
}

func (r feeder) exchangeRefs(x *Exchange, handshake string) {
	x.URLParam = r.existing(x.URLParam, "8.9.1", x.Pos, "The pid of a request")
	x.StatusParam = r.existing(x.StatusParam, pick(handshake != "", handshake, "8.13.1"), x.Pos, "Response@statusCode")
	x.ContentParam = r.existing(x.ContentParam, pick(handshake != "", handshake, "8.14.1"), x.Pos, "The Content of a response")
	for i := range x.Headers {
		h := &x.Headers[i]
		h.Value.Param = r.existing(h.Value.Param, "8.11.1", h.Pos, "The header "+Shorten(h.Key))
	}
	for i := range x.Parameters {
		h := &x.Parameters[i]
		h.Value.Param = r.existing(h.Value.Param, "8.12.1", h.Pos, "The request parameter "+Shorten(h.Key))
	}
	if x.Data != nil {
		x.Data.Param = r.existing(x.Data.Param, "8.10.1", x.Pos, "The Data of a request")
	}
	x.HeaderParams = slices.DeleteFunc(x.HeaderParams, func(h HeaderParam) bool {
		return r.existing(h.Param, "8.15.1", x.Pos, "The response header "+Shorten(h.Key)) == 0
	})
}

// handshake checks the session of a connection and marks what feeds it.
func (r feeder) handshake(c *Connection) {
	at := slices.IndexFunc(r.def.Sessions, func(s Session) bool { return s.ID == c.HandshakeID })
	if at < 0 {
		r.refuse("WS-01", c.Pos, "The handshake of connection %d is session %d, which does not exist.", c.ID, c.HandshakeID)
		return
	}
	s := &r.def.Sessions[at]
	if len(s.Exchanges) != 1 {
		r.refuse("WS-02", s.Pos, "Session %d is a handshake; it needs exactly one Connection and has %d.", s.ID, len(s.Exchanges))
		return
	}
	x := &s.Exchanges[0]
	if x.Verb != "GET" {
		r.refuse("WS-03", x.Pos, "The handshake in session %d has the verb %s; a WebSocket is opened with GET.", s.ID, x.Verb)
	}
	if id, numeric := numericURL(x.URL); numeric {
		if p := r.def.params[id]; p != nil {
			feed(p, func(f *element.Feeds) { f.Path = true }, c.ID)
		} else {
			r.refuse("WS-04", x.Pos, "The url of the handshake in session %d is %s, but there is no parameter with that id.", s.ID, Shorten(x.URL))
		}
	} else if x.URL != "" {
		r.Note("WS-05", x.Pos, "The url of the handshake in session %d is the text %q; DataMiner takes a parameter only.", s.ID, Shorten(x.URL))
		if err := r.literalURL(s, x); err != nil {
			r.refuse("FL-28", x.RequestPos, "The url of the handshake in session %d cannot be used. %s", s.ID, element.MessageOf(err))
		}
	} else if p := r.def.params[x.URLParam]; p != nil {
		feed(p, func(f *element.Feeds) { f.Path = true }, c.ID)
	}
	r.handshakeHeaders(c, s, x)
	for _, ref := range []Ref{s.User, s.Password, s.ProxyServer, s.ProxyUser, s.ProxyPassword} {
		if p := r.def.params[ref.Param]; p != nil {
			feed(p, func(f *element.Feeds) { f.Login = true }, c.ID)
		}
	}
}

func (r feeder) handshakeHeaders(c *Connection, s *Session, x *Exchange) {
	for i := range x.Headers {
		h := &x.Headers[i]
		switch strings.ToLower(h.Key) {
		case "upgrade", "connection", "sec-websocket-key", "sec-websocket-accept", "content-length", "transfer-encoding", "sec-websocket-version":
			h.Reserved = true
			r.Note("WS-06", h.Pos, "The header %s of the handshake in session %d is the program's to send; the connector's is not sent.", Shorten(h.Key), s.ID)
		default:
			if h.Value.Param == 0 {
				r.Note("WS-06", h.Pos, "The header %s of the handshake in session %d has a value in the file; DataMiner takes a parameter only.", Shorten(h.Key), s.ID)
			}
		}
		if p := r.def.params[h.Value.Param]; p != nil && !h.Reserved {
			feed(p, func(f *element.Feeds) { f.Header = true }, c.ID)
		}
	}
}

// numericURL reports whether the url of a handshake is the id of a parameter.
func numericURL(url string) (element.ParamID, bool) {
	if url == "" || strings.Trim(url, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.Atoi(url)
	if err != nil || id > MaxID {
		return -1, true
	}
	return element.ParamID(id), true
}
