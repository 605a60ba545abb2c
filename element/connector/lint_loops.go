package connector

import (
	"fmt"
	"slices"
	"strings"

	"fieldline/element"
)

// loops looks for triggers, actions and parameters that set each other off
// for ever. It follows what runs at once: triggers, actions, groups of actions
// or triggers, and changes of parameters. A cycle that polls a device waits
// for it and is a common way to poll without pause, so it is none; nor is a
// cycle of copies, which ends when the values are equal. Whether another one
// ends by an equal value is uncertain.
type loops struct {
	r       *reader
	edges   map[Item][]Item
	guarded map[Item]bool // has a condition
	copies  map[Item]bool
	settles map[Item]bool // an action whose result may be the value that is there
	at      map[Item]Pos

	index, low map[Item]int
	onStack    map[Item]bool
	stack      []Item
}

func (r *reader) lintLoops() {
	l := &loops{
		r: r, edges: map[Item][]Item{}, guarded: map[Item]bool{}, copies: map[Item]bool{}, settles: map[Item]bool{}, at: map[Item]Pos{},
		index: map[Item]int{}, low: map[Item]int{}, onStack: map[Item]bool{},
	}
	l.build()
	for _, t := range r.def.Triggers {
		if k := (Item{"trigger", t.ID}); l.index[k] == 0 {
			l.walk(k)
		}
	}
}

// changing are the actions on parameters whose result can differ each time.
func changing() []string {
	return []string{"append", "append data", "increment", "multiply", "pow", "go"}
}

func (l *loops) build() {
	each := []Item{}
	own := map[int]bool{}
	for _, t := range l.r.def.Triggers {
		k := Item{"trigger", t.ID}
		l.at[k], l.guarded[k] = t.Pos, t.Condition != nil || t.Match != nil
		for _, item := range t.Content {
			l.edges[k] = append(l.edges[k], Item{pick(t.RunsTriggers, "trigger", "action"), item.ID})
		}
		if t.On != "parameter" || t.Time != "change" {
			continue
		}
		if t.Each {
			each = append(each, k)
			continue
		}
		own[t.OnID] = true
		from := Item{"parameter", t.OnID}
		l.edges[from] = append(l.edges[from], k)
	}
	others := Item{"parameter", -1} // any without a trigger of its own
	l.edges[others] = each
	for _, p := range l.r.def.Params {
		if k := (Item{"parameter", int(p.ID)}); !own[k.ID] && len(each) > 0 {
			l.edges[k] = []Item{others}
		}
	}
	groups := map[int]Group{}
	for _, g := range l.r.def.Groups {
		groups[g.ID] = g
		k := Item{"group", g.ID}
		l.at[k], l.guarded[k] = g.Pos, g.Condition != nil
		for _, item := range g.Content {
			if item.Kind == ItemAction || item.Kind == ItemTrigger {
				l.edges[k] = append(l.edges[k], Item{string(item.Kind), item.ID})
			}
		}
	}
	for _, a := range l.r.def.Actions {
		l.action(a)
	}
}

func (l *loops) action(a Action) {
	k := Item{"action", a.ID}
	l.at[k], l.guarded[k] = a.Pos, a.Condition != nil
	switch {
	case a.On == "parameter" && (a.Type == "copy" || slices.Contains(changing(), a.Type)):
		l.copies[k], l.settles[k] = a.Type == "copy", settles(a)
	case a.On == "group" && strings.Contains(a.Type, "exec"):
	default:
		return
	}
	for _, id := range a.OnIDs {
		l.edges[k] = append(l.edges[k], Item{a.On, id})
	}
}

// settles reports whether an action may leave its parameter as it is, which
// changes nothing and ends a loop: what it works with may be equal, or 0.
func settles(a Action) bool {
	switch a.Type {
	case "copy", "multiply", "pow":
		return true
	case "increment":
		n, ok := element.ParseNumber(a.TypeValue)
		return a.HasTypeID || ok && n == 0
	}
	return false
}

// turns reports whether a loop is left when what may end it is taken out.
func (l *loops) turns(found []Item, ends func(Item) bool) bool {
	in := map[Item]int{} // edges to it
	for _, k := range found {
		if !ends(k) {
			in[k] = 0
		}
	}
	for k := range in {
		for _, to := range l.edges[k] {
			if _, ok := in[to]; ok {
				in[to]++
			}
		}
	}
	var free []Item
	for k, n := range in {
		if n == 0 {
			free = append(free, k)
		}
	}
	left := len(in)
	for ; len(free) > 0; left-- {
		k := free[len(free)-1]
		free = free[:len(free)-1]
		for _, to := range l.edges[k] {
			if _, ok := in[to]; !ok {
				continue
			}
			if in[to]--; in[to] == 0 {
				free = append(free, to)
			}
		}
	}
	return left > 0
}

// walk is Tarjan's search for strongly connected items, without recursion:
// a chain of triggers may be as long as the file.
func (l *loops) walk(start Item) {
	type frame struct {
		at   Item
		next int
	}
	frames := []frame{{at: start}}
	l.enter(start)
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if f.next < len(l.edges[f.at]) {
			to := l.edges[f.at][f.next]
			f.next++
			switch {
			case l.index[to] == 0:
				l.enter(to)
				frames = append(frames, frame{at: to})
			case l.onStack[to]:
				l.low[f.at] = min(l.low[f.at], l.index[to])
			}
			continue
		}
		done := f.at
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			up := frames[len(frames)-1].at
			l.low[up] = min(l.low[up], l.low[done])
		}
		if l.low[done] == l.index[done] {
			l.leave(done)
		}
	}
}

func (l *loops) enter(k Item) {
	l.index[k] = len(l.index) + 1
	l.low[k] = l.index[k]
	l.onStack[k] = true
	l.stack = append(l.stack, k)
}

// leave takes the items that reach each other from the stack and names them
// when they are a loop.
func (l *loops) leave(root Item) {
	at := len(l.stack) - 1
	for ; l.stack[at] != root; at-- {
	}
	found := slices.Clone(l.stack[at:])
	l.stack = l.stack[:at]
	for _, k := range found {
		l.onStack[k] = false
	}
	if len(found) == 1 && !slices.Contains(l.edges[root], root) {
		return
	}
	copies, acts := 0, 0
	names := []string{}
	place := Pos{}
	for _, k := range found {
		if k.Kind == "action" {
			acts++
			if l.copies[k] {
				copies++
			}
		}
		if place == (Pos{}) {
			place = l.at[k]
		}
		if len(names) < 8 && k.ID >= 0 {
			names = append(names, fmt.Sprintf("%s %d", k.Kind, k.ID))
		}
	}
	if acts > 0 && copies == acts && !slices.ContainsFunc(found, func(k Item) bool { return k.Kind == "group" }) {
		return
	}
	if len(names) == 8 {
		names = append(names, "…")
	}
	list := strings.Join(names, ", ")
	guarded := func(k Item) bool { return l.guarded[k] }
	switch {
	case l.turns(found, func(k Item) bool { return l.guarded[k] || l.settles[k] }):
		l.r.note("1.24.1", place, "These set each other off for ever: %s.", list)
	case l.turns(found, guarded):
		l.r.note("1.24.2", place, "Uncertain: these set each other off until a value stays as it is: %s.", list)
	default:
		l.r.note("1.24.2", place, "Uncertain: these set each other off, and only a condition ends it: %s.", list)
	}
}
