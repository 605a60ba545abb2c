package lint

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// connections looks at the parameters that belong to connections.
func (l *linter) connections() {
	for _, c := range l.d.Connections {
		if p := l.param(c.NotifyParam); c.WebSocket && p != nil {
			entries := func(v string) bool {
				return slices.ContainsFunc(p.Discreets, func(d element.Discreet) bool { return element.SameValue(d.Value, v, p.IsNumber) })
			}
			if !p.IsNumber || !entries("0") || !entries("1") {
				l.Note("WS-09", p.Pos, "Parameter %d shows the state of connection %d; it has to be a double with the entries 0 and 1.", p.ID, c.ID)
			}
		}
		if c.WebSocket && c.DynamicIP == 0 {
			l.Note("WS-12", c.Pos, "Connection %d has no dynamic ip parameter; DataMiner could not reconnect it without a restart.", c.ID)
		}
	}
	for _, p := range l.params {
		if p.Feeds.Address && p.DynamicIP != nil && (p.Type != connector.TypeRead || !p.Saved) {
			l.Note("WS-11", p.Pos, "Parameter %d is a dynamic ip; it has to be of Type read and saved.", p.ID)
		}
		if (p.Feeds.Path || p.Feeds.Header) && p.IsNumber {
			l.Note("WS-07", p.Pos, "Parameter %d feeds the path or a header of a handshake; it has to be a string.", p.ID)
		}
	}
}

// connectionWords are how DataMiner begins the names of connections of a kind.
func connectionWords() map[string][]string {
	ip := []string{"IP Connection", "SSH Connection", "Serial Connection"}
	return map[string][]string{
		"http": {"HTTP Connection"}, "snmp": {"SNMP Connection"}, "snmpv2": {"SNMP Connection"}, "snmpv3": {"SNMP Connection"},
		"serial": ip, "serial single": ip, "smart-serial": ip, "smart-serial single": ip, "smartserial": ip,
	}
}

// connectionNames looks at the names of connections: the words of their
// kind, alone or followed by " - " and what the connection is for. WebSockets
// have no form in DataMiner.
func (l *linter) connectionNames() {
	for _, c := range l.d.Connections {
		words := connectionWords()[c.Kind]
		if c.WebSocket || len(words) == 0 || c.Name == "" {
			continue
		}
		fits := slices.ContainsFunc(words, func(w string) bool {
			more, ok := strings.CutPrefix(c.Name, w)
			return ok && (more == "" || strings.HasPrefix(more, " - ") && strings.TrimSpace(more[len(" - "):]) != "")
		})
		if !fits {
			l.Note("1.23.2", c.Pos, "Connection %d is named %q; DataMiner's form is %q, alone or with its purpose behind it: %q.", c.ID, connector.Shorten(c.Name), words[0], words[0]+" - Events")
		}
	}
}
