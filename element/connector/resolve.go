package connector

import (
	"cmp"
	"maps"
	"slices"
)

// key names an item of the file: "parameter" 50, "session" 25.
type key struct {
	kind string
	id   int
}

// reference says that an item cannot be without another.
type reference struct {
	from, to key
	rule     string
	at       Pos
}

// need records a reference; resolve disables from when to is missing.
func (r *reader) need(from, to key, rule string, at Pos) {
	r.refs = append(r.refs, reference{from, to, rule, at})
}

// disable leaves an item out of the Definition, with a finding.
func (r *reader) disable(k key, rule string, at Pos, format string, args ...any) {
	r.note(rule, at, format, args...)
	r.off[k] = true
}

// resolve disables what refers to items that do not exist or are disabled,
// and what refers to those in turn, and takes all of it out of the Definition.
func (r *reader) resolve() {
	users := map[key][]reference{}
	var gone []key
	for k := range r.off {
		gone = append(gone, k)
	}
	slices.SortFunc(gone, func(a, b key) int { return cmp.Or(cmp.Compare(a.kind, b.kind), a.id-b.id) })
	for _, ref := range r.refs {
		users[ref.to] = append(users[ref.to], ref)
		if _, ok := r.have[ref.to]; !ok && !r.off[ref.from] {
			r.disable(ref.from, ref.rule, ref.at, "The %s %d refers to %s %d, which does not exist; it is disabled.", ref.from.kind, ref.from.id, ref.to.kind, ref.to.id)
			gone = append(gone, ref.from)
		}
	}
	for len(gone) > 0 {
		k := gone[len(gone)-1]
		gone = gone[:len(gone)-1]
		for _, ref := range users[k] {
			if _, exists := r.have[k]; exists && !r.off[ref.from] {
				r.disable(ref.from, ref.rule, ref.at, "The %s %d refers to %s %d, which is disabled; so it is disabled too.", ref.from.kind, ref.from.id, ref.to.kind, ref.to.id)
				gone = append(gone, ref.from)
			}
		}
	}
	r.prune()
}

func (r *reader) prune() {
	d := r.def
	d.Params = slices.DeleteFunc(d.Params, func(p *Param) bool {
		off := r.off[key{"parameter", int(p.ID)}]
		if off {
			delete(d.params, p.ID)
		}
		return off
	})
	clear(d.byName)
	for _, p := range d.Params {
		d.byName[foldName(p.Name)] = append(d.byName[foldName(p.Name)], p)
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
	d.disabled = slices.SortedFunc(maps.Keys(r.off), func(a, b key) int { return cmp.Or(cmp.Compare(a.kind, b.kind), a.id-b.id) })
}

func keep[T any](r *reader, list []T, kind string, id func(*T) int) []T {
	return slices.DeleteFunc(list, func(x T) bool { return r.off[key{kind, id(&x)}] })
}
