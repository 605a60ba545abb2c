package engine

import "fieldline/element/connector"

// rowSet is the row of a person's write of a cell, for the logic that reacts
// to the write parameter.
func (ts *tables) rowSet(in Set) *RowChange {
	c := &RowChange{Table: in.Table, Column: in.Parameter, Key: in.Key}
	if t := ts.list[in.Table]; t != nil && t.rows[in.Key] != nil {
		c.Old = cellValues(t.rows[in.Key])
		c.New = c.Old
	}
	return c
}

// copyToCell is the setter copy of a write of a cell. It reports whether the
// parameter writes a column of the row at hand.
func (lg *logic) copyToCell(p *connector.Param, i paramIndex, src source) bool {
	at, ok := lg.tables.writesRow(p)
	if !ok || at.table.param.ID != lg.row.Table {
		return false
	}
	if !lg.tables.setCell(at, lg.row.Key, lg.values.slots[i].value, src) {
		lg.logf(levelWarning, "%s was not copied to row %q: there is no such row, or the cell cannot take the value.", capital(named(p)), lg.row.Key)
	}
	lg.agenda.add(task{do: workCellCopied})
	return true
}

// cellCopied shows the row at hand to the logic that follows as the setter copy
// has left it.
func (lg *logic) cellCopied() {
	if t := lg.tables.list[lg.row.Table]; t.rows[lg.row.Key] != nil {
		lg.row.New = cellValues(t.rows[lg.row.Key])
	}
}
