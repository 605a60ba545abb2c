package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// connectionReader reads both ways of writing connections.
type connectionReader struct {
	*draft
	typed, tagged bool // how connections say their kind: in a Type, by a tag
}

// Defaults of a connection (documentation pages PortSettings and
// Adding_elements; the element timeout is ours, DataMiner's form has none for
// WebSockets).
const (
	defaultTimeoutMs        = 1500
	defaultRetries          = 3
	defaultElementTimeoutMs = 30_000
)

// maxConnections bounds the connections of one connector.
const maxConnections = 100

// connections reads both ways of writing connections: Connections, and the
// older Type with PortSettings.
func (r *connectionReader) connections(n *node) {
	list, old := n.child("Connections"), n.child("Type")
	r.relativeTimers(old)
	switch {
	case list != nil:
		if old != nil {
			r.Note("1.23.6", old.at(), "The connector has both Type and Connections; Connections is used.")
			old.skipAll()
			n.skip("PortSettings", "Ports")
		}
		for _, c := range list.children("Connection") {
			if len(r.def.Connections) >= maxConnections {
				r.Note("FL-09", c.at(), "Only the first %d connections are read.", maxConnections)
				break
			}
			r.connection(c)
		}
		slices.SortStableFunc(r.def.Connections, func(a, b Connection) int { return a.ID - b.ID })
	case old != nil:
		r.oldConnections(n, old)
	}
	if r.typed && r.tagged {
		r.refuse("FL-29", list.at(), "Some connections say their kind in a Type, others by a tag as Http; use one way for all.")
	}
	if len(r.def.Connections) == 0 {
		r.refuse("1.8.1", n.at(), "The connector has no connection: it needs Connections, or a Type.")
		return
	}
	r.checkConnections(list)
}

func (r *connectionReader) checkConnections(list *node) {
	names, webSocket := map[string]bool{}, false
	for i, c := range r.def.Connections {
		if i > 0 && (c.SlowPoll.After > 0 || c.SlowPoll.AfterMs > 0) {
			r.Note("FL-02", c.Pos, "The slow poll of connection %d has no effect: only that of the main connection counts.", c.ID)
		}
		if c.Name != "" && names[FoldName(c.Name)] {
			r.Note("1.23.3", c.Pos, "Two connections are named %q.", Shorten(c.Name))
		}
		names[FoldName(c.Name)] = true
		webSocket = webSocket || c.WebSocket
	}
	if list == nil {
		return
	}
	if !webSocket {
		r.Note("1.23.7", list.at(), "Connections is used without a WebSocket connection; DataMiner then prefers Type.")
	}
	if first := r.def.Connections[0]; first.ID != 0 {
		r.NoteAs("WS-21", element.Info, first.Pos, "There is no connection 0; connection %d is the main one.", first.ID)
	}
}

func (r *connectionReader) connection(n *node) {
	text := n.attr("id")
	id, err := strconv.Atoi(text)
	if err != nil || id < 0 || id > MaxID {
		r.Note("WS-21", n.at(), "The id %q of this connection is not a number from 0; the connection is disabled.", Shorten(text))
		return
	}
	if first, twice := r.have[Item{"connection", id}]; twice {
		r.refuse("WS-21", n.at(), "The connection id %d is used twice; the first is on line %d.", id, first.Line)
		return
	}
	r.have[Item{"connection", id}] = n.at()
	c := Connection{
		ID: id, Name: n.attr("name"), TimeoutMs: defaultTimeoutMs, Retries: defaultRetries,
		ElementTimeoutMs: defaultElementTimeoutMs, Pos: n.at(),
	}
	body := n
	for _, kind := range kinds() {
		if k := n.child(kind); k != nil {
			body, c.Kind = k, kind
			k.canon = schemaTag(k.name, kind)
			break
		}
	}
	r.tagged = r.tagged || c.Kind != ""
	if c.Kind == "" {
		c.Kind = n.word("Type")
		r.typed = r.typed || c.Kind != ""
	}
	if c.Kind == "" {
		r.Note("1.8.3", n.at(), "Connection %d says no kind (Http, Serial …); it is disabled.", id)
		return
	}
	r.options(&c, body.child("CommunicationOptions"))
	r.userSettings(&c, body.child("UserSettings"))
	if c.Kind != "http" {
		r.Note("FL-10", n.at(), "Connection %d is of kind %s, which this program does not run.", id, Shorten(c.Kind))
	}
	r.def.Connections = append(r.def.Connections, c)
}

