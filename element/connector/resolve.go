package connector

import (
	"fmt"
	"maps"
	"slices"
)

// resolver finds out what is lost with items that do not exist or are disabled.
type resolver struct {
	*draft
	users map[Item][]reference // that lead to an item
	left  map[Item]int         // targets that an item still has
}

func newResolver(d *draft) *resolver {
	r := &resolver{draft: d, users: map[Item][]reference{}, left: map[Item]int{}}
	for _, ref := range d.refs {
		r.users[ref.to] = append(r.users[ref.to], ref)
		if ref.without == lossTarget {
			r.left[ref.from]++
		}
	}
	return r
}

// reference says that an item refers to another, and what it loses without it.
type reference struct {
	from, to Item
	rule     string
	at       Pos
	without  loss
}

// loss is what becomes of an item when another one is missing.
type loss int

const (
	lossAll      loss = iota // it cannot be without it and is disabled
	lossStep                 // an entry of a list: only that one is left out
	lossTarget               // the same, but the item is disabled when none is left
	lossOccasion             // of a trigger: nothing sets it off, others can still run it
)

// resolve works out what is lost with items that do not exist or are disabled:
// each reference to them is named, the steps that need them are left out, and
// what cannot be without them is disabled, with what that is lost with in turn.
func (r *resolver) resolve() {
	var gone []Item
	for k := range r.off {
		gone = append(gone, k)
	}
	slices.SortFunc(gone, compareItems)
	for _, ref := range r.refs {
		if _, ok := r.have[ref.to]; !ok && r.lose(ref, "which does not exist") {
			gone = append(gone, ref.from)
		}
	}
	for len(gone) > 0 {
		k := gone[len(gone)-1]
		gone = gone[:len(gone)-1]
		if _, exists := r.have[k]; !exists {
			continue
		}
		for _, ref := range r.users[k] {
			if r.lose(ref, "which is disabled") {
				gone = append(gone, ref.from)
			}
		}
	}
	r.prune()
}

// lose names a reference that leads nowhere, and reports whether its item is
// disabled by that.
func (r *resolver) lose(ref reference, why string) bool {
	what := fmt.Sprintf("The %s %d refers to %s %d, %s", ref.from.Kind, ref.from.ID, ref.to.Kind, ref.to.ID, why)
	was := r.off[ref.from]
	switch ref.without {
	case lossStep:
		r.Note(ref.rule, ref.at, "%s; that step is left out.", what)
		return false
	case lossOccasion:
		r.Note(ref.rule, ref.at, "%s; nothing sets it off, it only runs when something else runs it.", what)
		return false
	case lossTarget:
		if r.left[ref.from]--; r.left[ref.from] > 0 {
			r.Note(ref.rule, ref.at, "%s; it is left out.", what)
			return false
		}
		r.disable(ref.from, ref.rule, ref.at, "%s; nothing else is left, so it is disabled.", what)
	case lossAll:
		r.disable(ref.from, ref.rule, ref.at, "%s; it is disabled.", what)
	}
	return !was
}

// prune takes what is disabled out of the Definition.
func (r *resolver) prune() {
	d := r.def
	d.Params = slices.DeleteFunc(d.Params, func(p *Param) bool {
		off := r.off[Item{"parameter", int(p.ID)}]
		if off {
			delete(d.params, p.ID)
		}
		return off
	})
	clear(d.byName)
	for _, p := range d.Params {
		d.byName[FoldName(p.Name)] = append(d.byName[FoldName(p.Name)], p)
		if p.WriteID != 0 && d.params[p.WriteID] == nil {
			p.WriteID = 0
		}
		if p.ReadID != 0 && d.params[p.ReadID] == nil {
			p.ReadID = 0
		}
	}
	d.Sessions = keep(r, d.Sessions, "session", func(x *Session) int { return x.ID })
	d.Commands = keep(r, d.Commands, "command", func(x *Command) int { return x.ID })
	d.Responses = keep(r, d.Responses, "response", func(x *Response) int { return x.ID })
	d.Pairs = keep(r, d.Pairs, "pair", func(x *Pair) int { return x.ID })
	d.Groups = keep(r, d.Groups, "group", func(x *Group) int { return x.ID })
	d.Timers = keep(r, d.Timers, "timer", func(x *Timer) int { return x.ID })
	d.Triggers = keep(r, d.Triggers, "trigger", func(x *Trigger) int { return x.ID })
	d.Actions = keep(r, d.Actions, "action", func(x *Action) int { return x.ID })
	d.QActions = keep(r, d.QActions, "QAction", func(x *QAction) int { return x.ID })
	r.leaveOut()
	d.Disabled = slices.SortedFunc(maps.Keys(r.off), compareItems)
}

// leaveOut takes the steps that lead nowhere out of lists.
func (r *resolver) leaveOut() {
	d := r.def
	gone := func(kind string) func(id int) bool { return func(id int) bool { return !r.alive(kind, id) } }
	for i := range d.Pairs {
		p := &d.Pairs[i]
		p.Responses = slices.DeleteFunc(p.Responses, gone("response"))
		p.BadResponses = slices.DeleteFunc(p.BadResponses, gone("response"))
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		before := len(g.Content)
		g.Content = slices.DeleteFunc(g.Content, func(x GroupItem) bool {
			return !r.alive(pick(x.Kind == ItemParam, "parameter", string(x.Kind)), x.ID)
		})
		g.Shortened = g.Shortened || len(g.Content) < before
	}
	for i := range d.Timers {
		d.Timers[i].Groups = slices.DeleteFunc(d.Timers[i].Groups, gone("group"))
	}
	for i := range d.Triggers {
		t := &d.Triggers[i]
		target := t.Runs()
		t.Content = slices.DeleteFunc(t.Content, func(x TriggerItem) bool { return !r.alive(target, x.ID) })
		if t.OnID != 0 && !t.Each && !r.alive(t.On, t.OnID) {
			t.On, t.OnID, t.Time = "", 0, ""
		}
	}
	for i := range d.Actions {
		d.Actions[i].OnIDs = slices.DeleteFunc(d.Actions[i].OnIDs, gone(d.Actions[i].On))
	}
}

func keep[T any](r *resolver, list []T, kind string, id func(*T) int) []T {
	return slices.DeleteFunc(list, func(x T) bool { return r.off[Item{kind, id(&x)}] })
}
