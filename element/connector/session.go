package connector

import "fieldline/element"

// Ref is a value that is written in the connector or held by a parameter.
// When Param is not 0 it wins over Literal.
type Ref struct {
	Param   element.ParamID
	Literal string
}

// IsZero reports whether neither was given.
func (r Ref) IsZero() bool { return r.Param == 0 && r.Literal == "" }

// Session is an HTTP session, or the opening handshake of a WebSocket.
type Session struct {
	ID            int
	Name          string
	LoginMethod   string // "", "credentials", "certificate"
	User          Ref
	Password      Ref
	ProxyServer   Ref
	ProxyUser     Ref
	ProxyPassword Ref
	TimeoutMs     int // 0: that of the connection
	IgnoreTimeout bool
	KeepAlive     bool
	Exchanges     []Exchange
	Pos           Pos
}

// Exchange is one request and its response inside a session
// (Session/Connection in the file).
type Exchange struct {
	ID            int
	Name          string
	TimeoutMs     int
	IgnoreTimeout bool
	Verb          string          // upper case, GET when absent
	URL           string          // attribute url, trimmed, as written
	URLParam      element.ParamID // attribute pid
	Headers       []Header
	Data          *Ref
	Parameters    []Header
	StatusParam   element.ParamID // receives the status line; 0 when none
	HeaderParams  []HeaderParam
	ContentParam  element.ParamID // receives the body; 0 when none
	Pos           Pos
	RequestPos    Pos // of its Request; Pos when there is none
}

// Header is a header field or a form parameter of a request, in the
// connector's order and casing. Reserved marks a handshake header that is ours
// to send; it was named by a finding and is not sent.
type Header struct {
	Key      string
	Value    Ref
	Reserved bool
	Pos      Pos
}

// HeaderParam says which parameter receives a response header.
type HeaderParam struct {
	Key   string
	Param element.ParamID
}
