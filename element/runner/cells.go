package runner

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
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

// setCell carries out a person's write of a cell.
func (r *Runner) setCell(req element.SetRequest) (element.Write, error) {
	param, err := r.writableCell(req)
	if err != nil {
		return element.Write{}, err
	}
	value, err := param.DecodeNow(req.Raw, r.inRow(param, req))
	if err != nil {
		return element.Write{}, inField(err, "value")
	}
	r.follow()
	if !r.machine.HasRow(req.Table, req.Key) {
		return element.Write{}, element.Errorf(element.NotFound, "Table %d has no row %q; it may have gone in the meantime.", req.Table, req.Key)
	}
	now := time.Now()
	w := element.Write{
		ID: randomID(10), Parameter: req.Parameter, Row: req.Key, Value: value,
		Status: element.WriteAccepted, By: req.By, At: element.At(now),
	}
	return r.apply(w, param, engine.Set{Target: element.Target{Parameter: param.ID, Table: req.Table, Key: req.Key}})
}

// inRow is the lookup for the list of a cell: a column of the table stands for
// the cell of the same row.
func (r *Runner) inRow(param *connector.Param, req element.SetRequest) element.Lookup {
	if len(param.Watches()) == 0 {
		return r.lookup
	}
	t, _ := r.machine.Table(req.Table)
	return t.InRow(req.Key, r.lookup)
}

// writableCell finds the write parameter of a column: that of the column that
// the request names, or the one it names.
func (r *Runner) writableCell(req element.SetRequest) (*connector.Param, error) {
	if err := r.isTable(req.Table); err != nil {
		return nil, err
	}
	for _, c := range r.param(req.Table).Table.Columns {
		switch {
		case req.Parameter != c.Param && (c.Write == 0 || req.Parameter != c.Write):
		case r.params[c.Write] == nil:
			return nil, element.Errorf(element.Invalid, "Column %d is read-only: the connector has no write parameter of its name.", req.Parameter)
		default:
			return r.params[c.Write], nil
		}
	}
	return nil, element.Errorf(element.NotFound, "Table %d has no column %d.", req.Table, req.Parameter)
}
