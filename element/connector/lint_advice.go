package connector

import (
	"slices"
	"strings"

	"fieldline/element"
)

// lintReserved names parameters with ids that DataMiner keeps for kinds of
// connectors which this one is not, or fills itself (documentation page
// ReservedIDsParameters).
func (r *reader) lintReserved() {
	kind := ""
	if len(r.def.Connections) > 0 {
		kind = r.def.Connections[0].Kind
	}
	for _, p := range r.def.Params {
		switch {
		case p.ID >= 64_000 && p.ID <= 64_299:
			r.note("2.1.6", p.Pos, "Parameter %d has an id from 64000 to 64299, which are those of spectrum analyzers.", p.ID)
		case p.ID >= 70_000 && p.ID <= 79_999:
			r.note("2.1.7", p.Pos, "Parameter %d has an id from 70000 to 79999, which are those of mediation.", p.ID)
		case p.ID >= 80_000 && p.ID <= 99_999:
			r.note("2.1.8", p.Pos, "Parameter %d has an id from 80000 to 99999, which are those of DataMiner's modules.", p.ID)
		case p.ID <= 999 && kind == "service":
			r.note("2.1.9", p.Pos, "Parameter %d has an id from 1 to 999, which DataMiner gives a meaning in an enhanced service.", p.ID)
		case p.ID <= 2999 && kind == "sla":
			r.note("2.1.10", p.Pos, "Parameter %d has an id from 1 to 2999, which DataMiner gives a meaning in an SLA.", p.ID)
		}
	}
}

// lintUnits names units that DataMiner does not have.
func (r *reader) lintUnits() {
	said := map[string]bool{}
	for _, p := range r.def.Params {
		if p.Units == "" || said[p.Units] {
			continue
		}
		said[p.Units] = true
		if !knownUnit(p.Units) {
			r.note("2.9.4", p.Pos, "The unit %q of parameter %d is none of DataMiner's; it is shown as it is.", Shorten(p.Units), p.ID)
		}
	}
}

// oppositeEntries are pairs of which one says what the other is.
func oppositeEntries() [][2]string {
	return [][2]string{
		{"off", "on"},
		{"disabled", "enabled"},
		{"disable", "enable"},
		{"no", "yes"},
		{"false", "true"},
		{"closed", "open"},
		{"close", "open"},
		{"closed", "opened"},
		{"down", "up"},
		{"high", "low"},
		{"active", "inactive"},
		{"active", "not active"},
		{"active", "standby"},
		{"auto", "manual"},
		{"automatic", "manual"},
		{"local", "remote"},
		{"lock", "unlock"},
		{"locked", "unlocked"},
		{"masked", "unmasked"},
		{"mute", "unmute"},
		{"muted", "unmuted"},
		{"input", "output"},
		{"external", "internal"},
		{"mono", "stereo"},
		{"horizontal", "vertical"},
		{"start", "stop"},
		{"started", "stopped"},
		{"running", "stopped"},
		{"backup", "main"},
		{"primary", "secondary"},
		{"master", "slave"},
		{"offline", "online"},
		{"analog", "digital"},
		{"blocked", "not blocked"},
		{"monitored", "not monitored"},
		{"not present", "present"},
		{"absent", "present"},
		{"hide", "show"},
		{"exclude", "include"},
		{"bottom", "top"},
		{"fast", "slow"},
		{"activate", "deactivate"},
		{"append", "overwrite"},
		{"ipv4", "ipv6"},
		{"dhcp", "manual"},
		{"accepted", "not accepted"},
		{"celsius", "fahrenheit"},
	}
}

// lintToggles recommends a toggle button for two entries that are opposites.
func (r *reader) lintToggles() {
	for _, p := range r.def.Params {
		if p.Measurement != element.MeasureDiscreet || !isWrite(p.Type) || p.ReadID == 0 || len(p.Discreets) != 2 {
			continue
		}
		a, b := FoldName(p.Discreets[0].Display), FoldName(p.Discreets[1].Display)
		if slices.Contains(oppositeEntries(), [2]string{min(a, b), max(a, b)}) {
			r.note("2.37.1", p.Pos, "Parameter %d offers %q and %q: a toggle button says the same with one click.", p.ID, Shorten(p.Discreets[0].Display), Shorten(p.Discreets[1].Display))
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

// lintConnectionNames looks at the names of connections: the words of their
// kind, alone or followed by " - " and what the connection is for. WebSockets
// have no form in DataMiner.
func (r *reader) lintConnectionNames() {
	for _, c := range r.def.Connections {
		words := connectionWords()[c.Kind]
		if c.WebSocket || len(words) == 0 || c.Name == "" {
			continue
		}
		fits := slices.ContainsFunc(words, func(w string) bool {
			more, ok := strings.CutPrefix(c.Name, w)
			return ok && (more == "" || strings.HasPrefix(more, " - ") && strings.TrimSpace(more[len(" - "):]) != "")
		})
		if !fits {
			r.note("1.23.2", c.Pos, "Connection %d is named %q; DataMiner's form is %q, alone or with its purpose behind it: %q.", c.ID, Shorten(c.Name), words[0], words[0]+" - Events")
		}
	}
}

// lintImplicitPing looks at the pair that DataMiner pings with where none is
// marked: the one of the main connection with the lowest id.
func (r *reader) lintImplicitPing(main int) {
	polls := slices.ContainsFunc(r.def.Groups, func(g Group) bool { return g.Type == GroupPoll && g.ID != PingGroup })
	chosen := slices.ContainsFunc(r.def.Groups, func(g Group) bool { return g.ID == PingGroup })
	var lowest, answered *Pair
	for i := range r.def.Pairs {
		p := &r.def.Pairs[i]
		if p.HasConnection && p.Connection != main {
			continue
		}
		chosen = chosen || p.Ping
		if lowest == nil || p.ID < lowest.ID {
			lowest = p
		}
		if len(p.Responses) > 0 && (answered == nil || p.ID < answered.ID) {
			answered = p
		}
	}
	if !polls || chosen || lowest == nil || lowest == answered || answered == nil {
		return
	}
	r.noteAs("1.26.2", element.Info, lowest.Pos, "Pair %d is the ping pair of connection %d in DataMiner, as that with the lowest id, but has no response; this program pings with pair %d.",
		lowest.ID, main, answered.ID)
}
