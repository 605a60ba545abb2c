package runner

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/engine"
)

// cellsAtOnce bounds the cells of one call to Storage in the background.
const cellsAtOnce = 10_000

// pendingCells are the cells that wait for the disk, by row: of each cell the
// newest, and whether the row that is there is to be forgotten first.
type pendingCells map[element.RowKey]*pendingRow

type pendingRow struct {
	removed bool
	cells   map[element.ParamID]element.SavedCell
}

func (p pendingCells) row(c element.SavedCell) *pendingRow {
	at := element.RowKey{Table: c.Table, Key: c.Key}
	if p[at] == nil {
		p[at] = &pendingRow{cells: map[element.ParamID]element.SavedCell{}}
	}
	return p[at]
}

// add lets cells wait, in order.
func (p pendingCells) add(cells []element.SavedCell) {
	for _, c := range cells {
		row := p.row(c)
		if c.Removed {
			row.removed = true
			clear(row.cells)
			continue
		}
		row.cells[c.Column] = c
	}
}

// giveBack has older cells wait again, where nothing newer does.
func (p pendingCells) giveBack(older []element.SavedCell) {
	newer := maps.Clone(p)
	clear(p)
	p.add(older)
	for _, at := range sortedRows(newer) {
		p.add(newer[at].flat(at))
	}
}

// take empties what waits, about limit cells of it; 0 is all.
func (p pendingCells) take(limit int) []element.SavedCell {
	var all []element.SavedCell
	for _, at := range sortedRows(p) {
		if limit > 0 && len(all) >= limit {
			break
		}
		all = append(all, p[at].flat(at)...)
		delete(p, at)
	}
	return all
}

func (r *pendingRow) flat(at element.RowKey) []element.SavedCell {
	var all []element.SavedCell
	if r.removed {
		all = append(all, element.SavedCell{Table: at.Table, Key: at.Key, Removed: true})
	}
	for _, id := range slices.Sorted(maps.Keys(r.cells)) {
		all = append(all, r.cells[id])
	}
	return all
}

func sortedRows(p pendingCells) []element.RowKey {
	return slices.SortedFunc(maps.Keys(p), func(a, b element.RowKey) int {
		if a.Table != b.Table {
			return int(a.Table - b.Table)
		}
		return strings.Compare(a.Key, b.Key)
	})
}

// savedCells reads the rows on disk and lays over them what could not get
// there.
func (r *Runner) savedCells() ([]element.SavedCell, error) {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	cells, err := r.o.Storage.SavedCells(ctx, r.id)
	if err != nil {
		return nil, err
	}
	for _, at := range sortedRows(r.saver.cells) {
		cells = append(cells, r.saver.cells[at].flat(at)...)
	}
	return cells, nil
}

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
func (r *Runner) setCell(req element.CellRequest) (element.Write, error) {
	if r.machine == nil {
		return element.Write{}, r.trouble
	}
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
		ID: randomID(10), Parameter: req.Column, Row: req.Key, Value: value,
		Status: element.WriteAccepted, By: req.By, At: element.At(now),
	}
	return r.apply(w, param, engine.Set{Parameter: param.ID, Table: req.Table, Row: req.Key})
}

// inRow is the lookup for the list of a cell: a column of the table stands for
// the cell of the same row.
func (r *Runner) inRow(param *connector.Param, req element.CellRequest) element.Lookup {
	if len(param.Watches()) == 0 {
		return r.lookup
	}
	t, _ := r.machine.Table(req.Table)
	return t.InRow(req.Key, r.lookup)
}

// writableCell finds the write parameter of a column: that of the column that
// the request names, or the one it names.
func (r *Runner) writableCell(req element.CellRequest) (*connector.Param, error) {
	if err := r.isTable(req.Table); err != nil {
		return nil, err
	}
	for _, c := range r.param(req.Table).Table.Columns {
		switch {
		case req.Column != c.Param && (c.Write == 0 || req.Column != c.Write):
		case r.params[c.Write] == nil:
			return nil, element.Errorf(element.Invalid, "Column %d is read-only: the connector has no write parameter of its name.", req.Column)
		default:
			return r.params[c.Write], nil
		}
	}
	return nil, element.Errorf(element.NotFound, "Table %d has no column %d.", req.Table, req.Column)
}
