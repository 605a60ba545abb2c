package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// layout says where pages show parameters: at places of their own, or as
// columns of tables.
type layout struct {
	tables map[element.ParamID]*Param // of a column: its table, one with a place where there are several
	keys   map[element.ParamID]bool   // columns that are the key of a table
	trees  map[element.ParamID]bool   // parameters that are tree controls
}

func (r *reader) layout() layout {
	l := layout{tables: map[element.ParamID]*Param{}, keys: map[element.ParamID]bool{}, trees: map[element.ParamID]bool{}}
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			if have := l.tables[c.Param]; have == nil || len(have.Positions) == 0 {
				l.tables[c.Param] = p
			}
			if c.Idx == p.Table.Index {
				l.keys[c.Param] = true
			}
		}
	}
	for _, list := range r.root.unread("TreeControls") {
		for _, tree := range list.unread("TreeControl") {
			if id, err := strconv.Atoi(tree.peek("parameterId")); err == nil {
				l.trees[element.ParamID(id)] = true
			}
		}
	}
	return l
}

// isColumn reports whether the parameter is a column of a table.
func (l layout) isColumn(id element.ParamID) bool { return l.tables[id] != nil }

// placed reports whether a page shows the parameter: it has a place, or the
// table that it is a column of has one.
func (l layout) placed(p *Param) bool {
	if t := l.tables[p.ID]; t != nil {
		return len(t.Positions) > 0
	}
	return len(p.Positions) > 0
}

// explains reports whether DataMiner asks for a tooltip (rule 2.4.1): of what
// is shown and no title, tree control or write parameter other than a button.
func (l layout) explains(p *Param) bool {
	switch {
	case p.Measurement == element.MeasureTitle, l.trees[p.ID], isWrite(p.Type) && p.Measurement != element.MeasureButton:
		return false
	}
	return l.placed(p)
}

// lintColumns names what the option tab of a table says of columns that the
// table does not have.
func (r *reader) lintColumns() {
	for _, p := range r.def.Params {
		if p.Sheet == nil || p.Table == nil {
			continue
		}
		own := map[element.ParamID]bool{}
		for _, c := range p.Table.Columns {
			own[c.Param], own[c.Write] = true, true
		}
		for _, c := range p.Sheet.Columns {
			switch {
			case own[c.Param]:
			case r.def.params[c.Param] == nil:
				r.note("FL-13", p.Pos, "The option tab=columns of table %d names parameter %d, which does not exist; it is ignored.", p.ID, c.Param)
			default:
				r.note("FL-13", p.Pos, "The option tab=columns of table %d names parameter %d, which is no column of it; it is ignored.", p.ID, c.Param)
			}
		}
	}
}

// lintRelations names tables of a Relation that are none. Relations have no
// effect here, so they stay unread.
func (r *reader) lintRelations() {
	for _, list := range r.root.unread("Relations") {
		for _, x := range list.unread("Relation") {
			path := strings.TrimSpace(x.peek("path"))
			if path == "" {
				continue
			}
			for part := range strings.SplitSeq(path, ";") {
				r.relationTable(x, strings.TrimSpace(part))
			}
		}
	}
}

func (r *reader) relationTable(x *node, text string) {
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 {
		r.note("13.2.3", x.at(), "%q in the path of a relation is not the id of a table.", Shorten(text))
		return
	}
	switch p := r.def.params[element.ParamID(id)]; {
	case p == nil:
		r.note("13.2.1", x.at(), "The path of a relation refers to table %d, which does not exist.", id)
	case p.Table == nil:
		r.note("13.2.7", x.at(), "The path of a relation refers to parameter %d, which is of Type %s and no table.", id, p.Type)
	}
}
