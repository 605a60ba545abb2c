package runner

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// table returns the rows of a table.
func (r *Runner) table(id element.ParamID) (element.Table, error) {
	if r.machine == nil {
		return element.Table{}, r.trouble
	}
	if err := r.isTable(id); err != nil {
		return element.Table{}, err
	}
	t, _ := r.machine.Table(id)
	return t, nil
}

func (r *Runner) isTable(id element.ParamID) error {
	switch {
	case r.tables[id]:
		return nil
	case r.param(id) != nil:
		return element.Errorf(element.NotFound, "Parameter %d is no table; read it under parameters/%d.", id, id)
	default:
		return element.Errorf(element.NotFound, "The connector has no parameter %d.", id)
	}
}

// lookupFor is the lookup for the list of what is written: of a cell, a column
// of the table stands for the cell of the same row.
func (r *Runner) lookupFor(param *connector.Param, t element.Target) element.Lookup {
	if !t.IsCell() || len(param.Watches()) == 0 {
		return r.lookup
	}
	rows, _ := r.machine.Table(t.Table)
	return rows.InRow(t.Key, r.lookup)
}

// writableColumn finds the write parameter of a column: that of the column that
// the target names, or the one it names.
func (r *Runner) writableColumn(t element.Target) (*connector.Param, error) {
	if err := r.isTable(t.Table); err != nil {
		return nil, err
	}
	for _, c := range r.param(t.Table).Table.Columns {
		switch {
		case t.Parameter != c.Param && (c.Write == 0 || t.Parameter != c.Write):
		case r.params[c.Write] == nil:
			return nil, element.Errorf(element.Invalid, "Column %d is read-only: the connector has no write parameter of its name.", t.Parameter)
		default:
			return r.params[c.Write], nil
		}
	}
	return nil, element.Errorf(element.NotFound, "Table %d has no column %d.", t.Table, t.Parameter)
}
