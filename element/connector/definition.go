package connector

import (
	"slices"

	"fieldline/element"
)

// Definition is a connector after Parse. Lists keep document order, which
// matters for response matching and for the order of QActions.
type Definition struct {
	Name        string
	Version     string
	Description string
	Provider    string
	Vendor      string
	ElementType string

	Connections []Connection // by id; never empty
	Sessions    []Session
	Params      []*Param
	Commands    []Command
	Responses   []Response
	Pairs       []Pair
	Groups      []Group
	Timers      []Timer
	Triggers    []Trigger
	Actions     []Action
	QActions    []QAction

	Pages        []element.Page // separators and links included
	DefaultPage  string         // slug
	LoadSequence []element.ParamID
	NoTimeouts   []string // errors that must not put the element in timeout
	Flow

	Findings []element.Finding // by line
	Disabled []Item            // that were read and are left out, by kind and id

	Mentions []Mention
	Ignored  Ignored

	params map[element.ParamID]*Param
	byName map[string][]*Param // lower case
	have   map[Item]Pos        // the items of the file, those that are left out too
	found  *Findings           // while it was read
}

// Mention is a parameter that something beside the flow refers to. The rules
// are for one that does not exist, one whose RTDisplay is not true, and one
// that never holds a value; "" when there is no such rule.
type Mention struct {
	Pos                     Pos
	What                    string // begins a sentence
	Param                   element.ParamID
	Missing, Hidden, Silent string
}

// Ignored is what the file says and nothing here acts on; rules of package lint
// look at it.
type Ignored struct {
	Trees          []element.ParamID // parameters that are tree controls
	ResponseRefs   []ResponseRef
	Relations      []Relation
	ShownElsewhere bool // there are tree controls, relations or virtual elements, which show parameters too
}

// ResponseRef is Type@id of a parameter of Type response.
type ResponseRef struct {
	Pos      Pos
	Param    element.ParamID
	Response int // -1 when it is no id
}

// Relation is Relations/Relation.
type Relation struct {
	Path string // ids of tables, separated by semicolons
	Pos  Pos
}

// Pos is a place in the file; lines and columns start at 1.
type Pos struct{ Line, Column int }

// UnsupportedKinds names the kinds of the connections that do not run here, as people
// write them, each once.
func (d *Definition) UnsupportedKinds() []string {
	var kinds []string
	for _, c := range d.Connections {
		if word := c.KindName(); !c.RunsHere() && !slices.Contains(kinds, word) {
			kinds = append(kinds, word)
		}
	}
	return kinds
}

// Param returns the parameter with that id, or nil.
func (d *Definition) Param(id element.ParamID) *Param { return d.params[id] }

// ParamsNamed returns the parameters with that name in any casing, in document
// order: one, or a read and a write parameter.
func (d *Definition) ParamsNamed(name string) []*Param { return d.byName[FoldName(name)] }

// Has reports whether the file has an item, one that is left out too.
func (d *Definition) Has(i Item) bool {
	_, ok := d.have[i]
	return ok
}

// HasWebSocket reports whether one of the connections is a WebSocket.
func (d *Definition) HasWebSocket() bool {
	return slices.ContainsFunc(d.Connections, func(c Connection) bool { return c.WebSocket })
}

// OnlyWebSocket returns the number of the WebSocket connection; ok is false when
// there is none or more than one.
func (d *Definition) OnlyWebSocket() (nr int, ok bool) {
	found := 0
	for _, c := range d.Connections {
		if c.WebSocket {
			nr = c.ID
			found++
		}
	}
	return nr, found == 1
}

// IsHandshake reports whether a session is the opening handshake of a
// connection.
func (d *Definition) IsHandshake(session int) bool {
	return slices.ContainsFunc(d.Connections, func(c Connection) bool { return c.HasHandshake && c.HandshakeID == session })
}

// Connection returns the connection with that id.
func (d *Definition) Connection(id int) (Connection, bool) {
	for _, c := range d.Connections {
		if c.ID == id {
			return c, true
		}
	}
	return Connection{}, false
}

// Session returns the session with that id.
func (d *Definition) Session(id int) (Session, bool) {
	for _, s := range d.Sessions {
		if s.ID == id {
			return s, true
		}
	}
	return Session{}, false
}

// Handshake returns the exchange that describes the opening handshake of a
// connection, or nil when it uses the default one. The session comes along
// for its login, proxy and timeout.
func (d *Definition) Handshake(c Connection) (*Session, *Exchange) {
	if !c.HasHandshake {
		return nil, nil
	}
	for i := range d.Sessions {
		if s := &d.Sessions[i]; s.ID == c.HandshakeID && len(s.Exchanges) == 1 {
			return s, &s.Exchanges[0]
		}
	}
	return nil, nil
}
