package engine

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/connector"
)

// RowChange is a change of one row while the logic that reacts to it runs.
type RowChange struct {
	Table    element.ParamID
	Column   element.ParamID // that changed, or the write parameter that was set
	Key      string
	Old, New []element.Value // by place of the column; Old is nil for a new row
}

// dirtyRow is a row that moved in the present Handle.
type dirtyRow struct {
	at      element.RowKey
	removed bool   // the row that was there before is gone
	cells   []bool // to save, by place; nil when none
}

// dirty returns the note on a row that has moved now, and moves those that
// repeat it.
func (e *Engine) dirty(id element.ParamID, key string) *dirtyRow {
	d := e.moving(id, key)
	for _, c := range e.ix.rowCopies[id] {
		e.copyRow(id, c, key)
	}
	return d
}

func (e *Engine) moving(id element.ParamID, key string) *dirtyRow {
	at := element.RowKey{Table: id, Key: key}
	if d := e.moved[at]; d != nil {
		return d
	}
	if e.moved == nil {
		e.moved = map[element.RowKey]*dirtyRow{}
	}
	d := &dirtyRow{at: at}
	e.moved[at] = d
	e.movedOrder = append(e.movedOrder, d)
	return d
}

// showRows puts what became of the rows of this Handle into effects: each row
// once, however often it moved.
func (e *Engine) showRows() {
	e.relink()
	var cells []element.SavedValue
	for _, d := range e.movedOrder {
		ti, t := e.tableOf(d.at.Table)
		if d.removed && ti.saved[ti.key] {
			cells = append(cells, element.SavedValue{Target: element.Target{Table: d.at.Table, Key: d.at.Key}, At: e.now, Removed: true})
		}
		r := t.rows[d.at.Key]
		if r == nil {
			e.emit(RowGone{RowKey: d.at})
			continue
		}
		for i, save := range d.cells {
			if save && r.cells[i].value.IsSet() {
				cells = append(cells, element.SavedValue{
					Target: element.Target{Parameter: ti.Columns[i].Param, Table: d.at.Table, Key: r.key},
					Value:  r.cells[i].value, At: e.now, FromDevice: r.cells[i].fromDevice,
				})
			}
		}
		e.emit(RowShown{Row: element.TableRow{Table: d.at.Table, Row: ti.shown(r)}})
	}
	e.moved, e.movedOrder = nil, nil
	if len(cells) > 0 {
		e.emit(Save{Values: cells})
	}
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

// addRow adds a row; values are by place. It returns the key, "" when there is
// no room or no key, or a row with that key exists.
func (e *Engine) addRow(ti *tableIndex, t *table, values []element.Value) string {
	var given element.Value
	if ti.key < len(values) {
		given = values[ti.key]
	}
	key := ti.rowKey(t, given)
	warn, most := ti.limits()
	switch {
	case key == "":
		e.logRarely("key:"+named(ti.param), levelWarning, "A row was not added to %s: its primary key is empty, longer than %d bytes or no UTF-8.", named(ti.param), element.MaxRowKey)
		return ""
	case t.rows[key] != nil || e.repeated(ti):
		return ""
	case len(t.rows) >= most:
		e.logRarely("rows:"+named(ti.param), levelError, "A row was not added to %s: it has %d rows, the most it can have.", named(ti.param), most)
		return ""
	}
	t.own()
	if len(t.rows) >= warn && !t.warned {
		t.warned = true
		e.logf(levelWarning, "%s has more than %d rows; %d are the most.", capital(named(ti.param)), warn, most)
	}
	r := ti.emptyRow(t, key)
	t.rows[key] = r
	d := e.dirty(ti.param.ID, key)
	if ti.saved[ti.key] {
		d.cells = make([]bool, len(ti.columns))
		d.cells[ti.key] = true
	}
	e.setRow(ti, t, r, values, rowSource{source: e.rowOrigin(), isNew: true})
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
	keyValue, ok := fit(ti.columns[ti.key], element.Text(key))
	if !ok {
		keyValue = element.Text(key)
	}
	r.cells[ti.key].value = keyValue
	return r
}

// rowSource says where the values of a row come from.
type rowSource struct {
	source
	isNew  bool
	filled bool // by FillArray: state columns are kept
}

// rowOrigin is where values come from that logic puts into a row, or a script
// into a parameter, now: when it handles a message, from the device that sent
// it.
func (e *Engine) rowOrigin() source {
	src := byLogic()
	src.script = e.script
	if e.hearing != nowhere {
		src.from, src.device = e.hearing, true
	}
	return src
}

// setRow puts values, by place, into a row; those that are not set leave their
// cell as it is, and so does one for the primary key. It reports whether a
// cell changed.
func (e *Engine) setRow(ti *tableIndex, t *table, old *tableRow, values []element.Value, src rowSource) bool {
	r := &tableRow{key: old.key, seq: old.seq, cells: slices.Clone(old.cells)}
	var changed []int
	if src.isNew {
		changed = append(changed, ti.key)
	}
	touched := src.isNew
	for i, v := range values[:min(len(values), len(ti.columns))] {
		if i == ti.key || i == ti.display && len(ti.Naming) > 1 || !v.IsSet() || ti.base != nil && ti.repeats[i] {
			continue
		}
		w, ok := fit(ti.columns[i], v)
		if !ok {
			e.logRarely("cell:"+named(ti.columns[i]), levelWarning, "A cell of %s keeps its value: it was to be set to a text that is not a number.", named(ti.columns[i]))
			continue
		}
		was := r.cells[i]
		r.cells[i] = cell{value: w, from: src.from, fromDevice: src.device, stale: src.stale, script: src.script}
		if was.value != w || src.always {
			changed = append(changed, i)
		}
		touched = touched || !was.looksLike(r.cells[i])
	}
	touched = e.keepState(ti, r, src, len(changed) > 0) || touched
	if !touched && len(changed) == 0 {
		return false
	}
	t.own()
	t.rows[r.key] = r
	d := e.dirty(ti.param.ID, r.key)
	for _, i := range changed {
		if ti.saved[i] {
			if d.cells == nil {
				d.cells = make([]bool, len(ti.columns))
			}
			d.cells[i] = true
		}
	}
	e.rowChanged(ti, old, r, changed, src)
	return len(changed) > 0
}

// keepState fills the state column of a row that FillArray brought.
func (e *Engine) keepState(ti *tableIndex, r *tableRow, src rowSource, changed bool) bool {
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
	return e.setState(ti, r, n)
}

func (e *Engine) setState(ti *tableIndex, r *tableRow, n float64) bool {
	v, ok := fit(ti.columns[ti.state], element.Number(n))
	if !ok || r.cells[ti.state].value == v {
		return false
	}
	r.cells[ti.state] = cell{value: v, from: nowhere}
	return true
}

// rowChanged runs what reacts to changed cells: triggers on the columns, then
// QActions, which learn which row it is.
func (e *Engine) rowChanged(ti *tableIndex, old, now *tableRow, changed []int, src rowSource) {
	for _, i := range changed {
		e.confirmCell(ti.Columns[i].Param, now.key, now.cells[i].value, src.source)
	}
	if !e.active() {
		return
	}
	for _, i := range changed {
		id := ti.Columns[i].Param
		if len(e.ix.fires[occasion{itemParameter, onChange, int(id)}]) == 0 && len(e.ix.scripted[id]) == 0 {
			continue
		}
		change := &RowChange{Table: ti.param.ID, Column: id, Key: now.key, New: values(now)}
		if !src.isNew {
			change.Old = values(old)
		}
		e.add(task{do: workCell, place: e.ix.place[id], row: change})
	}
}

// cellChanged runs what reacts to a change of a column of the row at hand.
func (e *Engine) cellChanged(i int) {
	id := int(e.ix.params[i].ID)
	if !e.enter("parameter", id) {
		return
	}
	e.post(occasion{itemParameter, onChange, id})
	e.add(task{do: workScripts, place: i})
}

func values(r *tableRow) []element.Value {
	all := make([]element.Value, len(r.cells))
	for i, c := range r.cells {
		all[i] = c.value
	}
	return all
}

// deleteRow is a removal by logic. It reports whether the row went.
func (e *Engine) deleteRow(ti *tableIndex, t *table, key string) bool {
	return t.rows[key] != nil && !e.repeated(ti) && e.removeRow(ti, t, key)
}

// removeRow removes a row and reports whether there was one.
func (e *Engine) removeRow(ti *tableIndex, t *table, key string) bool {
	if t.rows[key] == nil {
		return false
	}
	t.own()
	delete(t.rows, key)
	d := e.dirty(ti.param.ID, key)
	d.removed, d.cells = true, nil
	return true
}

// clearRows removes all rows: action clear on a table.
func (e *Engine) clearRows(ti *tableIndex, t *table) {
	for _, r := range t.inOrder() {
		e.deleteRow(ti, t, r.key)
	}
}

// fillArray sets many rows; values of a row are by place. Rows that are not
// among them go when all is true; where the table has a state column they stay
// and are marked as deleted.
func (e *Engine) fillArray(ti *tableIndex, t *table, rows [][]element.Value, all bool) bool {
	seen := make(map[string]bool, len(rows))
	good := true
	for _, row := range rows {
		mark := e.agenda.mark()
		key, ok := e.fillRow(ti, t, row)
		e.drain(mark)
		good = good && ok
		seen[key] = seen[key] || ok
	}
	if all {
		e.keepOnly(ti, t, seen)
	}
	return good
}

// fillRow sets or adds one row and returns its key; ok is false when there is
// no room for it.
func (e *Engine) fillRow(ti *tableIndex, t *table, row []element.Value) (key string, ok bool) {
	var given element.Value
	if ti.key < len(row) {
		given = row[ti.key]
	}
	key = given.String()
	if r := t.rows[key]; r != nil {
		e.setRow(ti, t, r, row, rowSource{source: e.rowOrigin(), filled: true})
		return key, true
	}
	key = e.addRow(ti, t, row)
	return key, key != ""
}

// keepOnly removes the rows that are not among those seen, or marks them.
func (e *Engine) keepOnly(ti *tableIndex, t *table, seen map[string]bool) {
	for _, r := range t.inOrder() {
		switch {
		case seen[r.key]:
		case ti.state < 0:
			e.deleteRow(ti, t, r.key)
		default:
			e.markDeleted(ti, t, r)
		}
	}
}

// markDeleted keeps a row that the device does not report any more.
func (e *Engine) markDeleted(ti *tableIndex, t *table, old *tableRow) {
	r := &tableRow{key: old.key, seq: old.seq, cells: slices.Clone(old.cells)}
	if e.setState(ti, r, stateDeleted) {
		t.own()
		t.rows[r.key] = r
		e.dirty(ti.param.ID, r.key)
	}
}

// setCell puts a value into one cell, the way a setter copy or a script does:
// an equal value is an event where the source says so.
func (e *Engine) setCell(at columnOf, key string, v element.Value, src source) bool {
	ti, t := e.tableOf(at.table.param.ID)
	r := t.rows[key]
	if r == nil || at.at == ti.key || ti.base != nil && ti.repeats[at.at] {
		return false
	}
	if _, ok := fit(ti.columns[at.at], v); !ok || !v.IsSet() {
		return false
	}
	row := make([]element.Value, at.at+1)
	row[at.at] = v
	e.setRow(ti, t, r, row, rowSource{source: src})
	return true
}

// staleRows marks the cells that came from somewhere as no longer live.
func (e *Engine) staleRows(is func(from, script int) bool) {
	for _, id := range slices.Sorted(maps.Keys(e.s.tables)) {
		t := e.s.tables[id]
		for _, r := range t.inOrder() {
			if !slices.ContainsFunc(r.cells, func(c cell) bool { return is(c.from, c.script) && !c.stale }) {
				continue
			}
			now := &tableRow{key: r.key, seq: r.seq, cells: slices.Clone(r.cells)}
			for i := range now.cells {
				if c := &now.cells[i]; is(c.from, c.script) && c.value.IsSet() {
					c.stale = true
				}
			}
			t.own()
			t.rows[r.key] = now
			e.dirty(id, r.key)
		}
	}
}

// writesRow returns the column that a write parameter writes, when it is one
// of a table.
func (e *Engine) writesRow(p *connector.Param) (columnOf, bool) {
	at, ok := e.ix.columns[p.ReadID]
	return at, ok && p.ReadID != 0
}
