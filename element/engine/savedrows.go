package engine

import (
	"slices"

	"fieldline/element"
)

// fill puts saved rows back, before any logic. What a device had reported
// is stale until it reports again.
func (ts *tables) fill(saved []element.SavedValue) {
	for _, c := range saved {
		if !c.IsCell() {
			continue
		}
		ti, t := ts.of(c.Table)
		if ti == nil {
			continue
		}
		if c.Removed {
			t.own()
			delete(t.rows, c.Key)
			continue
		}
		at, ok := ti.place[c.Parameter]
		if !ok || !ti.saved[at] {
			continue
		}
		if t.rows[c.Key] == nil && !ts.keepRow(ti, t, c.Key) {
			continue
		}
		v, ok := ti.columns[at].Interprete.Convert(c.Value)
		switch {
		case at == ti.key:
		case !ok:
			ts.logRarely("saved:"+named(ti.columns[at]), levelWarning, "A saved cell of %s is not a number any more and is not used; it is on disk until another one is saved.", named(ti.columns[at]))
		default:
			t.rows[c.Key].cells[at] = cell{value: v, from: nowhere, fromDevice: c.FromDevice, stale: c.FromDevice}
		}
	}
	ts.changed, ts.order = nil, nil
}

// keepRow adds a saved row. One that repeats another table's is looked at once
// those are there.
func (ts *tables) keepRow(ti *tableIndex, t *table, key string) bool {
	if ti.base == nil {
		return ts.addRow(ti, t, keyOnly(ti, key)) != ""
	}
	t.own()
	t.rows[key] = ti.emptyRow(t, key)
	return true
}

func keyOnly(ti *tableIndex, key string) []element.Value {
	row := make([]element.Value, ti.key+1)
	row[ti.key] = element.Text(key)
	return row
}

// showFilled shows the rows that look different than before a start.
func (ts *tables) showFilled(before map[element.ParamID]*table) {
	for _, p := range ts.ix.params {
		id := p.ID
		for _, r := range rowsOf(before[id]) {
			if !ts.hasRow(id, r.key) {
				ts.note(id, r.key)
			}
		}
		for _, r := range rowsOf(ts.list[id]) {
			if was := rowAt(before[id], r.key); was == nil || !slices.EqualFunc(was.cells, r.cells, cell.looksLike) {
				ts.note(id, r.key)
			}
		}
	}
}

func rowsOf(t *table) []*tableRow {
	if t == nil {
		return nil
	}
	return t.inOrder()
}

func rowAt(t *table, key string) *tableRow {
	if t == nil {
		return nil
	}
	return t.rows[key]
}
