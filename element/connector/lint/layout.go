package lint

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// layout says where pages show parameters: at places of their own, or as
// columns of tables.
type layout struct {
	tables map[element.ParamID]*connector.Param // of a column: its table, one with a place where there are several
	keys   map[element.ParamID]bool             // columns that are the key of a table
	trees  map[element.ParamID]bool             // parameters that are tree controls
}

func (l *linter) layout() layout {
	at := layout{tables: map[element.ParamID]*connector.Param{}, keys: map[element.ParamID]bool{}, trees: map[element.ParamID]bool{}}
	for _, p := range l.params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			if have := at.tables[c.Param]; have == nil || len(have.Positions) == 0 {
				at.tables[c.Param] = p
			}
			if p.Table.IsKey(c) {
				at.keys[c.Param] = true
			}
		}
	}
	for _, id := range l.d.Ignored.Trees {
		at.trees[id] = true
	}
	return at
}

// isColumn reports whether the parameter is a column of a table.
func (l layout) isColumn(id element.ParamID) bool { return l.tables[id] != nil }

// placed reports whether a page shows the parameter: it has a place, or the
// table that it is a column of has one.
func (l layout) placed(p *connector.Param) bool {
	if t := l.tables[p.ID]; t != nil {
		return len(t.Positions) > 0
	}
	return len(p.Positions) > 0
}

// explains reports whether DataMiner asks for a tooltip (rule 2.4.1): of what
// is shown and no title, tree control or write parameter other than a button.
func (l layout) explains(p *connector.Param) bool {
	switch {
	case p.Measurement == element.MeasureTitle, l.trees[p.ID], p.Type.IsWrite() && p.Measurement != element.MeasureButton:
		return false
	}
	return l.placed(p)
}
