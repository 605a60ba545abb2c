package engine

import "fieldline/element"

// TableHost is what a QAction may do with tables, beside ScriptHost; the host
// that Scripts.Run gets is one. Tables are named by their parameter, columns by
// their idx or by their parameter, rows by their primary key. Everything that
// follows from a change has run when a method returns.
type TableHost interface {
	// Keys returns the primary keys in the order of adding, nil when there is
	// no such table.
	Keys(table element.ParamID) []string
	// Row returns the values of a row in the order of the columns.
	Row(table element.ParamID, key string) ([]element.Value, bool)
	// HasRow reports whether there is a row with that key (Exists).
	HasRow(table element.ParamID, key string) bool
	// RowCount returns the number of rows.
	RowCount(table element.ParamID) int
	// AddRow adds a row of values in the order of the columns and returns its
	// key. It adds nothing when the key exists or can be none, or the table
	// is full. An autoincrement key that is not given is the next number.
	AddRow(table element.ParamID, values []element.Value) (key string, ok bool)
	// SetRow puts values, in the order of the columns, into a row. Values
	// that are not set leave their cell as it is.
	SetRow(table element.ParamID, key string, values []element.Value) bool
	// DeleteRow removes a row.
	DeleteRow(table element.ParamID, key string) bool
	// FillArray sets and adds rows; with all, those that are not among them
	// go (FillArray, and FillArrayNoDelete without). It reports whether every
	// row could be kept.
	FillArray(table element.ParamID, rows [][]element.Value, all bool) bool
	// FillColumns sets some columns of rows that exist or are added
	// (FillArrayWithColumn). values[i][j] belongs to keys[i] and columns[j].
	FillColumns(table element.ParamID, columns []element.ParamID, keys []string, values [][]element.Value) bool
	// Cell returns a cell by the idx of its column (GetParameterIndexByKey).
	Cell(table element.ParamID, key string, idx int) element.Value
	// SetCell sets a cell by the idx of its column (SetParameterIndexByKey);
	// an equal value is an event.
	SetCell(table element.ParamID, key string, idx int, v element.Value) bool
	// ClearRows removes all rows (ClearAllKeys).
	ClearRows(table element.ParamID) bool
	// RowIndex is the place of a row in the order of adding, from 1; 0 when
	// there is no such row.
	RowIndex(table element.ParamID, key string) int
	// RowChanged is the change that a QAction with row="true" runs for; nil
	// for others.
	RowChanged() *RowChange
}

// Keys implements TableHost.
func (h host) Keys(id element.ParamID) []string {
	ti, t := h.s.tables.of(id)
	if ti == nil {
		return nil
	}
	keys := make([]string, 0, len(t.rows))
	for _, r := range t.inOrder() {
		keys = append(keys, r.key)
	}
	return keys
}

// Row implements TableHost.
func (h host) Row(id element.ParamID, key string) ([]element.Value, bool) {
	ti, t := h.s.tables.of(id)
	if ti == nil || t.rows[key] == nil {
		return nil, false
	}
	all := cellValues(t.rows[key])
	if ti.display >= 0 {
		all[ti.display] = element.Text(ti.name(t.rows[key]))
	}
	return all, true
}

// HasRow implements TableHost.
func (h host) HasRow(id element.ParamID, key string) bool { return h.s.tables.hasRow(id, key) }

// RowCount implements TableHost.
func (h host) RowCount(id element.ParamID) int {
	if t := h.s.tables.list[id]; t != nil {
		return len(t.rows)
	}
	return 0
}

// AddRow implements TableHost.
func (h host) AddRow(id element.ParamID, values []element.Value) (string, bool) {
	ti, t := h.s.tables.of(id)
	if ti == nil {
		return "", false
	}
	mark := h.s.agenda.mark()
	key := h.s.tables.addRow(ti, t, values)
	h.settle(mark)
	return key, key != ""
}

// SetRow implements TableHost.
func (h host) SetRow(id element.ParamID, key string, values []element.Value) bool {
	ti, t := h.s.tables.of(id)
	if ti == nil || t.rows[key] == nil {
		return false
	}
	mark := h.s.agenda.mark()
	h.s.tables.setRow(ti, t, t.rows[key], values, rowSource{source: h.s.values.presentSource()})
	h.settle(mark)
	return true
}

// DeleteRow implements TableHost.
func (h host) DeleteRow(id element.ParamID, key string) bool {
	ti, t := h.s.tables.of(id)
	return ti != nil && h.s.tables.deleteRow(ti, t, key)
}

// FillArray implements TableHost.
func (h host) FillArray(id element.ParamID, rows [][]element.Value, all bool) bool {
	ti, t := h.s.tables.of(id)
	return ti != nil && h.fillArray(ti, t, rows, all)
}

// FillColumns implements TableHost.
func (h host) FillColumns(id element.ParamID, columns []element.ParamID, keys []string, values [][]element.Value) bool {
	ti, t := h.s.tables.of(id)
	if ti == nil || len(values) != len(keys) {
		return false
	}
	rows := make([][]element.Value, len(keys))
	for i, key := range keys {
		rows[i] = make([]element.Value, len(ti.columns))
		rows[i][ti.key] = element.Text(key)
		for j, id := range columns {
			at, ok := ti.place[id]
			if !ok || j >= len(values[i]) {
				return false
			}
			if at != ti.key {
				rows[i][at] = values[i][j]
			}
		}
	}
	return h.fillArray(ti, t, rows, false)
}

// Cell implements TableHost.
func (h host) Cell(id element.ParamID, key string, idx int) element.Value {
	ti := h.s.ix.tables[id]
	if ti == nil {
		return element.Value{}
	}
	row, ok := h.Row(id, key)
	at, known := ti.byIdx[idx]
	if !ok || !known {
		return element.Value{}
	}
	return row[at]
}

// SetCell implements TableHost.
func (h host) SetCell(id element.ParamID, key string, idx int, v element.Value) bool {
	ti := h.s.ix.tables[id]
	if ti == nil {
		return false
	}
	at, ok := ti.byIdx[idx]
	src := h.s.values.presentSource()
	src.always = true
	mark := h.s.agenda.mark()
	ok = ok && h.s.tables.setCell(columnOf{ti, at}, key, v, src)
	h.settle(mark)
	return ok
}

// ClearRows implements TableHost.
func (h host) ClearRows(id element.ParamID) bool {
	ti, t := h.s.tables.of(id)
	if ti == nil {
		return false
	}
	h.s.tables.clearRows(ti, t)
	return true
}

// RowIndex implements TableHost.
func (h host) RowIndex(id element.ParamID, key string) int {
	t := h.s.tables.list[id]
	if t == nil || t.rows[key] == nil {
		return 0
	}
	n := 1
	for _, r := range t.rows {
		if r.seq < t.rows[key].seq {
			n++
		}
	}
	return n
}

// RowChanged implements TableHost.
func (h host) RowChanged() *RowChange { return h.row }

// fillArray sets many rows; values of a row are by place. Rows that are not
// among them go when all is true; where the table has a state column they stay
// and are marked as deleted.
func (h host) fillArray(ti *tableIndex, t *table, rows [][]element.Value, all bool) bool {
	seen := make(map[string]bool, len(rows))
	good, src := true, rowSource{source: h.s.values.presentSource(), filled: true}
	for _, row := range rows {
		mark := h.s.agenda.mark()
		key, ok := h.s.tables.fillRow(ti, t, row, src)
		h.settle(mark)
		if ok {
			seen[key] = true
		}
		good = good && ok
	}
	if all {
		h.s.tables.keepOnly(ti, t, seen)
	}
	return good
}
