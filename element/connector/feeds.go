package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// twins links read and write parameters of the same Name (documentation page
// UIComponentsLabel) and reports names that are used twice otherwise.
func (r *reader) twins() {
	d := r.def
	for _, p := range d.Params {
		name := FoldName(p.Name)
		for _, other := range d.byName[name] {
			read, write := other, p
			if read.Type.IsWrite() {
				read, write = p, other
			}
			if !isReadable(read.Type) || !write.Type.IsWrite() || read.WriteID != 0 || write.ReadID != 0 || r.off[Item{"parameter", int(other.ID)}] {
				if name != "" {
					r.disable(Item{"parameter", int(p.ID)}, "2.2.6", p.Pos, "Parameters %d and %d are both named %q and are not one read and one write parameter; %d is disabled.", other.ID, p.ID, Shorten(p.Name), p.ID)
				}
				break
			}
			read.WriteID, write.ReadID = write.ID, read.ID
			read.Deviation = max(read.Deviation, write.Deviation)
		}
		d.byName[name] = append(d.byName[name], p)
	}
	for _, p := range d.Params {
		if p.Table == nil {
			continue
		}
		for i := range p.Table.Columns {
			if col := d.params[p.Table.Columns[i].Param]; col != nil {
				p.Table.Columns[i].Write = col.WriteID
			}
		}
	}
}

func isReadable(t ParamType) bool {
	switch t {
	case TypeRead, "read bit", TypeHeader, TypeTrailer, TypeArray, "matrix":
		return true
	}
	return false
}

// feeds works out what every parameter is used for in reaching a device, and
// checks the handshakes (WS-01 to WS-08, WS-10).
func (r *reader) feeds() {
	for i := range r.def.Sessions {
		r.sessionRefs(&r.def.Sessions[i])
	}
	r.dynamicIPs()
	r.valueRefs()
	r.copies()
	for i := range r.def.Connections {
		c := &r.def.Connections[i]
		c.NotifyParam = r.existing(c.NotifyParam, "WS-08", c.Pos, "NotifyConnectionPIDs")
		c.DisconnectParam = r.existing(c.DisconnectParam, "WS-08", c.Pos, "NotifyConnectionPIDs")
		if c.HasHandshake {
			r.handshake(c)
		}
	}
	for _, p := range r.def.Params {
		if w := r.def.params[p.WriteID]; w != nil {
			merge(&w.Feeds, p.Feeds)
			merge(&w.asks, p.asks)
		}
	}
	r.copiedFeeds()
}

// existing returns id when that parameter exists, else 0 with a finding.
func (r *reader) existing(id element.ParamID, rule string, at Pos, what string) element.ParamID {
	if id == 0 || r.def.params[id] != nil {
		return id
	}
	r.Note(rule, at, "%s refers to parameter %d, which does not exist; it is ignored.", what, id)
	return 0
}

