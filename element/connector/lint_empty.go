package connector

import (
	"slices"

	"fieldline/element"
)

// lintEmpty names the parameters on pages that nothing here fills. writers
// are those that the code of a QAction sets; elsewhere is a QAction whose code
// is in another file, 0 when there is none.
func (r *reader) lintEmpty(writers map[element.ParamID]int, elsewhere int) {
	set := r.setBy()
	for _, p := range r.def.Params {
		if set[p.ID] || p.Type != TypeRead && p.Type != TypeArray || !p.RTDisplay || len(p.Positions) == 0 || p.Type == TypeArray && r.fills(p, set) {
			continue
		}
		switch q, ok := writers[p.ID]; {
		case ok:
			r.note("FL-31", p.Pos, "Parameter %d is only set by QAction %d (csharp), which does not run here; it stays empty.", p.ID, q)
		case elsewhere != 0:
			r.note("FL-31", p.Pos, "Parameter %d is set by nothing that runs here; its QAction is csharp, with its code in another file. It stays empty.", p.ID)
		}
	}
}

// fills reports whether something fills a column of a table.
func (r *reader) fills(p *Param, set map[element.ParamID]bool) bool {
	if p.Table == nil {
		return false
	}
	return slices.ContainsFunc(p.Table.Columns, func(c Column) bool { return set[c.Param] })
}

// setBy collects which parameters something in this program can set.
func (r *reader) setBy() map[element.ParamID]bool {
	set := map[element.ParamID]bool{}
	for _, c := range r.def.Connections {
		set[c.NotifyParam], set[c.DisconnectParam], set[c.DynamicIP] = true, true, true
	}
	for _, s := range r.def.Sessions {
		for _, x := range s.Exchanges {
			set[x.StatusParam], set[x.ContentParam] = true, true
			for _, h := range x.HeaderParams {
				set[h.Param] = true
			}
		}
	}
	for _, resp := range r.def.Responses {
		for _, id := range resp.Content {
			set[id] = true
		}
	}
	r.setByActions(set)
	for _, p := range r.def.Params {
		if p.HasDefault || p.overSNMP || p.Interprete.Fixed != nil {
			set[p.ID] = true
		}
		if p.Setter {
			set[p.ReadID] = true
		}
		for _, id := range p.DuplicateAs {
			set[id] = true
		}
	}
	return set
}

func (r *reader) setByActions(set map[element.ParamID]bool) {
	starters := map[int][]int{}
	for _, t := range r.def.Triggers {
		if t.On == "parameter" && !t.RunsTriggers {
			for _, item := range t.Content {
				starters[item.ID] = append(starters[item.ID], t.OnID)
			}
		}
	}
	for _, a := range r.def.Actions {
		if a.On != "parameter" || a.Type == "run actions" || a.Type == "clear" || a.Type == "clear on display" || a.Type == "save" {
			continue
		}
		for _, id := range slices.Concat(a.OnIDs, starters[a.ID]) {
			set[element.ParamID(id)] = true
		}
	}
}
