package engine

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// copyRow brings a row of a table into one that repeats it, or takes it out.
func (ts *tables) copyRow(base element.ParamID, c *rowCopy, key string) {
	from, rows := ts.of(base)
	into, t := ts.of(c.into.param.ID)
	source, old := rows.rows[key], t.rows[key]
	if source == nil {
		ts.removeRow(into, t, key)
		return
	}
	if old == nil {
		old = into.emptyRow(t, key)
	}
	now := &tableRow{key: key, seq: old.seq, cells: slices.Clone(old.cells)}
	for _, place := range c.cells {
		now.cells[place[1]] = from.cellAs(source, place[0], into.columns[place[1]])
	}
	for _, l := range c.links {
		now.cells[l.to] = ts.follow(l, source.cells[l.via], into.columns[l.to])
	}
	isNew := t.rows[key] == nil
	if !isNew && slices.EqualFunc(now.cells, old.cells, cell.looksLike) {
		return
	}
	t.own()
	t.rows[key] = now
	if d := ts.note(into.param.ID, key); isNew && into.saved[into.key] {
		d.cells = make([]bool, len(into.columns))
		d.cells[into.key] = true
	}
}

// follow is the cell that a foreign key leads to; it is no younger than the key.
func (ts *tables) follow(l cellLink, key cell, p *connector.Param) cell {
	_, rows := ts.of(l.from.table.param.ID)
	r := rows.rows[key.value.String()]
	if r == nil {
		return cell{from: nowhere}
	}
	x := l.from.table.cellAs(r, l.from.at, p)
	x.stale = x.stale || key.stale && x.value.IsSet()
	return x
}

// relink brings what foreign keys lead to into the rows that show it. It runs
// once for an input: each row of the view's table is looked at then, not once
// for each row that changed.
func (ts *tables) relink() {
	if ts.ix.linkCopies == nil {
		return
	}
	seen := map[*rowCopy]bool{}
	for _, d := range ts.order {
		for _, c := range ts.ix.linkCopies[d.at.Table] {
			if seen[c] {
				continue
			}
			seen[c] = true
			base := c.into.base.param.ID
			_, rows := ts.of(base)
			for _, r := range rows.inOrder() {
				if ts.links(c, r) {
					ts.copyRow(base, c, r.key)
				}
			}
		}
	}
}

// links reports whether a foreign key of a row leads to one that changed.
func (ts *tables) links(c *rowCopy, r *tableRow) bool {
	return slices.ContainsFunc(c.links, func(l cellLink) bool {
		return ts.changed[element.RowKey{Table: l.from.table.param.ID, Key: r.cells[l.via].value.String()}] != nil
	})
}

// copyAll fills what repeats other parameters after a start. Rows whose
// original was not kept are gone.
func (ts *tables) copyAll() {
	for i := range ts.ix.params {
		ts.values.copyValue(paramIndex(i))
		id := ts.ix.params[i].ID
		for _, c := range ts.ix.rowCopies[id] {
			_, rows := ts.of(id)
			for _, r := range rows.inOrder() {
				ts.copyRow(id, c, r.key)
			}
			_, t := ts.of(c.into.param.ID)
			for _, r := range t.inOrder() {
				if rows.rows[r.key] == nil {
					ts.removeRow(c.into, t, r.key)
				}
			}
		}
	}
}

// repeated reports, and logs, that the rows of a table are those of another:
// logic neither adds nor removes any.
func (ts *tables) repeated(ti *tableIndex) bool {
	if ti.base == nil {
		return false
	}
	ts.logRarely("repeats:"+named(ti.param), levelWarning, "The rows of %s were left as they are: they are those of %s.", named(ti.param), named(ti.base.param))
	return true
}
