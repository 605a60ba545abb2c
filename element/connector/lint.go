package connector

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// lint applies the rules that look at the whole connector and change nothing.
func (r *reader) lint() {
	if r.refused != "" {
		return
	}
	all := r.def.Params
	r.def.Params = slices.DeleteFunc(slices.Clone(all), func(p *Param) bool { return p.repeats }) // the file does not describe them
	defer func() { r.def.Params = all }()
	r.lintParams()
	r.lintReserved()
	r.lintUnits()
	r.lintToggles()
	r.lintConnections()
	r.lintConnectionNames()
	r.lintTriggers()
	for _, a := range r.def.Actions {
		r.actionAt[a.ID] = a
	}
	r.lintMessages()
	r.lintMentions()
	r.lintDisablers()
	r.lintResponseRefs()
	r.lintTables()
	r.lintColumns()
	r.lintRelations()
	r.lintStartup()
	r.lintTimers()
	r.lintPositions()
	r.lintSaved()
	r.lintRequests()
	r.lintLoops()
	r.lintCode()
}

func (r *reader) lintParams() {
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			if key := r.def.params[c.Param]; c.Idx == p.Table.Index && key != nil && key.IsNumber {
				r.note("2.46.7", key.Pos, "The key column of table %d, parameter %d, is not a string.", p.ID, c.Param)
			}
		}
	}
	at := r.layout()
	for _, p := range r.def.Params {
		if strings.HasPrefix(p.Name, "__") || slices.Contains(reservedNames(), FoldName(p.Name)) {
			r.note("2.2.5", p.Pos, "The Name %q of parameter %d is reserved by DataMiner.", Shorten(p.Name), p.ID)
		}
		if p.Name[0] >= '0' && p.Name[0] <= '9' {
			r.note("2.2.8", p.Pos, "The Name %q of parameter %d starts with a digit.", Shorten(p.Name), p.ID)
		}
		if strings.Trim(strings.ToLower(p.Name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			r.note("2.2.7", p.Pos, "The Name %q of parameter %d has characters other than letters, digits and underscore.", Shorten(p.Name), p.ID)
		}
		if p.Tooltip == "" && at.explains(p) {
			r.note("2.4.1", p.Pos, "Parameter %d (%s) has no tooltip (Information/Subtext).", p.ID, Shorten(p.Name))
		}
		if at.isColumn(p.ID) && p.HasDefault {
			r.note("2.68.2", p.Pos, "Parameter %d is a column of a table and has a DefaultValue; it is ignored.", p.ID)
		}
	}
	r.lintDisplay(at)
}

// reservedNames are internal names of DataMiner, in lower case.
func reservedNames() []string {
	return []string{"timeout", "state", "notification", "database", "set parameter", "lock_status"}
}

func (r *reader) lintConnections() {
	for _, c := range r.def.Connections {
		if p := r.def.params[c.NotifyParam]; c.WebSocket && p != nil {
			entries := func(v string) bool {
				return slices.ContainsFunc(p.Discreets, func(d element.Discreet) bool { return element.SameValue(d.Value, v, p.IsNumber) })
			}
			if !p.IsNumber || !entries("0") || !entries("1") {
				r.note("WS-09", p.Pos, "Parameter %d shows the state of connection %d; it has to be a double with the entries 0 and 1.", p.ID, c.ID)
			}
		}
		if c.WebSocket && c.DynamicIP == 0 {
			r.note("WS-12", c.Pos, "Connection %d has no dynamic ip parameter; DataMiner could not reconnect it without a restart.", c.ID)
		}
	}
	for _, p := range r.def.Params {
		if p.Feeds.Address && p.DynamicIP != nil && (p.Type != TypeRead || !p.Saved) {
			r.note("WS-11", p.Pos, "Parameter %d is a dynamic ip; it has to be of Type read and saved.", p.ID)
		}
		if (p.Feeds.Path || p.Feeds.Header) && p.IsNumber {
			r.note("WS-07", p.Pos, "Parameter %d feeds the path or a header of a handshake; it has to be a string.", p.ID)
		}
	}
}

