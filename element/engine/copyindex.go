package engine

import (
	"slices"

	"fieldline/element"
)

// rowCopy says which cells of a table another one repeats, by place.
type rowCopy struct {
	into  *tableIndex
	cells [][2]columnIndex // from, to
	links []cellLink       // cells that a foreign key leads to
}

// cellLink is a cell that repeats one of a third table: that of the row whose
// key the base has at via.
type cellLink struct {
	via, to columnIndex
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
					ix.copies = map[paramIndex][]paramIndex{}
				}
				ix.copies[paramIndex(i)] = append(ix.copies[paramIndex(i)], ix.place[id])
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
		c.cells = append(c.cells, [2]columnIndex{from.at, to.at})
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
