package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// Defaults of a connection (documentation pages PortSettings and
// Adding_elements; the element timeout is ours, DataMiner's form has none for
// WebSockets).
const (
	defaultTimeoutMs        = 1500
	defaultRetries          = 3
	defaultElementTimeoutMs = 30_000
)

// kinds are the transports of the schema, by their tag in lower case.
func kinds() []string {
	return []string{"http", "virtual", "snmp", "snmpv2", "snmpv3", "serial", "smartserial", "gpib", "opc"}
}

// connections reads both ways of writing connections: Connections, and the
// older Type with PortSettings.
func (r *reader) connections(n *node) {
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
	if r.mixed.typed && r.mixed.tagged {
		r.refuse("FL-29", list.at(), "Some connections say their kind in a Type, others by a tag as Http; use one way for all.")
	}
	if len(r.def.Connections) == 0 {
		r.refuse("1.8.1", n.at(), "The connector has no connection: it needs Connections, or a Type.")
		return
	}
	r.checkConnections(list)
}

func (r *reader) checkConnections(list *node) {
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

func (r *reader) connection(n *node) {
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
	r.mixed.tagged = r.mixed.tagged || c.Kind != ""
	if c.Kind == "" {
		c.Kind = n.word("Type")
		r.mixed.typed = r.mixed.typed || c.Kind != ""
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

// options reads CommunicationOptions (documentation page
// ConnectionsWebSocketsImplementation).
func (r *reader) options(c *Connection, n *node) {
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
func (r *reader) userSettings(c *Connection, n *node) {
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

// oldConnections reads Type, its attribute advanced, and PortSettings.
func (r *reader) oldConnections(n, old *node) {
	known := func(kind string) bool {
		all := append(kinds(), "smart-serial", "smart-serial single", "serial single", "service", "sla")
		return slices.Contains(all, kind)
	}
	settings := append(n.children("PortSettings"), n.child("Ports").children("PortSettings")...)
	add := func(kind, name, rule string) {
		id := len(r.def.Connections)
		kind = strings.ToLower(strings.TrimSpace(kind))
		if !known(kind) {
			r.Note(rule, old.at(), "Connection %d is of the unknown kind %q.", id, Shorten(kind))
		}
		c := Connection{
			ID: id, Name: strings.TrimSpace(name), Kind: kind, TimeoutMs: defaultTimeoutMs, Retries: defaultRetries,
			ElementTimeoutMs: defaultElementTimeoutMs, Pos: old.at(),
		}
		if id < len(settings) {
			other := settings[id].attr("name")
			if c.Name != "" && other != "" && c.Name != other {
				r.Note("1.23.1", settings[id].at(), "Connection %d is named %q in Type@advanced and %q in PortSettings.", id, Shorten(c.Name), Shorten(other))
			}
			if c.Name == "" {
				c.Name = other
			}
			r.userSettings(&c, settings[id])
		}
		if kind != "http" {
			r.Note("FL-10", old.at(), "Connection %d is of kind %s, which this program does not run.", id, Shorten(kind))
		}
		r.have[Item{"connection", id}] = old.at()
		r.def.Connections = append(r.def.Connections, c)
	}
	if old.trimmed() == "" {
		return
	}
	add(old.trimmed(), "", "1.8.3")
	for entry := range strings.SplitSeq(old.attr("advanced"), ";") {
		if len(r.def.Connections) >= maxConnections {
			r.Note("FL-09", old.at(), "Only the first %d connections are read.", maxConnections)
			break
		}
		if kind, name, _ := strings.Cut(entry, ":"); strings.TrimSpace(kind) != "" {
			add(kind, name, "1.11.7")
		}
	}
	if len(settings) > 0 && len(settings) != len(r.def.Connections) {
		r.Note("1.23.5", old.at(), "There are %d PortSettings for %d connections.", len(settings), len(r.def.Connections))
	}
	r.oldOptions(old)
}

// maxConnections bounds the connections of one connector.
const maxConnections = 100

// oldOptions reads Type@communicationOptions, which belong to connection 0.
func (r *reader) oldOptions(old *node) {
	main := &r.def.Connections[0]
	for option := range strings.SplitSeq(old.attr("communicationOptions"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "":
		case "customredirect":
			main.CustomRedirect = true
		case "makecommandbyprotocol":
			main.MakeByProtocol = true
		case "notifyconnectionpids":
			open, closed, _ := strings.Cut(value, ",")
			main.NotifyParam = r.pid(old, "notifyConnectionPIDs", strings.TrimSpace(open), "WS-08")
			main.DisconnectParam = r.pid(old, "notifyConnectionPIDs", strings.TrimSpace(closed), "WS-08")
		default:
			r.Note("FL-02", old.at(), "The communication option %q has no effect in this program.", Shorten(name))
		}
	}
}
