package engine

import (
	"maps"
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// markStale marks what came from somewhere as no longer live.
func (ts *tables) markStale(is func(from, script int) bool) {
	ts.staleRows(is)
	ts.values.markStale(is)
}

// RowChange is a change of one row while the logic that reacts to it runs.
type RowChange struct {
	Table    element.ParamID
	Column   element.ParamID // that changed, or the write parameter that was set
	Key      string
	Old, New []element.Value // by place of the column; Old is nil for a new row
}

// changedRow is a row that changed in the present Handle.
type changedRow struct {
	at      element.RowKey
	removed bool   // the row that was there before is gone
	cells   []bool // to save, by place; nil when none
}

// note returns the note on a row that has changed now, and notes those that
// repeat it.
func (ts *tables) note(id element.ParamID, key string) *changedRow {
	d := ts.noted(id, key)
	for _, c := range ts.ix.rowCopies[id] {
		ts.copyRow(id, c, key)
	}
	return d
}

func (ts *tables) noted(id element.ParamID, key string) *changedRow {
	at := element.RowKey{Table: id, Key: key}
	if d := ts.changed[at]; d != nil {
		return d
	}
	if ts.changed == nil {
		ts.changed = map[element.RowKey]*changedRow{}
	}
	d := &changedRow{at: at}
	ts.changed[at] = d
	ts.order = append(ts.order, d)
	return d
}

// showRows puts what became of the rows of this Handle into effects: each row
// once, however often it changed.
func (ts *tables) showRows() {
	ts.relink()
	var cells []element.SavedValue
	for _, d := range ts.order {
		ti, t := ts.of(d.at.Table)
		if d.removed && ti.saved[ti.key] {
			cells = append(cells, element.SavedValue{Target: element.Target{Table: d.at.Table, Key: d.at.Key}, At: ts.now, Removed: true})
		}
		r := t.rows[d.at.Key]
		if r == nil {
			ts.emit(RowGone{RowKey: d.at})
			continue
		}
		for i, save := range d.cells {
			if save && r.cells[i].value.IsSet() {
				cells = append(cells, element.SavedValue{
					Target: element.Target{Parameter: ti.Columns[i].Param, Table: d.at.Table, Key: r.key},
					Value:  r.cells[i].value, At: ts.now, FromDevice: r.cells[i].fromDevice,
				})
			}
		}
		ts.emit(RowShown{Row: element.TableRow{Table: d.at.Table, Row: ti.shown(r)}})
	}
	ts.changed, ts.order = nil, nil
	if len(cells) > 0 {
		ts.emit(Save{Values: cells})
	}
}

// addRow adds a row; values are by place. It returns the key, "" when there is
// no room or no key, or a row with that key exists.
func (ts *tables) addRow(ti *tableIndex, t *table, values []element.Value) string {
	var given element.Value
	if int(ti.key) < len(values) {
		given = values[ti.key]
	}
	key := ti.rowKey(t, given)
	warn, most := ti.limits()
	switch {
	case key == "":
		ts.logRarely("key:"+named(ti.param), levelWarning, "A row was not added to %s: its primary key is empty, longer than %d bytes or no UTF-8.", named(ti.param), element.MaxRowKey)
		return ""
	case t.rows[key] != nil || ts.repeated(ti):
		return ""
	case len(t.rows) >= most:
		ts.logRarely("rows:"+named(ti.param), levelError, "A row was not added to %s: it has %d rows, the most it can have.", named(ti.param), most)
		return ""
	}
	t.own()
	if len(t.rows) >= warn && !t.warned {
		t.warned = true
		ts.logf(levelWarning, "%s has more than %d rows; %d are the most.", capital(named(ti.param)), warn, most)
	}
	r := ti.emptyRow(t, key)
	t.rows[key] = r
	d := ts.note(ti.param.ID, key)
	if ti.saved[ti.key] {
		d.cells = make([]bool, len(ti.columns))
		d.cells[ti.key] = true
	}
	ts.setRow(ti, t, r, values, rowSource{source: ts.values.presentSource(), isNew: true})
	return key
}

// rowSource says where the values of a row come from.
type rowSource struct {
	source
	isNew  bool
	filled bool // by FillArray: state columns are kept
}

// setRow puts values, by place, into a row; those that are not set leave their
// cell as it is, and so does one for the primary key. It reports whether a
// cell changed.
func (ts *tables) setRow(ti *tableIndex, t *table, old *tableRow, values []element.Value, src rowSource) bool {
	r := &tableRow{key: old.key, seq: old.seq, cells: slices.Clone(old.cells)}
	var changed []columnIndex
	if src.isNew {
		changed = append(changed, ti.key)
	}
	touched := src.isNew
	for k, v := range values[:min(len(values), len(ti.columns))] {
		i := columnIndex(k)
		if i == ti.key || i == ti.display && len(ti.Naming) > 1 || !v.IsSet() || ti.base != nil && ti.repeats[i] {
			continue
		}
		w, ok := ti.columns[i].Interprete.Convert(v)
		if !ok {
			ts.logRarely("cell:"+named(ti.columns[i]), levelWarning, "A cell of %s keeps its value: it was to be set to a text that is not a number.", named(ti.columns[i]))
			continue
		}
		was := r.cells[i]
		r.cells[i] = cell{value: w, from: src.from, fromDevice: src.device, stale: src.stale, script: src.script}
		if was.value != w || src.always {
			changed = append(changed, i)
		}
		touched = touched || !was.looksLike(r.cells[i])
	}
	touched = ts.keepState(ti, r, src, len(changed) > 0) || touched
	if !touched && len(changed) == 0 {
		return false
	}
	t.own()
	t.rows[r.key] = r
	d := ts.note(ti.param.ID, r.key)
	for _, i := range changed {
		if ti.saved[i] {
			if d.cells == nil {
				d.cells = make([]bool, len(ti.columns))
			}
			d.cells[i] = true
		}
	}
	ts.rowChanged(ti, old, r, changed, src)
	return len(changed) > 0
}

// keepState fills the state column of a row that FillArray brought.
func (ts *tables) keepState(ti *tableIndex, r *tableRow, src rowSource, changed bool) bool {
	if ti.state < 0 || !src.filled && !src.isNew {
		return false
	}
	was, _ := r.cells[ti.state].value.Float()
	n := float64(stateEqual)
	switch {
	case src.isNew:
		n = stateNew
	case was == stateDeleted:
		n = stateRecreated
	case changed:
		n = stateUpdated
	}
	return ts.setState(ti, r, n)
}

func (ts *tables) setState(ti *tableIndex, r *tableRow, n float64) bool {
	v, ok := ti.columns[ti.state].Interprete.Convert(element.Number(n))
	if !ok || r.cells[ti.state].value == v {
		return false
	}
	r.cells[ti.state] = cell{value: v, from: nowhere}
	return true
}

// rowChanged runs what reacts to changed cells: triggers on the columns, then
// QActions, which learn which row it is.
func (ts *tables) rowChanged(ti *tableIndex, old, now *tableRow, changed []columnIndex, src rowSource) {
	for _, i := range changed {
		ts.receipts.confirmCell(ti.Columns[i].Param, now.key, now.cells[i].value, src.source)
	}
	if !ts.status.active() {
		return
	}
	for _, i := range changed {
		id := ti.Columns[i].Param
		if len(ts.ix.fires[occasion{itemParameter, onChange, int(id)}]) == 0 && len(ts.ix.scripted[id]) == 0 {
			continue
		}
		change := &RowChange{Table: ti.param.ID, Column: id, Key: now.key, New: cellValues(now)}
		if !src.isNew {
			change.Old = cellValues(old)
		}
		ts.agenda.add(task{do: workCell, param: ts.ix.place[id], row: change})
	}
}

func cellValues(r *tableRow) []element.Value {
	all := make([]element.Value, len(r.cells))
	for i, c := range r.cells {
		all[i] = c.value
	}
	return all
}

// deleteRow is a removal by logic. It reports whether the row went.
func (ts *tables) deleteRow(ti *tableIndex, t *table, key string) bool {
	return t.rows[key] != nil && !ts.repeated(ti) && ts.removeRow(ti, t, key)
}

// removeRow removes a row and reports whether there was one.
func (ts *tables) removeRow(ti *tableIndex, t *table, key string) bool {
	if t.rows[key] == nil {
		return false
	}
	t.own()
	delete(t.rows, key)
	d := ts.note(ti.param.ID, key)
	d.removed, d.cells = true, nil
	return true
}

// clearRows removes all rows: action clear on a table.
func (ts *tables) clearRows(ti *tableIndex, t *table) {
	for _, r := range t.inOrder() {
		ts.deleteRow(ti, t, r.key)
	}
}

// fillRow sets or adds one row and returns its key; ok is false when there is
// no room for it.
func (ts *tables) fillRow(ti *tableIndex, t *table, row []element.Value, src rowSource) (key string, ok bool) {
	var given element.Value
	if int(ti.key) < len(row) {
		given = row[ti.key]
	}
	key = given.String()
	if r := t.rows[key]; r != nil {
		ts.setRow(ti, t, r, row, src)
		return key, true
	}
	key = ts.addRow(ti, t, row)
	return key, key != ""
}

// keepOnly removes the rows that are not among those seen, or marks them.
func (ts *tables) keepOnly(ti *tableIndex, t *table, seen map[string]bool) {
	for _, r := range t.inOrder() {
		switch {
		case seen[r.key]:
		case ti.state < 0:
			ts.deleteRow(ti, t, r.key)
		default:
			ts.markDeleted(ti, t, r)
		}
	}
}

// markDeleted keeps a row that the device does not report any more.
func (ts *tables) markDeleted(ti *tableIndex, t *table, old *tableRow) {
	r := &tableRow{key: old.key, seq: old.seq, cells: slices.Clone(old.cells)}
	if ts.setState(ti, r, stateDeleted) {
		t.own()
		t.rows[r.key] = r
		ts.note(ti.param.ID, r.key)
	}
}

// setCell puts a value into one cell, the way a setter copy or a script does:
// an equal value is an event where the source says so.
func (ts *tables) setCell(at columnOf, key string, v element.Value, src source) bool {
	ti, t := ts.of(at.table.param.ID)
	r := t.rows[key]
	if r == nil || at.at == ti.key || ti.base != nil && ti.repeats[at.at] {
		return false
	}
	if _, ok := ti.columns[at.at].Interprete.Convert(v); !ok || !v.IsSet() {
		return false
	}
	row := make([]element.Value, at.at+1)
	row[at.at] = v
	ts.setRow(ti, t, r, row, rowSource{source: src})
	return true
}

// staleRows marks the cells that came from somewhere as no longer live.
func (ts *tables) staleRows(is func(from, script int) bool) {
	for _, id := range slices.Sorted(maps.Keys(ts.list)) {
		t := ts.list[id]
		for _, r := range t.inOrder() {
			if !slices.ContainsFunc(r.cells, func(c cell) bool { return c.markStale(is) }) {
				continue
			}
			now := &tableRow{key: r.key, seq: r.seq, cells: slices.Clone(r.cells)}
			for i := range now.cells {
				now.cells[i].markStale(is)
			}
			t.own()
			t.rows[r.key] = now
			ts.note(id, r.key)
		}
	}
}

// writesRow returns the column that a write parameter writes, when it is one
// of a table.
func (ts *tables) writesRow(p *connector.Param) (columnOf, bool) {
	at, ok := ts.ix.columns[p.ReadID]
	return at, ok && p.ReadID != 0
}