// sessionRefs resolves the attributes that are a parameter id or a literal,
// and drops references to parameters that do not exist.
func (r *reader) sessionRefs(s *Session) {
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
func (r *reader) asked(x *Exchange) {
	if p := r.def.params[x.URLParam]; p != nil && strings.TrimSpace(x.URL) == "" {
		p.asks.Path = true
	}
	for _, h := range x.Headers {
		if p := r.def.params[h.Value.Param]; p != nil {
			p.asks.Header = true
		}
	}
}

// valueRefs drops references of parameters to parameters that do not exist.
func (r *reader) valueRefs() {
	for _, p := range r.def.Params {
		in := &p.Interprete
		in.LengthID = r.existing(in.LengthID, "2.69.4", p.Pos, "LengthType@id")
		if p.Table != nil {
			for i := range p.Table.Columns {
				c := &p.Table.Columns[i]
				c.ForeignKey = r.existing(c.ForeignKey, "FL-13", p.Pos, "A foreignKey")
			}
		}
		in.OffSet.Param = r.existing(in.OffSet.Param, "FL-13", p.Pos, "OffSet@id")
		whole := true
		for _, s := range in.Sequence {
			whole = r.existing(s.Param, "FL-13", p.Pos, "A sequence") == s.Param && whole
		}
		if !whole {
			in.Sequence = nil
		}
	}
}

// literalURL notes what of a url in the file is sent in another way, and returns
// why it cannot be sent at all.
func (r *reader) literalURL(s *Session, x *Exchange) error {
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

func (r *reader) exchangeRefs(x *Exchange, handshake string) {
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

func (r *reader) dynamicIPs() {
	claimed := map[int]element.ParamID{}
	for _, p := range r.def.Params {
		if p.DynamicIP == nil {
			continue
		}
		nr := *p.DynamicIP
		if _, ok := r.def.Connection(nr); !ok {
			only, one := r.def.OnlyWebSocket()
			if !one {
				r.Note("WS-10", p.Pos, "Parameter %d has the option dynamic ip %d, but there is no such connection; it is ignored.", p.ID, nr)
				p.DynamicIP = nil
				continue
			}
			r.Note("WS-10", p.Pos, "Parameter %d has the option dynamic ip %d, but there is no such connection; connection %d is used.", p.ID, nr, only)
			nr = only
			p.DynamicIP = &nr
		}
		if first, twice := claimed[nr]; twice {
			r.NoteAs("WS-10", element.Major, p.Pos, "Parameters %d and %d are both the dynamic ip of connection %d; %d is ignored.", first, p.ID, nr, p.ID)
			p.DynamicIP = nil
			continue
		}
		if p.IsNumber {
			r.Note("WS-11", p.Pos, "Parameter %d is a dynamic ip but holds a number; it has to be a string. It is ignored.", p.ID)
			p.DynamicIP = nil
			continue
		}
		claimed[nr] = p.ID
		for i := range r.def.Connections {
			if c := &r.def.Connections[i]; c.ID == nr {
				c.DynamicIP = p.ID
			}
		}
		p.Feeds.Address = true
		p.Feeds.Connections = append(p.Feeds.Connections, nr)
	}
}

// handshake checks the session of a connection and marks what feeds it.
func (r *reader) handshake(c *Connection) {
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

func (r *reader) handshakeHeaders(c *Connection, s *Session, x *Exchange) {
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

func feed(p *Param, mark func(*element.Feeds), connection int) {
	mark(&p.Feeds)
	if !slices.Contains(p.Feeds.Connections, connection) {
		p.Feeds.Connections = append(p.Feeds.Connections, connection)
	}
}

func merge(into *element.Feeds, f element.Feeds) bool {
	before := *into
	into.Address = into.Address || f.Address
	into.Path = into.Path || f.Path
	into.Header = into.Header || f.Header
	into.Login = into.Login || f.Login
	grown := false
	for _, c := range f.Connections {
		if !slices.Contains(into.Connections, c) {
			into.Connections = append(slices.Clone(into.Connections), c)
			grown = true
		}
	}
	return grown || before.Address != into.Address || before.Path != into.Path || before.Header != into.Header || before.Login != into.Login
}

// copiedFeeds follows copy actions: a write parameter whose value is copied to
// one that feeds a connection is checked like it. The source of a copy is
// Type@id, or the parameter whose trigger runs the action.
func (r *reader) copiedFeeds() {
	starters := map[int][]element.ParamID{}
	for _, t := range r.def.Triggers {
		if t.On != "parameter" || t.Each || t.RunsTriggers {
			continue
		}
		for _, item := range t.Content {
			starters[item.ID] = append(starters[item.ID], element.ParamID(t.OnID))
		}
	}
	for _, a := range r.def.Actions {
		if a.On != "parameter" || a.Type != "copy" {
			continue
		}
		sources := starters[a.ID]
		if a.HasTypeID {
			sources = []element.ParamID{element.ParamID(a.TypeID)}
		}
		for _, to := range a.OnIDs {
			target := r.def.params[element.ParamID(to)]
			if target == nil || !target.sent().Any() {
				continue
			}
			for _, id := range sources {
				if source := r.def.params[id]; source != nil && source.Type.IsWrite() && !source.IsNumber {
					merge(&source.Feeds, target.Feeds)
					merge(&source.asks, target.asks)
				}
			}
		}
	}
}
