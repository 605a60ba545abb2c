package lint

import (
	"slices"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

// messages applies the rules about pairs and responses.
func (l *linter) messages() {
	byProtocol := map[int]bool{}
	for _, c := range l.d.Connections {
		byProtocol[c.ID] = c.WebSocket && c.MakeByProtocol
	}
	main := l.d.Connections[0].ID
	if only, one := l.d.OnlyWebSocket(); one {
		main = only
	}
	l.pings(main)
	l.implicitPing(main)
	if (len(l.d.Triggers)+len(l.d.Actions))*(len(l.d.Pairs)+len(l.d.Responses)) > maxComparisons {
		return
	}
	paired := map[int]bool{}
	for _, p := range l.d.Pairs {
		for _, id := range slices.Concat(p.Responses, p.BadResponses) {
			paired[id] = true
		}
		at := main
		if p.HasConnection {
			at = p.Connection
		}
		if byProtocol[at] && !l.runs("command", "before", p.Command, "command", "make") {
			l.Note("WS-13", p.Pos, "Pair %d sends command %d, but MakeCommandByProtocol is set and no trigger makes it before it is sent.", p.ID, p.Command)
		}
	}
	l.responses(main, paired)
}

// maxComparisons bounds the comparisons of triggers with pairs and responses;
// connectors beyond it are read without WS-13, WS-14, WS-17 and WS-20.
const maxComparisons = 2_000_000

// responses looks at the responses of WebSocket connections.
func (l *linter) responses(main int, paired map[int]bool) {
	unasked := map[int]int{}
	for _, resp := range l.d.Responses {
		at := main
		if resp.HasConnection {
			at = resp.Connection
		}
		c, ok := l.d.Connection(at)
		if !ok || !c.WebSocket {
			continue
		}
		if !paired[resp.ID] {
			unasked[at] = resp.ID
		}
		variable := element.ParamID(0)
		for _, id := range resp.Content {
			if p := l.param(id); p != nil && p.Interprete.LengthType != codec.LengthFixed && p.Type == connector.TypeRead {
				variable = id
			}
		}
		if variable == 0 {
			continue
		}
		if !l.runs("response", "before", resp.ID, "response", "read") {
			l.Note("WS-14", resp.Pos, "No trigger reads response %d before it is handled; this program reads it all the same.", resp.ID)
		}
		if len(resp.Content) == 1 && !paired[resp.ID] && !l.cleared(resp, variable) {
			l.Note("WS-20", resp.Pos, "No action clears response %d or its parameter %d: of equal messages in a row, only the first is a change.", resp.ID, variable)
		}
	}
	for _, p := range l.d.Pairs {
		at := main
		if p.HasConnection {
			at = p.Connection
		}
		if id, ok := unasked[at]; ok && len(p.Responses) > 0 {
			l.Note("WS-17", p.Pos, "Pair %d waits for a response on connection %d, where response %d takes unasked messages: one may be taken for the answer.", p.ID, at, id)
		}
	}
}

// pings applies the rules about ping pairs and about clearing responses.
func (l *linter) pings(main int) {
	pings := map[int]int{}
	cleared, every := map[int]bool{}, false
	for _, a := range l.d.Actions {
		if a.On == "response" && a.Type == "clear" {
			every = every || len(a.OnIDs) == 0
			for _, id := range a.OnIDs {
				cleared[id] = true
			}
		}
	}
	for _, p := range l.d.Pairs {
		if p.Ping {
			at := main
			if p.HasConnection {
				at = p.Connection
			}
			if len(p.Responses) == 0 {
				l.Note("1.26.2", p.Pos, "Pair %d is the ping pair of connection %d but has no response.", p.ID, at)
			}
			if first, twice := pings[at]; twice {
				l.Note("1.26.3", p.Pos, "Pairs %d and %d are both ping pairs of connection %d.", first, p.ID, at)
			} else {
				pings[at] = p.ID
			}
		}
		all := slices.Concat(p.Responses, p.BadResponses)
		if len(all) > 1 && !every && !slices.ContainsFunc(all, func(id int) bool { return cleared[id] }) {
			l.Note("9.2.1", p.Pos, "Pair %d has several responses, and no action clears them.", p.ID)
		}
	}
}

// implicitPing looks at the pair that DataMiner pings with where none is
// marked: the one of the main connection with the lowest id.
func (l *linter) implicitPing(main int) {
	polls := slices.ContainsFunc(l.d.Groups, func(g connector.Group) bool { return g.Type == connector.GroupPoll && g.ID != connector.PingGroup })
	chosen := slices.ContainsFunc(l.d.Groups, func(g connector.Group) bool { return g.ID == connector.PingGroup })
	var lowest, answered *connector.Pair
	for i := range l.d.Pairs {
		p := &l.d.Pairs[i]
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
	l.NoteAs("1.26.2", element.Info, lowest.Pos, "Pair %d is the ping pair of connection %d in DataMiner, as that with the lowest id, but has no response; this program pings with pair %d.",
		lowest.ID, main, answered.ID)
}

// saved names saved parameters that a response fills.
func (l *linter) saved() {
	said := map[element.ParamID]bool{}
	for _, resp := range l.d.Responses {
		for _, id := range resp.Content {
			if p := l.param(id); p != nil && p.Saved && !said[id] {
				said[id] = true
				l.Note("2.77.1", p.Pos, "Parameter %d is saved, but response %d fills it anyway.", id, resp.ID)
			}
		}
	}
}

// runs reports whether triggers on the item at that time run an action of the
// given kind and type.
func (l *linter) runs(on, time string, id int, kind, action string) bool {
	return slices.ContainsFunc(l.d.Triggers, func(t connector.Trigger) bool {
		if t.On != on || t.Time != time || !t.Each && t.OnID != id || t.RunsTriggers {
			return false
		}
		return slices.ContainsFunc(t.Content, func(item connector.TriggerItem) bool {
			a, ok := l.actions[item.ID]
			return ok && a.On == kind && a.Type == action
		})
	})
}

// cleared reports whether some action clears a response or its parameter.
func (l *linter) cleared(resp connector.Response, id element.ParamID) bool {
	return slices.ContainsFunc(l.d.Actions, func(a connector.Action) bool {
		if a.Type != "clear" {
			return false
		}
		return a.On == "response" && (len(a.OnIDs) == 0 || slices.Contains(a.OnIDs, resp.ID)) ||
			a.On == "parameter" && (len(a.OnIDs) == 0 || slices.Contains(a.OnIDs, int(id)))
	})
}
