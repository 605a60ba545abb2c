package runner

import (
	"maps"
	"slices"
	"strings"

	"fieldline/element"
)

// valuesAtOnce bounds the values of one call to Storage in the background.
const valuesAtOnce = 10_000

// pendingValues wait for the disk, by row: of each target the newest value, and
// whether the row that is there is to be forgotten first. Parameters are the
// cells of the zero row.
type pendingValues map[element.RowKey]*pendingRow

type pendingRow struct {
	removed bool
	values  map[element.ParamID]element.SavedValue
}

func (r *pendingRow) has(id element.ParamID) bool { _, has := r.values[id]; return has }

func (p pendingValues) row(at element.RowKey) *pendingRow {
	if p[at] == nil {
		p[at] = &pendingRow{values: map[element.ParamID]element.SavedValue{}}
	}
	return p[at]
}

// add lets values wait, in order.
func (p pendingValues) add(values []element.SavedValue) {
	for _, v := range values {
		row := p.row(v.Row())
		if v.Removed {
			row.removed = true
			clear(row.values)
			continue
		}
		row.values[v.Parameter] = v
	}
}

// giveBack has older values wait again, where nothing newer does.
func (p pendingValues) giveBack(older []element.SavedValue) {
	newer := maps.Clone(p)
	clear(p)
	p.add(older)
	p.add(newer.flat(0))
}

// flat lists what waits, about limit values of it; 0 is all. A row stands
// whole.
func (p pendingValues) flat(limit int) []element.SavedValue {
	var all []element.SavedValue
	for _, at := range p.rows() {
		if limit > 0 && len(all) >= limit {
			break
		}
		row := p[at]
		if row.removed {
			all = append(all, element.SavedValue{Target: element.Target{Table: at.Table, Key: at.Key}, Removed: true})
		}
		for _, id := range slices.Sorted(maps.Keys(row.values)) {
			all = append(all, row.values[id])
		}
	}
	return all
}

// take empties what flat lists.
func (p pendingValues) take(limit int) []element.SavedValue {
	all := p.flat(limit)
	for _, v := range all {
		delete(p, v.Row())
	}
	return all
}

// rows lists the rows, parameters first.
func (p pendingValues) rows() []element.RowKey {
	return slices.SortedFunc(maps.Keys(p), func(a, b element.RowKey) int {
		if a.Table != b.Table {
			return int(a.Table - b.Table)
		}
		return strings.Compare(a.Key, b.Key)
	})
}
