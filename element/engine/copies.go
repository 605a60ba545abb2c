package engine

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// rowCopy says which cells of a table another one repeats, by place.
type rowCopy struct {
	into  *tableIndex
	cells [][2]int   // from, to
	links []cellLink // cells that a foreign key leads to
}

// cellLink is a cell that repeats one of a third table: that of the row whose
// key the base has at via.
type cellLink struct {
	via, to int
	from    columnOf
}

// indexCopies finds what repeats the values of other parameters
// (Param@duplicateAs). Both maps stay nil where nothing does.
func (ix *index) indexCopies() {
	for i, p := range ix.params {
		for _, id := range p.DuplicateAs {
			from, isCell := ix.columns[p.ID]
			to, ok := ix.columns[id]
			switch {
			case isCell && ok:
				ix.copyCell(from, to)
			case !isCell && !ok:
				if ix.copies == nil {
					ix.copies = map[int][]int{}
				}
				ix.copies[i] = append(ix.copies[i], ix.place[id])
			}
		}
	}
	for _, list := range ix.rowCopies {
		for _, c := range list {
			c.into.findSaved()
		}
	}
}

func (ix *index) copyCell(from, to columnOf) {
	if ix.rowCopies == nil {
		ix.rowCopies = map[element.ParamID][]*rowCopy{}
	}
	t := from.table
	via := to.table.Columns[to.at].Via
	if via != 0 {
		t = ix.tables[to.table.Base]
		if t == nil {
			return
		}
	}
	base := t.param.ID
	i := slices.IndexFunc(ix.rowCopies[base], func(c *rowCopy) bool { return c.into == to.table })
	if i < 0 {
		i = len(ix.rowCopies[base])
		ix.rowCopies[base] = append(ix.rowCopies[base], &rowCopy{into: to.table})
		to.table.base, to.table.repeats = t, make([]bool, len(to.table.columns))
	}
	to.table.repeats[to.at] = true
	c := ix.rowCopies[base][i]
	switch {
	case to.at == to.table.key:
	case via != 0:
		c.links = append(c.links, cellLink{via: t.place[via], to: to.at, from: from})
		ix.linked(from.table.param.ID, c)
	default:
		c.cells = append(c.cells, [2]int{from.at, to.at})
	}
}

// linked notes that rows of a table show in those of c.
func (ix *index) linked(table element.ParamID, c *rowCopy) {
	if ix.linkCopies == nil {
		ix.linkCopies = map[element.ParamID][]*rowCopy{}
	}
	if !slices.Contains(ix.linkCopies[table], c) {
		ix.linkCopies[table] = append(ix.linkCopies[table], c)
	}
}

// refresh shows a parameter that looks different, and what repeats it.
func (e *Engine) refresh(i int) {
	e.emit(Refreshed{Parameter: e.shown(i)})
	e.copyValue(i)
}

// copyValue fills the parameters that repeat the one at place i: no event,
// nothing is saved, as old and as trusted as the other.
func (e *Engine) copyValue(i int) {
	for _, to := range e.ix.copies[i] {
		s, was := e.s.slots[i], e.s.slots[to]
		v, ok := fit(e.ix.params[to], s.value)
		if !ok {
			continue
		}
		if s.original != nil && s.original.Kind() != v.Kind() {
			s.original = nil
		}
		s.value, s.cleared, s.copyOf = v, was.cleared, 0
		if s != was {
			e.s.slots[to] = s
			e.emit(Refreshed{Parameter: e.shown(to)})
		}
	}
}

// copyRow brings a row of a table into one that repeats it, or takes it out.
func (e *Engine) copyRow(base element.ParamID, c *rowCopy, key string) {
	from, rows := e.tableOf(base)
	into, t := e.tableOf(c.into.param.ID)
	source, old := rows.rows[key], t.rows[key]
	if source == nil {
		e.removeRow(into, t, key)
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
		now.cells[l.to] = e.follow(l, source.cells[l.via], into.columns[l.to])
	}
	isNew := t.rows[key] == nil
	if !isNew && slices.EqualFunc(now.cells, old.cells, cell.looksLike) {
		return
	}
	t.own()
	t.rows[key] = now
	if d := e.dirty(into.param.ID, key); isNew && into.saved[into.key] {
		d.cells = make([]bool, len(into.columns))
		d.cells[into.key] = true
	}
}

// follow is the cell that a foreign key leads to; it is no younger than the key.
func (e *Engine) follow(l cellLink, key cell, p *connector.Param) cell {
	_, rows := e.tableOf(l.from.table.param.ID)
	r := rows.rows[key.value.String()]
	if r == nil {
		return cell{from: nowhere}
	}
	x := l.from.table.cellAs(r, l.from.at, p)
	x.stale = x.stale || key.stale && x.value.IsSet()
	return x
}

// cellAs is a cell of a row as another column has it.
func (t *tableIndex) cellAs(r *tableRow, at int, p *connector.Param) cell {
	x := r.cells[at]
	if at == t.display {
		x.value = element.Text(t.name(r))
	}
	x.value, _ = fit(p, x.value)
	return x
}

// relink brings what foreign keys lead to into the rows that show it. It runs
// once for an input: each row of the view's table is looked at then, not once
// for each row that moved.
func (e *Engine) relink() {
	if e.ix.linkCopies == nil {
		return
	}
	seen := map[*rowCopy]bool{}
	for _, d := range e.movedOrder {
		for _, c := range e.ix.linkCopies[d.at.Table] {
			if seen[c] {
				continue
			}
			seen[c] = true
			base := c.into.base.param.ID
			_, rows := e.tableOf(base)
			for _, r := range rows.inOrder() {
				if e.links(c, r) {
					e.copyRow(base, c, r.key)
				}
			}
		}
	}
}

// links reports whether a foreign key of a row leads to one that moved.
func (e *Engine) links(c *rowCopy, r *tableRow) bool {
	return slices.ContainsFunc(c.links, func(l cellLink) bool {
		return e.moved[element.RowKey{Table: l.from.table.param.ID, Key: r.cells[l.via].value.String()}] != nil
	})
}

// copyAll fills what repeats other parameters after a start. Rows whose
// original was not kept are gone.
func (e *Engine) copyAll() {
	for i := range e.ix.params {
		e.copyValue(i)
		id := e.ix.params[i].ID
		for _, c := range e.ix.rowCopies[id] {
			_, rows := e.tableOf(id)
			for _, r := range rows.inOrder() {
				e.copyRow(id, c, r.key)
			}
			_, t := e.tableOf(c.into.param.ID)
			for _, r := range t.inOrder() {
				if rows.rows[r.key] == nil {
					e.removeRow(c.into, t, r.key)
				}
			}
		}
	}
}

// repeated reports, and logs, that the rows of a table are those of another:
// logic neither adds nor removes any.
func (e *Engine) repeated(ti *tableIndex) bool {
	if ti.base == nil {
		return false
	}
	e.logRarely("repeats:"+named(ti.param), levelWarning, "The rows of %s were left as they are: they are those of %s.", named(ti.param), named(ti.base.param))
	return true
}
