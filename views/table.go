package views

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"

	"fieldline/element"
	"fieldline/views/present"
)

// MaxRowsOnPage is how many rows of a table a page draws; the API has all.
const MaxRowsOnPage = 1000

// cellPlace says where a row of a page that is a cell stands.
type cellPlace struct {
	table element.ParamID
	key   string
	name  string // of its row
	write element.ParamID
	isKey bool
}

// id is the cell's part of ids on the page; keys may hold any character.
func (c cellPlace) id(column element.ParamID) string {
	key := []byte(c.key)
	if len(key) > sha256.Size { // it stands on the page many times
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	return "t" + strconv.Itoa(int(c.table)) + "-" + hex.EncodeToString(key) + "-" + strconv.Itoa(int(column))
}

// maxRowName is how much of the name of a row stands in the labels of its
// cells, in characters.
const maxRowName = 60

// rowName is the name of a row in labels.
func rowName(line element.Row) string { return present.CutTo(line.Display, maxRowName) }

// cell works out one cell for drawing: it is a row of its own, with the same
// value and the same editor.
func (r row) cell(line element.Row, column element.TableColumn) row {
	at := &cellPlace{table: r.read.ID, key: line.Key, name: rowName(line), isKey: column.Key}
	c := row{
		layout: r.layout, id: r.id, slug: r.slug, seq: r.seq, hasRead: true, read: r.infos[column.ID],
		cellAt: at, stopped: r.stopped, frozen: r.frozen, of: r.of, infos: r.infos,
	}
	c.read.Saved = column.Saved
	if column.WriteID != nil && !column.Key {
		c.canSet, c.write, at.write = true, r.infos[*column.WriteID], *column.WriteID
	}
	if c.canSet && (len(c.chooses().Watches()) > 0 || c.write.Locked != nil) {
		only := element.Table{Columns: r.content.Columns, Rows: []element.Row{line}}
		c.of = only.InRow(line.Key, r.of)
		if c.write.IsLocked(c.of) {
			c.canSet, c.locked = false, true
		}
	}
	value, set := line.Cells[column.ID]
	c.param = element.Parameter{
		ID: column.ID, Value: value.Value, Display: value.Display, Units: value.Units, Initialized: set, Stale: value.Stale, Masked: value.Masked,
	}
	c.shown = present.CellOf(c.twins(), value, set)
	for i, w := range r.receipts {
		if w.Row == line.Key && w.Parameter != 0 && (w.Parameter == column.ID || w.Parameter == at.write) {
			c.receipt = &r.receipts[i]
		}
	}
	for _, id := range []element.ParamID{column.ID, at.write} {
		if f, ok := r.forms[element.Target{Parameter: id, Table: at.table, Key: line.Key}]; ok {
			c.form = f
		}
	}
	return c
}

// editCell is the address of the editor of a cell: alone for a script, else on
// its page.
func (r row) editCell() string {
	q := url.Values{}
	if r.slug != "" {
		q.Set(FieldPage, r.slug)
	}
	if r.layout.Embed {
		q.Set(FieldEmbed, "1")
	}
	at := r.postTo()
	for _, f := range r.layout.Arrangement.Fields() {
		q.Add(f.Name, f.Value)
	}
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at
}

// cellFor returns the cell of a fragment; ok is false when its row or column
// is gone.
func cellFor(f Fragment) (row, bool) {
	r := newRow(f.Layout, f.View, f.Slug, element.PageRow{Read: f.Target.Table})
	r.infos, r.receipts, r.forms, r.content = f.View.Infos, f.View.Receipts, map[element.Target]SetForm{f.Target: f.Form}, &f.Table
	for _, line := range f.Table.Rows {
		if line.Key != f.Target.Key {
			continue
		}
		for _, column := range f.Table.Columns {
			if column.ID == f.Target.Parameter || column.WriteID != nil && *column.WriteID == f.Target.Parameter {
				return r.cell(line, column), true
			}
		}
	}
	return row{}, false
}

// lockWords say what keeps a cell from being set.
func lockWords(r row) string {
	l := r.write.Locked
	name := r.infos[l.Param].Description
	if name == "" {
		name = "parameter " + strconv.Itoa(int(l.Param))
	}
	return name + " is " + r.of(l.Param).Display
}

func columnTitle(r row, c element.TableColumn) string {
	if info := r.infos[c.ID]; info.Description != "" {
		return info.Description
	}
	if c.Description != "" {
		return c.Description
	}
	return c.Name
}

// countRows says how many rows there are; where nothing here makes any, it says
// so.
func countRows(table element.ParamInfo) present.Count {
	none := "no rows"
	if table.Unfilled != "" {
		none += ": " + table.Unfilled
	}
	return present.Count{None: none, One: "1 row", Many: "# rows"}
}

// partOfRows says how many of the rows are on the page.
func partOfRows(n int) string {
	return "the first " + strconv.Itoa(MaxRowsOnPage) + " of " + strconv.Itoa(n) + " rows; all are in the API"
}

// colouring is the column whose values colour the rows of a table, 0 for none.
func (r row) colouring() element.ParamID {
	for _, c := range r.content.Columns {
		if present.Colours(r.infos[c.ID]) {
			return c.ID
		}
	}
	return 0
}

// lineTint is the tint of a row by its cell in a column, "" for none.
func (r row) lineTint(line element.Row, column element.ParamID) string {
	c, set := line.Cells[column]
	return present.CellOf(present.Twins{Read: r.infos[column]}, c, set).Tint
}

// unset is a cell that was never set; the script takes it from the head of the
// column.
func (r row) unset(c element.TableColumn) present.Cell {
	return present.CellOf(present.Twins{Read: r.infos[c.ID]}, element.Cell{}, false)
}
