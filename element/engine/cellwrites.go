package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// rowSet is the row of a person's write of a cell, for the logic that reacts
// to the write parameter.
func (e *Engine) rowSet(in Set) *RowChange {
	c := &RowChange{Table: in.Table, Column: in.Parameter, Key: in.Key}
	if t := e.s.tables[in.Table]; t != nil && t.rows[in.Key] != nil {
		c.Old = values(t.rows[in.Key])
		c.New = c.Old
	}
	return c
}

// copyToCell is the setter copy of a write of a cell. It reports whether the
// parameter writes a column of the row at hand.
func (e *Engine) copyToCell(p *connector.Param, i int, src source) bool {
	at, ok := e.writesRow(p)
	if !ok || at.table.param.ID != e.row.Table {
		return false
	}
	if !e.setCell(at, e.row.Key, e.s.slots[i].value, src) {
		e.logf(levelWarning, "%s was not copied to row %q: there is no such row, or the cell cannot take the value.", capital(named(p)), e.row.Key)
	}
	e.add(task{do: workCellCopied})
	return true
}

// cellCopied shows the row at hand to the logic that follows as the setter copy
// has left it.
func (e *Engine) cellCopied() {
	if t := e.s.tables[e.row.Table]; t.rows[e.row.Key] != nil {
		e.row.New = values(t.rows[e.row.Key])
	}
}

// savesCell reports whether the present work saves the cell that a write is
// about.
func (e *Engine) savesCell(in Set, p *connector.Param) bool {
	d := e.moved[element.RowKey{Table: in.Table, Key: in.Key}]
	at, ok := e.writesRow(p)
	return ok && d != nil && d.cells != nil && d.cells[at.at]
}

// confirmCell confirms writes that wait for a cell to take their value. The
// write's own setter copy is no answer.
func (e *Engine) confirmCell(column element.ParamID, key string, v element.Value, src source) {
	if src.person {
		return
	}
	p, _ := e.param(column)
	if p == nil {
		return
	}
	for i := range e.s.receipts {
		r := &e.s.receipts[i]
		switch {
		case r.done || r.column != column || r.write.Row != key:
		case src.by == element.ByLogic && !src.device && !meets(p, v, r.goal):
			r.course.other = other{shown: shownAs(p, v), logic: true, at: e.now}
		case r.handed:
			e.tellReport(r, p, v)
		}
	}
}
