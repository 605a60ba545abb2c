package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/views/present"
)

// longKey is the number of characters above which a primary key is shown by its two ends:
// names fit, UUIDs do not. keyEnd characters of the end always show, the last
// part of a UUID.
const (
	longKey = 24
	keyEnd  = 12
)

// isLongKey reports whether the cell is a primary key that is shown by its ends.
func (r row) isLongKey() bool {
	return r.cellAt.isKey && utf8.RuneCountInString(r.param.Display) > longKey
}

// keyParts divides a long key into what may be cut and what always shows.
func (r row) keyParts() (start, end string, ok bool) {
	if !r.isLongKey() {
		return "", "", false
	}
	text := []rune(r.param.Display)
	at := max(0, len(text)-keyEnd)
	return string(text[:at]), string(text[at:]), true
}

// sheetColumn is a column as it is drawn.
type sheetColumn struct {
	element.TableColumn
	Width  int    // pixels; 0: as wide as its content
	Sorted string // ascending or descending for the column the rows are sorted by
}

// The values of aria-sort.
const (
	ascending  = "ascending"
	descending = "descending"
)

func sortedWord(down bool) string {
	if down {
		return descending
	}
	return ascending
}

// columns are those that are drawn, in their order on the page.
func (r row) columns() []sheetColumn {
	sheet := r.read.Sheet
	var out []sheetColumn
	if sheet == nil || len(sheet.Columns) == 0 {
		for _, c := range r.content.Columns {
			out = append(out, sheetColumn{TableColumn: c, Sorted: r.sortedAs(c.ID)})
		}
		return out
	}
	for _, sc := range sheet.Columns {
		c, ok := r.tableColumn(sc.Param)
		if !ok || sc.Hidden && !r.layout.Arrangement.Shows[sc.Param] {
			continue
		}
		out = append(out, sheetColumn{TableColumn: c, Width: sc.Width, Sorted: r.sortedAs(sc.Param)})
	}
	return out
}

// sortedAs is the value of aria-sort of a column, "" when it is another that
// the rows are sorted by.
func (r row) sortedAs(id element.ParamID) string {
	if a := r.layout.Arrangement; r.sorts(a) {
		if a.Sort != id {
			return ""
		}
		return sortedWord(a.Down)
	}
	if by := r.sortedBy(); len(by) > 0 && by[0].Param == id {
		return sortedWord(by[0].Sort.Down)
	}
	return ""
}

// sorts reports whether an arrangement is about this table.
func (r row) sorts(a Arrangement) bool {
	_, ok := r.tableColumn(a.Sort)
	return ok && a.Sort != 0
}

func (r row) tableColumn(id element.ParamID) (element.TableColumn, bool) {
	at := slices.IndexFunc(r.content.Columns, func(c element.TableColumn) bool { return c.ID == id })
	if at < 0 {
		return element.TableColumn{}, false
	}
	return r.content.Columns[at], true
}

// hiddenColumns are those that a person can show.
func (r row) hiddenColumns() []element.TableColumn {
	var out []element.TableColumn
	if r.read.Sheet == nil {
		return nil
	}
	for _, sc := range r.read.Sheet.Columns {
		if c, ok := r.tableColumn(sc.Param); ok && sc.Hidden {
			out = append(out, c)
		}
	}
	return out
}

// sortedBy are the columns that the connector sorts by at first, the first
// one first.
func (r row) sortedBy() []element.SheetColumn {
	if r.read.Sheet == nil {
		return nil
	}
	var by []element.SheetColumn
	for _, c := range r.read.Sheet.Columns {
		if _, ok := r.tableColumn(c.Param); ok && c.Sort.By != "" {
			by = append(by, c)
		}
	}
	slices.SortStableFunc(by, func(a, b element.SheetColumn) int { return cmp.Compare(a.Sort.Priority, b.Sort.Priority) })
	return by
}

// lines are the rows that a page draws, sorted as the connector wants at first
// and then as the person does.
func (r row) lines() []element.Row {
	rows := r.content.Rows
	if by := r.sortedBy(); len(by) > 0 {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b element.Row) int {
			for _, c := range by {
				n := compareCells(a.Cells[c.Param], b.Cells[c.Param], c.Sort.By)
				if c.Sort.Down {
					n = -n
				}
				if n != 0 {
					return n
				}
			}
			return 0
		})
	}
	if a := r.layout.Arrangement; r.sorts(a) {
		rows = r.ordered(rows, a)
	}
	return rows[:min(len(rows), MaxRowsOnPage)]
}

// ordered are rows sorted as a person wants them.
func (r row) ordered(rows []element.Row, a Arrangement) []element.Row {
	column := present.Twins{Read: r.infos[a.Sort]}
	order := make(map[string]string, len(rows))
	for _, line := range rows {
		c, set := line.Cells[a.Sort]
		order[line.Key] = present.CellOf(column, c, set).Order
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(x, y element.Row) int {
		if a.Down {
			x, y = y, x
		}
		return strings.Compare(order[x.Key], order[y.Key])
	})
	return rows
}

// compareCells compares numbers as numbers and all else as it is shown.
func compareCells(a, b element.Cell, by string) int {
	if by != "string" {
		x, okX := a.Value.Float()
		y, okY := b.Value.Float()
		if okX && okY {
			return cmp.Compare(x, y)
		}
	}
	return strings.Compare(strings.ToLower(a.Display), strings.ToLower(b.Display))
}

// linesClass is the style of a table that is a number of rows high; the style
// sheet has steps of five.
func linesClass(s *element.Sheet) string {
	const step, most = 5, 40
	if s == nil || s.Lines == 0 {
		return ""
	}
	return "lines-" + strconv.Itoa(min((s.Lines+step-1)/step*step, most))
}

// longCell reports whether the text of a cell is to be read or opened.
func (r row) longCell() bool {
	return r.cellAt != nil && !r.cellAt.isKey && !r.read.IsNumber && (r.shown.Long || r.shown.Link != "")
}
