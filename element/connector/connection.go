package connector

import (
	"strings"

	"fieldline/element"
)

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

// Settings are those of an element that nobody has said anything of yet.
func (c Connection) Settings() element.ConnectionConfig {
	return element.ConnectionConfig{
		ID: c.ID, Host: c.Host, Port: c.Port, BusAddress: c.BusAddress,
		TimeoutMs: c.TimeoutMs, Retries: c.Retries, TLS: element.TLS{SkipVerify: c.SkipVerify},
	}
}

// RunsHere reports whether elements of this program have the connection: it is
// a WebSocket or speaks HTTP.
func (c Connection) RunsHere() bool { return c.WebSocket || c.Kind == "http" }

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