// options reads CommunicationOptions (documentation page
// ConnectionsWebSocketsImplementation).
func (r *connectionReader) options(c *Connection, n *node) {
	if n == nil {
		return
	}
	c.WebSocket = r.flag(n, "WebSocket", n.value("WebSocket")) && c.Kind == "http"
	c.MakeByProtocol = r.flag(n, "MakeCommandByProtocol", n.value("MakeCommandByProtocol"))
	notify := n.child("NotifyConnectionPIDs")
	if notify == nil {
		notify = n.child("NotifyConnectionPID")
	}
	c.NotifyParam = r.pid(notify, "NotifyConnectionPIDs/Connections", notify.value("Connections"), "WS-08")
	c.DisconnectParam = r.pid(notify, "NotifyConnectionPIDs/Disconnections", notify.value("Disconnections"), "WS-08")
	if shake := n.child("WebSocketHandshake"); shake != nil {
		id, err := strconv.Atoi(shake.trimmed())
		switch {
		case !c.WebSocket:
		case err != nil || id < 0:
			r.refuse("WS-01", shake.at(), "WebSocketHandshake is %q; it is the id of a session.", Shorten(shake.trimmed()))
		default:
			c.HandshakeID, c.HasHandshake = id, true
		}
	}
	if redirect := n.child("CustomRedirect"); redirect != nil {
		c.CustomRedirect = r.flag(redirect, "CustomRedirect", redirect.trimmed())
	}
	if !c.WebSocket && (n.child("WebSocketHandshake") != nil || c.MakeByProtocol) && c.Kind == "http" {
		r.Note("WS-15", n.at(), "Connection %d sets WebSocketHandshake or MakeCommandByProtocol, but WebSocket is not true.", c.ID)
	}
}

// userSettings reads the defaults of a new element, from UserSettings or
// PortSettings.
func (r *connectionReader) userSettings(c *Connection, n *node) {
	if n == nil {
		return
	}
	lock := func(s *node, field string) {
		if strings.EqualFold(s.value("Disabled"), "true") {
			c.Locked = append(c.Locked, field)
		}
	}
	num := func(tag, field string, low, high int, to *int) {
		s := n.child(tag)
		if s == nil {
			return
		}
		if text := s.value("DefaultValue"); text != "" {
			if v, err := strconv.Atoi(text); err != nil || v < low || v > high {
				r.Note("FL-07", s.at(), "The default of %s is %q; it is a whole number from %d to %d. It is ignored.", tag, Shorten(text), low, high)
			} else {
				*to = v
			}
		}
		lock(s, field)
	}
	if bus := n.child("BusAddress"); bus != nil {
		if c.BusAddress = bus.value("DefaultValue"); strings.EqualFold(c.BusAddress, "false") {
			c.BusAddress = ""
		}
		lock(bus, "busAddress")
	}
	if ip := n.child("IPAddress"); ip != nil {
		if host := ip.value("DefaultValue"); host != "" {
			if _, err := element.ParseAddress(host); err != nil {
				r.Note("FL-07", ip.at(), "The default address %q is ignored: %s", Shorten(host), element.MessageOf(err))
			} else {
				c.Host = host
			}
		}
		lock(ip, "host")
	}
	num("IPport", "port", 0, 65535, &c.Port)
	num("TimeoutTime", "timeoutMs", element.MinTimeoutMs, element.MaxTimeoutMs, &c.TimeoutMs)
	num("Retries", "retries", 0, element.MaxRetries, &c.Retries)
	num("TimeoutTimeElement", "elementTimeoutMs", 0, 86_400_000, &c.ElementTimeoutMs)
	r.slowPoll(c, n)
	if s := n.child("SkipCertificateVerification"); s != nil {
		c.SkipVerify = r.flag(s, "SkipCertificateVerification", s.value("DefaultValue"))
		lock(s, "skipVerify")
	}
}

// slowPoll reads SlowPoll, SlowPollBase and PingInterval. Without a base a
// small number counts timeouts.
func (r *connectionReader) slowPoll(c *Connection, n *node) {
	value, base := n.child("SlowPoll"), n.child("SlowPollBase")
	if ping := n.child("PingInterval"); ping != nil {
		if ms := r.number(ping, "PingInterval", ping.value("DefaultValue"), element.MinSlowMs, element.MaxSlowMs); ms > 0 {
			c.SlowPoll.PingMs = ms
		}
	}
	if off := func(x *node) bool { return strings.EqualFold(x.value("Disabled"), "true") }; off(value) || off(base) {
		c.Locked = append(c.Locked, "slowAfter", "slowAfterMs")
	}
	if strings.EqualFold(n.child("PingInterval").value("Disabled"), "true") {
		c.Locked = append(c.Locked, "slowPingMs")
	}
	by, amount := strings.ToLower(base.value("DefaultValue")), value.value("DefaultValue")
	if amount == "" {
		return
	}
	if ms, err := strconv.Atoi(amount); by == "" && err == nil && ms >= element.MinSlowMs {
		by = "time"
	}
	switch by {
	case "number", "":
		c.SlowPoll.After = r.number(value, "SlowPoll", amount, 1, element.MaxSlowAfter)
	case "time":
		c.SlowPoll.AfterMs = r.number(value, "SlowPoll", amount, element.MinSlowMs, element.MaxSlowMs)
	default:
		r.Note("FL-07", base.at(), "SlowPollBase is %q; it is number or time. There is no slow poll.", Shorten(by))
	}
}

// kinds are the transports of the schema, by their tag in lower case.
func kinds() []string {
	return []string{"http", "virtual", "snmp", "snmpv2", "snmpv3", "serial", "smartserial", "gpib", "opc"}
}

// schemaTag returns how the schema writes the tag of a transport when have is
// written otherwise.
func schemaTag(have, kind string) string {
	tags := map[string]string{
		"http": "Http", "virtual": "Virtual", "snmp": "Snmp", "snmpv2": "SnmpV2", "snmpv3": "SnmpV3",
		"serial": "Serial", "smartserial": "SmartSerial", "gpib": "Gpib", "opc": "Opc",
	}
	if tags[kind] == have {
		return ""
	}
	return tags[kind]
}