func (r *reader) lintTriggers() {
	type occasion struct {
		on, time string
		id       int
		each     bool
	}
	seen := map[occasion]int{}
	for _, t := range r.def.Triggers {
		if t.On == "" || t.On == "communication" {
			continue
		}
		at := occasion{t.On, t.Time, t.OnID, t.Each}
		first, twice := seen[at]
		switch {
		case !twice:
			seen[at] = t.ID
		case t.On == "protocol":
			r.note("5.3.1", t.Pos, "Triggers %d and %d both wait for %s.", first, t.ID, t.Time)
		case t.Condition == nil && t.Match == nil:
			r.note("5.6.2", t.Pos, "Triggers %d and %d both wait for %s %s.", first, t.ID, t.On, t.Time)
		}
	}
	types, many := map[int]GroupType{}, map[int]bool{}
	for _, t := range r.def.Timers {
		for _, id := range t.Groups {
			many[id] = many[id] || t.many
		}
	}
	for _, g := range r.def.Groups {
		types[g.ID] = g.Type
		// A connector needs a group, so an only one may be empty; so may those
		// that a multithreaded timer runs for its rows.
		if len(g.Content) == 0 && !g.shortened && len(r.def.Groups) > 1 && !many[g.ID] {
			r.note("4.10.5", g.Pos, "Group %d has no Content; it does nothing.", g.ID)
		}
	}
	for _, t := range r.def.Timers {
		if n := len(t.Groups); n > 0 && !strings.HasPrefix(string(types[t.Groups[n-1]]), "poll") {
			r.note("7.5.5", t.Pos, "The last group of timer %d is not of a poll type.", t.ID)
		}
	}
}

// runs reports whether triggers on the item at that time run an action of the
// given kind and type.
func (r *reader) runs(on, time string, id int, kind, action string) bool {
	return slices.ContainsFunc(r.def.Triggers, func(t Trigger) bool {
		if t.On != on || t.Time != time || !t.Each && t.OnID != id || t.RunsTriggers {
			return false
		}
		return slices.ContainsFunc(t.Content, func(item TriggerItem) bool {
			a, ok := r.actionAt[item.ID]
			return ok && a.On == kind && a.Type == action
		})
	})
}

// cleared reports whether some action clears a response or its parameter.
func (r *reader) cleared(resp Response, id element.ParamID) bool {
	return slices.ContainsFunc(r.def.Actions, func(a Action) bool {
		if a.Type != "clear" {
			return false
		}
		return a.On == "response" && (len(a.OnIDs) == 0 || slices.Contains(a.OnIDs, resp.ID)) ||
			a.On == "parameter" && (len(a.OnIDs) == 0 || slices.Contains(a.OnIDs, int(id)))
	})
}

func (r *reader) lintMessages() {
	byProtocol := map[int]bool{}
	for _, c := range r.def.Connections {
		byProtocol[c.ID] = c.WebSocket && c.MakeByProtocol
	}
	main := r.def.Connections[0].ID
	if only, one := r.onlyWebSocket(); one {
		main = only
	}
	r.lintPairs(main)
	r.lintImplicitPing(main)
	if (len(r.def.Triggers)+len(r.def.Actions))*(len(r.def.Pairs)+len(r.def.Responses)) > maxLintWork {
		return
	}
	paired := map[int]bool{}
	for _, p := range r.def.Pairs {
		for _, id := range slices.Concat(p.Responses, p.BadResponses) {
			paired[id] = true
		}
		at := main
		if p.HasConnection {
			at = p.Connection
		}
		if byProtocol[at] && !r.runs("command", "before", p.Command, "command", "make") {
			r.note("WS-13", p.Pos, "Pair %d sends command %d, but MakeCommandByProtocol is set and no trigger makes it before it is sent.", p.ID, p.Command)
		}
	}
	r.lintResponses(main, paired)
}

// maxLintWork bounds the comparisons of triggers with pairs and responses;
// connectors beyond it are read without WS-13, WS-14, WS-17 and WS-20.
const maxLintWork = 2_000_000

func (r *reader) lintResponses(main int, paired map[int]bool) {
	unasked := map[int]int{}
	for _, resp := range r.def.Responses {
		at := main
		if resp.HasConnection {
			at = resp.Connection
		}
		c, ok := r.def.Connection(at)
		if !ok || !c.WebSocket {
			continue
		}
		if !paired[resp.ID] {
			unasked[at] = resp.ID
		}
		variable := element.ParamID(0)
		for _, id := range resp.Content {
			if p := r.def.params[id]; p != nil && p.Interprete.LengthType != codec.LengthFixed && p.Type == TypeRead {
				variable = id
			}
		}
		if variable == 0 {
			continue
		}
		if !r.runs("response", "before", resp.ID, "response", "read") {
			r.note("WS-14", resp.Pos, "No trigger reads response %d before it is handled; this program reads it all the same.", resp.ID)
		}
		if len(resp.Content) == 1 && !paired[resp.ID] && !r.cleared(resp, variable) {
			r.note("WS-20", resp.Pos, "No action clears response %d or its parameter %d: of equal messages in a row, only the first is a change.", resp.ID, variable)
		}
	}
	for _, p := range r.def.Pairs {
		at := main
		if p.HasConnection {
			at = p.Connection
		}
		if id, ok := unasked[at]; ok && len(p.Responses) > 0 {
			r.note("WS-17", p.Pos, "Pair %d waits for a response on connection %d, where response %d takes unasked messages: one may be taken for the answer.", p.ID, at, id)
		}
	}
}
