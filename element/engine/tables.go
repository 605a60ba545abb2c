package engine

import (
	"cmp"
	"maps"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// tables are the rows of the element's tables, and what became of them in the
// present Handle.
type tables struct {
	*turn
	ix          *index
	agenda      *agenda
	status      *status
	connections *connections
	receipts    *receipts
	values      *values
	list        map[element.ParamID]*table

	changed map[element.RowKey]*changedRow // in the present Handle
	order   []*changedRow
}

func (ts *tables) reset() { ts.list = map[element.ParamID]*table{} }

// clone shares the rows until one of the two changes them.
func (ts tables) clone() tables {
	all := make(map[element.ParamID]*table, len(ts.list))
	for id, t := range ts.list {
		t.shared = true
		twin := *t
		all[id] = &twin
	}
	ts.list = all
	return ts
}

// The values of a column of type state (schema documentation, ColumnOption@type).
const (
	stateUpdated   = 1
	stateEqual     = 2
	stateNew       = 3
	stateDeleted   = 4
	stateRecreated = 5
)

// tableRow is one row. It is never changed: a changed row is a new one, so
// that checkpoints can share rows.
type tableRow struct {
	key   string
	seq   uint64 // in the order of adding
	cells []cell // by place of the column
}

// table is the rows of one table. Two states may share rows; whoever changes
// the map takes a copy first.
type table struct {
	rows    map[string]*tableRow
	shared  bool
	nextSeq uint64
	nextKey int64 // of an autoincrement key
	warned  bool
}

// own makes the rows safe to change.
func (t *table) own() {
	if t.rows == nil {
		t.rows = map[string]*tableRow{}
	} else if t.shared {
		t.rows = maps.Clone(t.rows)
	}
	t.shared = false
}

// inOrder returns the rows in the order of adding.
func (t *table) inOrder() []*tableRow {
	rows := make([]*tableRow, 0, len(t.rows))
	for _, r := range t.rows {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b *tableRow) int { return cmp.Compare(a.seq, b.seq) })
	return rows
}

// of returns the rows of a table parameter and what its connector says of
// it; nil when it can hold no rows.
func (ts *tables) of(id element.ParamID) (*tableIndex, *table) {
	ti := ts.ix.tables[id]
	if ti == nil {
		return nil, nil
	}
	t := ts.list[id]
	if t == nil {
		t = &table{nextKey: 1}
		ts.list[id] = t
	}
	return ti, t
}

func (ts *tables) shown(id element.ParamID) (out element.Table, ok bool) {
	if id == connector.CommunicationInfo && ts.ix.def.Param(id) != nil {
		return ts.connections.communication(), true
	}
	p, _ := ts.ix.param(id)
	if p == nil || p.Table == nil {
		return out, false
	}
	out.Columns, out.Rows = []element.TableColumn{}, []element.Row{}
	ti, t := ts.of(id)
	for i, c := range p.Table.Columns {
		col, _ := ts.ix.param(c.Param)
		if col == nil {
			continue
		}
		tc := element.TableColumn{ID: c.Param, Name: col.Name, Description: col.Description}
		tc.Key = p.Table.IsKey(c)
		tc.Saved = ti != nil && ti.saved[i]
		if c.Write != 0 {
			id := c.Write
			tc.WriteID = &id
		}
		out.Columns = append(out.Columns, tc)
	}
	if ti != nil {
		for _, r := range t.inOrder() {
			out.Rows = append(out.Rows, ti.shown(r))
		}
	}
	return out, true
}

func (ts *tables) hasRow(id element.ParamID, key string) bool {
	t := ts.list[id]
	return t != nil && t.rows[key] != nil
}
