package connector

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
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

// Connection is one transport of the element.
type Connection struct {
	ID        int
	Name      string
	WebSocket bool   // else plain HTTP, or a kind that is not run here
	Kind      string // "http", "serial", "snmp" … as written; "http" for WebSockets

	NotifyParam     element.ParamID // 0 closed, 1 open; 0 when none
	DisconnectParam element.ParamID // text: why it closed; 0 when none
	MakeByProtocol  bool            // MakeCommandByProtocol
	HandshakeID     int             // session id; meaningful when HasHandshake
	HasHandshake    bool
	DynamicIP       element.ParamID // parameter with option "dynamic ip <ID>", 0 when none

	// Defaults for a new element; Locked names those a person cannot change.
	BusAddress       string
	Host             string
	Port             int
	TimeoutMs        int
	Retries          int
	ElementTimeoutMs int // TimeoutTimeElement; 30000 when not given
	SkipVerify       bool
	CustomRedirect   bool // HTTP: a redirection is not followed
	Locked           []string
	SlowPoll         element.SlowPoll // of the main connection it counts

	Pos Pos
}

// RunsHere reports whether elements of this program have the connection: it is
// a WebSocket or speaks HTTP.
func (c Connection) RunsHere() bool { return c.WebSocket || c.Kind == "http" }

// IdleKinds names the kinds of the connections that do not run here, as people
// write them, each once.
func (d *Definition) IdleKinds() []string {
	var kinds []string
	for _, c := range d.Connections {
		if word := c.KindName(); !c.RunsHere() && !slices.Contains(kinds, word) {
			kinds = append(kinds, word)
		}
	}
	return kinds
}

// KindName is the kind as people write it.
func (c Connection) KindName() string {
	switch c.Kind {
	case "snmp", "snmpv2", "snmpv3":
		return "SNMP"
	case "gpib", "opc":
		return strings.ToUpper(c.Kind)
	case "smartserial", "smart-serial", "smart-serial single":
		return "smart-serial"
	case "serial single":
		return "serial"
	}
	return c.Kind
}

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

// ParamType is Param/Type.
type ParamType string

// The parameter types that the runtime treats specially.
const (
	TypeRead        ParamType = "read"
	TypeWrite       ParamType = "write"
	TypeFixed       ParamType = "fixed"
	TypeDummy       ParamType = "dummy"
	TypeArray       ParamType = "array"
	TypeBus         ParamType = "bus"
	TypeIP          ParamType = "ip"
	TypePollingIP   ParamType = "pollingip"
	TypeElementName ParamType = "elementname"
	TypeElementID   ParamType = "elementid"
	TypeElementDMA  ParamType = "elementdmaid"
	TypeInfo        ParamType = "dataminer info"
	TypeHeader      ParamType = "header"
	TypeTrailer     ParamType = "trailer"
	TypeLength      ParamType = "length"
	TypeCRC         ParamType = "crc"
)

// IsWrite reports whether parameters of the type set another one.
func (t ParamType) IsWrite() bool { return t == TypeWrite || t == "write bit" }

// IsShown reports whether parameters of the type can be on a page.
func (t ParamType) IsShown() bool {
	switch t {
	case TypeRead, TypeWrite, TypeFixed, TypeDummy, TypeArray, TypeBus, TypeIP, TypePollingIP, "matrix", "read bit", "write bit":
		return true
	}
	return false
}

// Param is a parameter.
type Param struct {
	element.ParamInfo

	Type          ParamType
	Setter        bool              // write parameter: copy to the read twin
	DynamicIP     *int              // connection whose address the value is; nil when none
	DuplicateAs   []element.ParamID // that repeat the value; of a column, under the same row key
	Needs         []element.ParamID // Dependencies/Id without postSet: have a value before this one is set
	HasDefault    bool
	Default       element.Value
	RTDisplay     bool
	Positions     []Position
	Interprete    codec.Interprete
	VerifyTimeout int     // ms; how long a write waits for its confirmation
	Deviation     float64 // how far a report may be from what was set, and still confirm it
	Table         *Table  // of an array
	DynamicUnits  []DynamicUnit
	Pos           Pos

	asks     element.Feeds // what of ordinary HTTP requests it feeds, which no connect waits for
	letters  string        // Measurement attribute case: "upper", "lower"
	notation string        // Measurement attribute scientificNotation: "universal", "scientific"
	units    *unitFamily   // that a number may be shown in; nil: only its own

	typeIDs []element.ParamID // Type@id of an array
	needs   []*Param          // as Needs, those that exist

	Derived bool // a column that the file has no Param for: duplicateAs of another describes it
	Ignored ParamIgnored
}

// ParamIgnored is what the file says of a parameter and nothing here acts on;
// rules of package lint look at it.
type ParamIgnored struct {
	Monitored    bool // Alarm/Monitored
	Trended      bool // trending is written and true
	Untrended    bool // trending is written and false
	OnAppLevel   bool // RTDisplay is for another connector
	OverSNMP     bool // polled over SNMP
	Dependencies bool // has Dependencies, with postSet too
}

// Position is one place of a parameter on a page.
type Position struct {
	Page        string
	Row, Column int
	Measurement element.Measurement // overrides the parameter's on that page
}

// Table is what an array parameter says of its rows.
type Table struct {
	Index   int // idx of the primary key column
	Columns []Column
	Naming  []string // separator first, then column pids or literals
	// NamingFormat says that Naming is a NamingFormat: its parts follow each
	// other as they are; else the separator stands between them.
	NamingFormat bool
	Volatile     bool
	View         element.ParamID // option view: the table that this one shows columns of, 0 when none
	Base         element.ParamID // the table whose rows these are (duplicateAs), 0 when they are its own
}

// Column is one column of a table.
type Column struct {
	Idx        int
	Param      element.ParamID
	Write      element.ParamID // write twin, 0 when none
	Type       string          // "retrieved", "custom", "autoincrement", "displaykey" …
	Saved      bool
	ForeignKey element.ParamID
	ColorsRows bool            // its entries have the colours of the rows
	View       string          // option view: where a view table takes it from
	Via        element.ParamID // column of Table.Base: the key of the row whose cell this one repeats, 0 when that is its own
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
