package engine

import (
	"slices"

	"fieldline/element"
)

// rowCopy says which cells of a table another one repeats, by place.
type rowCopy struct {
	into  *tableIndex
	cells [][2]int // from, to
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
	base := from.table.param.ID
	i := slices.IndexFunc(ix.rowCopies[base], func(c *rowCopy) bool { return c.into == to.table })
	if i < 0 {
		i = len(ix.rowCopies[base])
		ix.rowCopies[base] = append(ix.rowCopies[base], &rowCopy{into: to.table})
		to.table.base, to.table.repeats = from.table, make([]bool, len(to.table.columns))
	}
	to.table.repeats[to.at] = true
	if to.at != to.table.key {
		c := ix.rowCopies[base][i]
		c.cells = append(c.cells, [2]int{from.at, to.at})
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
		s.value, s.cleared = v, was.cleared
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
		x := source.cells[place[0]]
		if place[0] == from.display {
			x.value = element.Text(from.name(source))
		}
		x.value, _ = fit(into.columns[place[1]], x.value)
		now.cells[place[1]] = x
	}
	isNew := t.rows[key] == nil
	if !isNew && slices.Equal(now.cells, old.cells) {
		return
	}
	t.own()
	t.rows[key] = now
	if d := e.dirty(into.param.ID, key); isNew && into.saved[into.key] {
		d.cells = make([]bool, len(into.columns))
		d.cells[into.key] = true
	}
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
