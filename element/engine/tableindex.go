package engine

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// cellAs is a cell of a row as another column has it.
func (t *tableIndex) cellAs(r *tableRow, at columnIndex, p *connector.Param) cell {
	x := r.cells[at]
	if at == t.display {
		x.value = element.Text(t.name(r))
	}
	x.value, _ = p.Interprete.Convert(x.value)
	return x
}

// rowKey returns the primary key that a row gets; "" when the value can be
// none. Tables with an autoincrement key give the next number.
func (ti *tableIndex) rowKey(t *table, v element.Value) string {
	key := v.String()
	if ti.Columns[ti.key].Type == "autoincrement" && key == "" {
		key = strconv.FormatInt(max(t.nextKey, 1), 10)
	}
	if len(key) > element.MaxRowKey || !utf8.ValidString(key) {
		return ""
	}
	return key
}

// emptyRow is a new row of which only the key is known.
func (ti *tableIndex) emptyRow(t *table, key string) *tableRow {
	t.nextSeq++
	r := &tableRow{key: key, seq: t.nextSeq, cells: make([]cell, len(ti.columns))}
	for i := range r.cells {
		r.cells[i].from = nowhere
	}
	if n, err := strconv.ParseInt(key, 10, 64); err == nil && n >= t.nextKey && n < 1<<62 {
		t.nextKey = n + 1
	}
	keyValue, ok := ti.columns[ti.key].Interprete.Convert(element.Text(key))
	if !ok {
		keyValue = element.Text(key)
	}
	r.cells[ti.key].value = keyValue
	return r
}

// tableIndex is what a connector says of one table. It never changes.
type tableIndex struct {
	*connector.Table
	param   *connector.Param
	columns []*connector.Param              // as Table.Columns
	place   map[element.ParamID]columnIndex // of a column, by its parameter
	byIdx   map[int]columnIndex             // place of a column, by its idx
	key     columnIndex                     // place of the primary key
	display columnIndex                     // place of the displaykey column, -1 when none
	state   columnIndex                     // place of the state column, -1 when none
	saved   []bool                          // by place
	base    *tableIndex                     // whose rows these are, nil when they are its own
	repeats []bool                          // by place: filled from base; nil without one
}

// columnOf says where a parameter is a column.
type columnOf struct {
	table *tableIndex
	at    columnIndex
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
		Table: p.Table, param: p, place: map[element.ParamID]columnIndex{}, byIdx: map[int]columnIndex{},
		key: -1, display: -1, state: -1, saved: make([]bool, len(p.Table.Columns)),
	}
	for k, c := range t.Columns {
		at, ok := ix.place[c.Param]
		if !ok {
			return t
		}
		i := columnIndex(k)
		t.columns = append(t.columns, ix.params[at])
		t.place[c.Param], t.byIdx[c.Idx] = i, i
		switch {
		case t.IsKey(c):
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

// shown returns the public form of a row.
func (t *tableIndex) shown(r *tableRow) element.Row {
	row := element.Row{Key: r.key, Display: t.name(r), Cells: make(map[element.ParamID]element.Cell, len(r.cells))}
	for i, c := range r.cells {
		v := c.value
		if columnIndex(i) == t.display {
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
