package connector

import (
	"slices"
	"strings"
)

// oldConnections reads Type, its attribute advanced, and PortSettings.
func (r *connectionReader) oldConnections(n, old *node) {
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

// oldOptions reads Type@communicationOptions, which belong to connection 0.
func (r *connectionReader) oldOptions(old *node) {
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

// relativeTimers reads the attribute of Type, which counts beside Connections
// too: there is no other place for it.
func (r *connectionReader) relativeTimers(old *node) {
	switch text := strings.ToLower(old.attr("relativeTimers")); text {
	case "true", "true with reset":
		r.def.RelativeTimers, r.def.TimersReset = true, text != "true"
	case "", "false":
	default:
		r.Note("FL-08", old.at(), "relativeTimers is %q; it is true or true with reset. Timers are not relative.", Shorten(text))
	}
}
