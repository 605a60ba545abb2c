package connector

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// lintStartup applies what rules 5.7 say of the flow after startup: a trigger
// executes a group of a poll type, without conditions.
func (r *reader) lintStartup() {
	groups := map[int]Group{}
	for _, g := range r.def.Groups {
		groups[g.ID] = g
	}
	for _, t := range r.def.Triggers {
		if t.On != "protocol" || t.Time != "after startup" {
			continue
		}
		switch {
		case t.Condition != nil:
			r.note("5.7.1", t.Pos, "Trigger %d runs after startup; it should have no Condition.", t.ID)
			continue
		case t.RunsTriggers:
			r.note("5.7.3", t.Pos, "Trigger %d runs after startup; it should run actions, not triggers.", t.ID)
			continue
		}
		for _, item := range t.Content {
			if a, ok := r.actionAt[item.ID]; ok {
				r.lintStartupAction(a, groups)
			}
		}
	}
}

func (r *reader) lintStartupAction(a Action, groups map[int]Group) {
	switch {
	case a.Condition != nil:
		r.note("5.7.2", a.Pos, "Action %d runs after startup; it should have no Condition.", a.ID)
	case a.On != "group":
		r.note("5.7.4", a.Pos, "Action %d runs after startup; it should be on a group, not on a %s.", a.ID, a.On)
	case a.Type != "execute" && a.Type != "execute next" && a.Type != "execute one now" && a.Type != "execute one top":
		r.note("5.7.5", a.Pos, "Action %d runs after startup; its Type should be execute next or execute, not %s.", a.ID, a.Type)
	default:
		for _, id := range a.OnIDs {
			if g, ok := groups[id]; ok && !strings.HasPrefix(string(g.Type), "poll") {
				r.note("5.7.6", g.Pos, "Group %d runs after startup; its Type should be poll, poll action or poll trigger, not %s.", id, g.Type)
			}
		}
	}
}

// lintTimers applies the rules about timers of the same pace.
func (r *reader) lintTimers() {
	list := slices.DeleteFunc(slices.Clone(r.def.Timers), func(t Timer) bool { return t.many })
	slices.SortStableFunc(list, func(a, b Timer) int { return cmp.Compare(a.IntervalMs, b.IntervalMs) })
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		switch {
		case a.IntervalMs == b.IntervalMs:
			r.note("7.1.6", b.Pos, "Timers %d and %d have the same Time.", a.ID, b.ID)
		case a.IntervalMs >= 1000 && b.IntervalMs-a.IntervalMs < 1000:
			r.note("7.1.8", b.Pos, "The Times of timers %d and %d are less than a second apart.", a.ID, b.ID)
		}
	}
}

// lintPairs applies the rules about ping pairs and about clearing responses.
func (r *reader) lintPairs(main int) {
	pings := map[int]int{}
	cleared, every := map[int]bool{}, false
	for _, a := range r.def.Actions {
		if a.On == "response" && a.Type == "clear" {
			every = every || len(a.OnIDs) == 0
			for _, id := range a.OnIDs {
				cleared[id] = true
			}
		}
	}
	for _, p := range r.def.Pairs {
		if p.Ping {
			at := main
			if p.HasConnection {
				at = p.Connection
			}
			if len(p.Responses) == 0 {
				r.note("1.26.2", p.Pos, "Pair %d is the ping pair of connection %d but has no response.", p.ID, at)
			}
			if first, twice := pings[at]; twice {
				r.note("1.26.3", p.Pos, "Pairs %d and %d are both ping pairs of connection %d.", first, p.ID, at)
			} else {
				pings[at] = p.ID
			}
		}
		all := slices.Concat(p.Responses, p.BadResponses)
		if len(all) > 1 && !every && !slices.ContainsFunc(all, func(id int) bool { return cleared[id] }) {
			r.note("9.2.1", p.Pos, "Pair %d has several responses, and no action clears them.", p.ID)
		}
	}
}

// lintSaved names saved parameters that a response fills.
func (r *reader) lintSaved() {
	said := map[element.ParamID]bool{}
	for _, resp := range r.def.Responses {
		for _, id := range resp.Content {
			if p := r.def.params[id]; p != nil && p.Saved && !said[id] {
				said[id] = true
				r.note("2.77.1", p.Pos, "Parameter %d is saved, but response %d fills it anyway.", id, resp.ID)
			}
		}
	}
}

// lintRequests applies the rules about the headers of HTTP requests.
func (r *reader) lintRequests() {
	for _, s := range r.def.Sessions {
		if r.handshakeOf(s.ID) {
			continue
		}
		for _, x := range s.Exchanges {
			typed := false
			for _, h := range x.Headers {
				name := strings.ToLower(h.Key)
				typed = typed || name == "content-type"
				switch {
				case (name == "content-length" || name == "content-type" || name == "transfer-encoding") && (x.Verb == "GET" || x.Verb == "HEAD"):
					r.note("8.3.5", h.Pos, "The header %s of session %d does not fit the verb %s, which sends no content.", Shorten(h.Key), s.ID, x.Verb)
				case name == "content-length":
					r.note("8.3.7", h.Pos, "The header Content-Length of session %d is the program's to send.", s.ID)
				case name == "user-agent", name == "connection" && strings.EqualFold(h.Value.Literal, "keep-alive"):
					r.note("8.3.6", h.Pos, "The header %s of session %d is usually left to the program.", Shorten(h.Key), s.ID)
				}
			}
			if !typed && (x.Verb == "POST" || x.Verb == "PUT") {
				r.note("8.1.1", x.Pos, "The %s request of session %d has no Content-Type.", x.Verb, s.ID)
			}
		}
	}
}

// lintPositions applies rule 6.7.8: what a group fires to change the timeout or
// the wait of its own pairs (On@nr, counted from 1) names pairs that it has.
func (r *reader) lintPositions() {
	pairs := map[int]int{}
	for _, g := range r.def.Groups {
		for _, item := range g.Content {
			if item.Kind == ItemPair {
				pairs[g.ID]++
			}
		}
	}
	for _, t := range r.def.Triggers {
		if t.On != "group" || t.Each || t.RunsTriggers {
			continue
		}
		for _, item := range t.Content {
			a, ok := r.actionAt[item.ID]
			if !ok || a.On != "pair" || a.Type != "timeout" && a.Type != "set next" {
				continue
			}
			for text := range strings.SplitSeq(a.OnNr, ";") {
				if nr, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && nr > pairs[t.OnID] {
					r.note("6.7.8", a.Pos, "Action %d is on pair %d of group %d (trigger %d), which has %d.", a.ID, nr, t.OnID, t.ID, pairs[t.OnID])
				}
			}
		}
	}
}
