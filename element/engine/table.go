package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// The values of a column of type state (schema documentation, ColumnOption@type).
const (
	stateUpdated   = 1
	stateEqual     = 2
	stateNew       = 3
	stateDeleted   = 4
	stateRecreated = 5
)

// tableIndex is what a connector says of one table. It never changes.
type tableIndex struct {
	*connector.Table
	param   *connector.Param
	columns []*connector.Param      // as Table.Columns
	place   map[element.ParamID]int // of a column, by its parameter
	byIdx   map[int]int             // place of a column, by its idx
	key     int                     // place of the primary key
	display int                     // place of the displaykey column, -1 when none
	state   int                     // place of the state column, -1 when none
	saved   []bool                  // by place
	base    *tableIndex             // whose rows these are, nil when they are its own
	repeats []bool                  // by place: filled from base; nil without one
}

// columnOf says where a parameter is a column.
type columnOf struct {
	table *tableIndex
	at    int
}

// indexTables finds the tables that can hold rows: those whose primary key is
// one of their columns.
func (ix *index) indexTables() {
	ix.tables = map[element.ParamID]*tableIndex{}
	ix.columns = map[element.ParamID]columnOf{}
	for _, p := range ix.params {
		if p.Table == nil {
			continue
		}
		if t := ix.newTable(p); t.key >= 0 {
			ix.tables[p.ID] = t
			for id, at := range t.place {
				ix.columns[id] = columnOf{t, at}
			}
		}
	}
}

func (ix *index) newTable(p *connector.Param) *tableIndex {
	t := &tableIndex{
		Table: p.Table, param: p, place: map[element.ParamID]int{}, byIdx: map[int]int{},
		key: -1, display: -1, state: -1, saved: make([]bool, len(p.Table.Columns)),
	}
	for i, c := range t.Columns {
		at, ok := ix.place[c.Param]
		if !ok {
			return t
		}
		t.columns = append(t.columns, ix.params[at])
		t.place[c.Param], t.byIdx[c.Idx] = i, i
		switch {
		case c.Idx == t.Index:
			t.key = i
		case c.Type == "displaykey":
			t.display = i
		case c.Type == "state":
			t.state = i
		}
	}
	if t.key >= 0 { // else it holds no rows
		t.findSaved()
	}
	return t
}

// findSaved marks what is kept over restarts: columns with the option save,
// and those that say which row it is, unless the table is volatile. What
// repeats another table is kept there; cells beside it only where its rows are.
func (t *tableIndex) findSaved() {
	any := false
	for i, c := range t.Columns {
		t.saved[i] = c.Saved && c.Type != "displaykey"
		if t.base != nil {
			t.saved[i] = t.saved[i] && !t.repeats[i] && t.base.saved[t.base.key]
		}
		any = any || t.saved[i]
	}
	fleeting := t.Volatile || t.base != nil
	t.saved[t.key] = any || !fleeting
	if fleeting {
		return
	}
	for i, c := range t.Columns {
		t.saved[i] = t.saved[i] || c.ForeignKey != 0 || slices.Contains(t.Naming, strconv.Itoa(int(c.Param)))
	}
}

// limits are the numbers of rows that are warned of and refused.
func (t *tableIndex) limits() (warn, most int) {
	if t.Volatile {
		return element.WarnVolatileRows, element.MaxVolatileRows
	}
	return element.WarnRows, element.MaxRows
}

// cell is one cell. The zero cell was never set.
type cell struct {
	value      element.Value
	from       int  // connection it came by, else nowhere
	fromDevice bool // a device reported it, in this run or before a restart
	stale      bool // the device that reported it is not heard, or the QAction that set it is switched off
	script     int  // QAction that set it, 0 when none did
}

// looksLike compares cells as a person sees them: not by who set them.
func (c cell) looksLike(d cell) bool {
	c.script = d.script
	return c == d
}

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

// cloneTables copies the tables of a state; rows are shared until changed.
func (s *state) cloneTables() map[element.ParamID]*table {
	c := make(map[element.ParamID]*table, len(s.tables))
	for id, t := range s.tables {
		t.shared = true
		twin := *t
		c[id] = &twin
	}
	return c
}

// tableOf returns the rows of a table parameter and what its connector says of
// it; nil when it can hold no rows.
func (e *Engine) tableOf(id element.ParamID) (*tableIndex, *table) {
	ti := e.ix.tables[id]
	if ti == nil {
		return nil, nil
	}
	t := e.s.tables[id]
	if t == nil {
		t = &table{nextKey: 1}
		e.s.tables[id] = t
	}
	return ti, t
}

// Table returns the rows of a table parameter in the order of adding; ok is
// false when the connector has no such table.
func (e *Engine) Table(id element.ParamID) (out element.Table, ok bool) {
	if id == connector.CommunicationInfo && e.def.Param(id) != nil {
		return e.communication(), true
	}
	p, _ := e.param(id)
	if p == nil || p.Table == nil {
		return out, false
	}
	out.Columns, out.Rows = []element.TableColumn{}, []element.Row{}
	ti, t := e.tableOf(id)
	for i, c := range p.Table.Columns {
		col, _ := e.param(c.Param)
		if col == nil {
			continue
		}
		tc := element.TableColumn{ID: c.Param, Name: col.Name, Description: col.Description}
		tc.Key = c.Idx == p.Table.Index
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

// HasRow reports whether a table has a row with that key.
func (e *Engine) HasRow(id element.ParamID, key string) bool {
	t := e.s.tables[id]
	return t != nil && t.rows[key] != nil
}

// shown returns the public form of a row.
func (t *tableIndex) shown(r *tableRow) element.Row {
	row := element.Row{Key: r.key, Display: t.name(r), Cells: make(map[element.ParamID]element.Cell, len(r.cells))}
	for i, c := range r.cells {
		v := c.value
		if i == t.display {
			v = element.Text(row.Display)
		}
		if !v.IsSet() {
			continue
		}
		p := t.columns[i]
		shown := element.Cell{Value: v, Stale: c.stale}
		shown.Display, shown.Units = p.Shown(v)
		if p.Password {
			shown.Value, shown.Masked = element.Value{}, true
		}
		row.Cells[p.ID] = shown
	}
	return row
}

// name is the display key of a row: what the naming says, else a displaykey
// column that logic has filled, else the primary key.
func (t *tableIndex) name(r *tableRow) string {
	if len(t.Naming) < 2 {
		if t.display >= 0 && !r.cells[t.display].value.IsEmpty() {
			return r.cells[t.display].value.String()
		}
		return r.key
	}
	var parts []string
	for _, part := range t.Naming[1:] {
		if id, err := strconv.Atoi(part); err == nil {
			if at, ok := t.place[element.ParamID(id)]; ok {
				part = ""
				if v := r.cells[at].value; v.IsSet() {
					part = t.columns[at].Display(v)
				}
			}
		}
		parts = append(parts, part)
	}
	between := t.Naming[0]
	if t.NamingFormat {
		between = ""
	}
	return strings.Join(parts, between)
}
