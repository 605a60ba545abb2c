package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fieldline/element/connector"
)

// triggers names triggers that wait for the same.
func (l *linter) triggers() {
	type occasion struct {
		on, time string
		id       int
		each     bool
	}
	seen := map[occasion]int{}
	for _, t := range l.d.Triggers {
		if t.On == "" || t.On == "communication" {
			continue
		}
		at := occasion{t.On, t.Time, t.OnID, t.Each}
		first, twice := seen[at]
		switch {
		case !twice:
			seen[at] = t.ID
		case t.On == "protocol":
			l.Note("5.3.1", t.Pos, "Triggers %d and %d both wait for %s.", first, t.ID, t.Time)
		case t.Condition == nil && t.Match == nil:
			l.Note("5.6.2", t.Pos, "Triggers %d and %d both wait for %s %s.", first, t.ID, t.On, t.Time)
		}
	}
}

// contents names groups that do nothing, and timers that end with one that does
// not poll.
func (l *linter) contents() {
	types, many := map[int]connector.GroupType{}, map[int]bool{}
	for _, t := range l.d.Timers {
		for _, id := range t.Groups {
			many[id] = many[id] || t.PerRow
		}
	}
	for _, g := range l.d.Groups {
		types[g.ID] = g.Type
		// A connector needs a group, so an only one may be empty; so may those
		// that a multithreaded timer runs for its rows.
		if len(g.Content) == 0 && !g.Shortened && len(l.d.Groups) > 1 && !many[g.ID] {
			l.Note("4.10.5", g.Pos, "Group %d has no Content; it does nothing.", g.ID)
		}
	}
	for _, t := range l.d.Timers {
		if n := len(t.Groups); n > 0 && !strings.HasPrefix(string(types[t.Groups[n-1]]), "poll") {
			l.Note("7.5.5", t.Pos, "The last group of timer %d is not of a poll type.", t.ID)
		}
	}
}

// startup applies what rules 5.7 say of the flow after startup: a trigger
// executes a group of a poll type, without conditions.
func (l *linter) startup() {
	groups := map[int]connector.Group{}
	for _, g := range l.d.Groups {
		groups[g.ID] = g
	}
	for _, t := range l.d.Triggers {
		if t.On != "protocol" || t.Time != "after startup" {
			continue
		}
		switch {
		case t.Condition != nil:
			l.Note("5.7.1", t.Pos, "Trigger %d runs after startup; it should have no Condition.", t.ID)
			continue
		case t.RunsTriggers:
			l.Note("5.7.3", t.Pos, "Trigger %d runs after startup; it should run actions, not triggers.", t.ID)
			continue
		}
		for _, item := range t.Content {
			if a, ok := l.actions[item.ID]; ok {
				l.startupAction(a, groups)
			}
		}
	}
}

func (l *linter) startupAction(a connector.Action, groups map[int]connector.Group) {
	switch {
	case a.Condition != nil:
		l.Note("5.7.2", a.Pos, "Action %d runs after startup; it should have no Condition.", a.ID)
	case a.On != "group":
		l.Note("5.7.4", a.Pos, "Action %d runs after startup; it should be on a group, not on a %s.", a.ID, a.On)
	case a.Type != "execute" && a.Type != "execute next" && a.Type != "execute one now" && a.Type != "execute one top":
		l.Note("5.7.5", a.Pos, "Action %d runs after startup; its Type should be execute next or execute, not %s.", a.ID, a.Type)
	default:
		for _, id := range a.OnIDs {
			if g, ok := groups[id]; ok && !strings.HasPrefix(string(g.Type), "poll") {
				l.Note("5.7.6", g.Pos, "Group %d runs after startup; its Type should be poll, poll action or poll trigger, not %s.", id, g.Type)
			}
		}
	}
}

// timers applies the rules about timers of the same pace.
func (l *linter) timers() {
	list := slices.DeleteFunc(slices.Clone(l.d.Timers), func(t connector.Timer) bool { return t.PerRow })
	slices.SortStableFunc(list, func(a, b connector.Timer) int { return cmp.Compare(a.IntervalMs, b.IntervalMs) })
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		switch {
		case a.IntervalMs == b.IntervalMs:
			l.Note("7.1.6", b.Pos, "Timers %d and %d have the same Time.", a.ID, b.ID)
		case a.IntervalMs >= 1000 && b.IntervalMs-a.IntervalMs < 1000:
			l.Note("7.1.8", b.Pos, "The Times of timers %d and %d are less than a second apart.", a.ID, b.ID)
		}
	}
}

// positions applies rule 6.7.8: what a group fires to change the timeout or
// the wait of its own pairs (On@nr, counted from 1) names pairs that it has.
func (l *linter) positions() {
	pairs := map[int]int{}
	for _, g := range l.d.Groups {
		for _, item := range g.Content {
			if item.Kind == connector.ItemPair {
				pairs[g.ID]++
			}
		}
	}
	for _, t := range l.d.Triggers {
		if t.On != "group" || t.Each || t.RunsTriggers {
			continue
		}
		for _, item := range t.Content {
			a, ok := l.actions[item.ID]
			if !ok || a.On != "pair" || a.Type != "timeout" && a.Type != "set next" {
				continue
			}
			for text := range strings.SplitSeq(a.OnNr, ";") {
				if nr, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && nr > pairs[t.OnID] {
					l.Note("6.7.8", a.Pos, "Action %d is on pair %d of group %d (trigger %d), which has %d.", a.ID, nr, t.OnID, t.ID, pairs[t.OnID])
				}
			}
		}
	}
}
