package lint

import (
	"fmt"
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// loops looks for triggers, actions and parameters that set each other off
// for ever. It follows what runs at once: triggers, actions, groups of actions
// or triggers, and changes of parameters. A cycle that polls a device waits
// for it and is a common way to poll without pause, so it is none; nor is a
// cycle of copies, which ends when the values are equal. Whether another one
// ends by an equal value is uncertain.
type loops struct {
	l       *linter
	edges   map[connector.Item][]connector.Item
	guarded map[connector.Item]bool // has a condition
	copies  map[connector.Item]bool
	settles map[connector.Item]bool // an action whose result may be the value that is there
	at      map[connector.Item]connector.Pos

	index, low map[connector.Item]int
	onStack    map[connector.Item]bool
	stack      []connector.Item
}

// loops names what sets itself off for ever.
func (l *linter) loops() {
	g := &loops{
		l: l, edges: map[connector.Item][]connector.Item{}, guarded: map[connector.Item]bool{}, copies: map[connector.Item]bool{}, settles: map[connector.Item]bool{}, at: map[connector.Item]connector.Pos{},
		index: map[connector.Item]int{}, low: map[connector.Item]int{}, onStack: map[connector.Item]bool{},
	}
	g.build()
	for _, t := range l.d.Triggers {
		if k := itemOf("trigger", t.ID); g.index[k] == 0 {
			g.walk(k)
		}
	}
}

// changing are the actions on parameters whose result can differ each time.
func changing() []string {
	return []string{"append", "append data", "increment", "multiply", "pow", "go"}
}

func (g *loops) build() {
	each := []connector.Item{}
	own := map[int]bool{}
	for _, t := range g.l.d.Triggers {
		k := itemOf("trigger", t.ID)
		g.at[k], g.guarded[k] = t.Pos, t.Condition != nil || t.Match != nil
		for _, item := range t.Content {
			g.edges[k] = append(g.edges[k], itemOf(t.Runs(), item.ID))
		}
		if t.On != "parameter" || t.Time != "change" {
			continue
		}
		if t.Each {
			each = append(each, k)
			continue
		}
		own[t.OnID] = true
		from := itemOf("parameter", t.OnID)
		g.edges[from] = append(g.edges[from], k)
	}
	others := itemOf("parameter", -1) // any without a trigger of its own
	g.edges[others] = each
	for _, p := range g.l.params {
		if k := itemOf("parameter", int(p.ID)); !own[k.ID] && len(each) > 0 {
			g.edges[k] = []connector.Item{others}
		}
	}
	for _, x := range g.l.d.Groups {
		k := itemOf("group", x.ID)
		g.at[k], g.guarded[k] = x.Pos, x.Condition != nil
		for _, item := range x.Content {
			if item.Kind == connector.ItemAction || item.Kind == connector.ItemTrigger {
				g.edges[k] = append(g.edges[k], itemOf(string(item.Kind), item.ID))
			}
		}
	}
	for _, a := range g.l.d.Actions {
		g.action(a)
	}
}

func (g *loops) action(a connector.Action) {
	k := itemOf("action", a.ID)
	g.at[k], g.guarded[k] = a.Pos, a.Condition != nil
	switch {
	case a.On == "parameter" && (a.Type == "copy" || slices.Contains(changing(), a.Type)):
		g.copies[k], g.settles[k] = a.Type == "copy", settles(a)
	case a.On == "group" && strings.Contains(a.Type, "exec"):
	default:
		return
	}
	for _, id := range a.OnIDs {
		g.edges[k] = append(g.edges[k], itemOf(a.On, id))
	}
}

// settles reports whether an action may leave its parameter as it is, which
// changes nothing and ends a loop: what it works with may be equal, or 0.
func settles(a connector.Action) bool {
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
func (g *loops) turns(found []connector.Item, ends func(connector.Item) bool) bool {
	in := map[connector.Item]int{} // edges to it
	for _, k := range found {
		if !ends(k) {
			in[k] = 0
		}
	}
	for k := range in {
		for _, to := range g.edges[k] {
			if _, ok := in[to]; ok {
				in[to]++
			}
		}
	}
	var free []connector.Item
	for k, n := range in {
		if n == 0 {
			free = append(free, k)
		}
	}
	left := len(in)
	for ; len(free) > 0; left-- {
		k := free[len(free)-1]
		free = free[:len(free)-1]
		for _, to := range g.edges[k] {
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
func (g *loops) walk(start connector.Item) {
	type frame struct {
		at   connector.Item
		next int
	}
	frames := []frame{{at: start}}
	g.enter(start)
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if f.next < len(g.edges[f.at]) {
			to := g.edges[f.at][f.next]
			f.next++
			switch {
			case g.index[to] == 0:
				g.enter(to)
				frames = append(frames, frame{at: to})
			case g.onStack[to]:
				g.low[f.at] = min(g.low[f.at], g.index[to])
			}
			continue
		}
		done := f.at
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			up := frames[len(frames)-1].at
			g.low[up] = min(g.low[up], g.low[done])
		}
		if g.low[done] == g.index[done] {
			g.leave(done)
		}
	}
}

func (g *loops) enter(k connector.Item) {
	g.index[k] = len(g.index) + 1
	g.low[k] = g.index[k]
	g.onStack[k] = true
	g.stack = append(g.stack, k)
}

// leave takes the items that reach each other from the stack and names them
// when they are a loop.
func (g *loops) leave(root connector.Item) {
	at := len(g.stack) - 1
	for ; g.stack[at] != root; at-- {
	}
	found := slices.Clone(g.stack[at:])
	g.stack = g.stack[:at]
	for _, k := range found {
		g.onStack[k] = false
	}
	if len(found) == 1 && !slices.Contains(g.edges[root], root) {
		return
	}
	copies, acts := 0, 0
	names := []string{}
	place := connector.Pos{}
	for _, k := range found {
		if k.Kind == "action" {
			acts++
			if g.copies[k] {
				copies++
			}
		}
		if place == (connector.Pos{}) {
			place = g.at[k]
		}
		if len(names) < 8 && k.ID >= 0 {
			names = append(names, fmt.Sprintf("%s %d", k.Kind, k.ID))
		}
	}
	if acts > 0 && copies == acts && !slices.ContainsFunc(found, func(k connector.Item) bool { return k.Kind == "group" }) {
		return
	}
	if len(names) == 8 {
		names = append(names, "…")
	}
	list := strings.Join(names, ", ")
	guarded := func(k connector.Item) bool { return g.guarded[k] }
	switch {
	case g.turns(found, func(k connector.Item) bool { return g.guarded[k] || g.settles[k] }):
		g.l.Note("1.24.1", place, "These set each other off for ever: %s.", list)
	case g.turns(found, guarded):
		g.l.Note("1.24.2", place, "Uncertain: these set each other off until a value stays as it is: %s.", list)
	default:
		g.l.Note("1.24.2", place, "Uncertain: these set each other off, and only a condition ends it: %s.", list)
	}
}
