package views

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// Arrangement is how a person wants the tables of a page drawn. It travels in
// the page's address and in its forms, so that it holds without scripts.
type Arrangement struct {
	Shows map[element.ParamID]bool // columns to draw that the connector hides at first
	Sort  element.ParamID          // column that rows are sorted by; 0: as the connector says
	Down  bool
}

// ReadArrangement reads the fields show, sort and dir of an address or a form.
// What is no column is left out: an old link still leads to its page.
func ReadArrangement(v url.Values) Arrangement {
	a := Arrangement{Shows: map[element.ParamID]bool{}}
	for _, text := range v[FieldShow] {
		if id := columnID(text); id != 0 {
			a.Shows[id] = true
		}
	}
	a.Sort = columnID(v.Get(FieldSort))
	a.Down = a.Sort != 0 && v.Get(FieldDir) == dirDown
	return a
}

func columnID(text string) element.ParamID {
	id, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0
	}
	return element.ParamID(id)
}

const (
	dirUp   = "asc"
	dirDown = "desc"
)

// Field is one field of an address or a form.
type Field struct{ Name, Value string }

// Fields are the arrangement as fields, always in the same order; none for the
// one that the connector says.
func (a Arrangement) Fields() []Field {
	var fields []Field
	for id, shown := range a.Shows {
		if shown {
			fields = append(fields, Field{FieldShow, strconv.Itoa(int(id))})
		}
	}
	slices.SortFunc(fields, func(x, y Field) int { return strings.Compare(x.Value, y.Value) })
	return append(fields, a.sortFields()...)
}

func (a Arrangement) sortFields() []Field {
	if a.Sort == 0 {
		return nil
	}
	dir := dirUp
	if a.Down {
		dir = dirDown
	}
	return []Field{{FieldSort, strconv.Itoa(int(a.Sort))}, {FieldDir, dir}}
}

// At is an address with the arrangement in its query.
func (a Arrangement) At(address string) string {
	sep := "?"
	for _, f := range a.Fields() {
		address += sep + f.Name + "=" + url.QueryEscape(f.Value)
		sep = "&"
	}
	return address
}

// sortLink draws the page with the rows sorted by a column: the other way
// round when they are already. It leads back to the table itself.
func (r row) sortLink(c sheetColumn) string {
	a := r.layout.Arrangement
	a.Sort, a.Down = c.ID, c.Sorted == ascending
	return a.At(pageAddress(r.layout, r.id, r.slug)) + "#p-" + r.key()
}

// compareShown compares cells as the script of the page does: numbers as
// numbers, also where they are texts, which stand before other texts; texts as
// people count; and what is empty last.
func compareShown(a, b element.Cell, number bool) int {
	if a.Display == "" || b.Display == "" {
		return cmp.Compare(len(b.Display), len(a.Display))
	}
	if number {
		x, okX := a.Value.Float()
		y, okY := b.Value.Float()
		if okX && okY {
			return cmp.Compare(x, y)
		}
	}
	x, okX := element.ParseNumber(a.Display)
	y, okY := element.ParseNumber(b.Display)
	switch {
	case okX && okY:
		return cmp.Compare(x, y)
	case okX:
		return -1
	case okY:
		return 1
	}
	return compareCounted(strings.ToLower(a.Display), strings.ToLower(b.Display))
}

// compareCounted compares texts with the numbers in them as numbers: "in 2"
// stands before "in 10".
func compareCounted(a, b string) int {
	for a != "" && b != "" {
		x, restA := leadingDigits(a)
		y, restB := leadingDigits(b)
		if x == "" || y == "" {
			if a[0] != b[0] {
				return strings.Compare(a, b)
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if n := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); n != 0 {
			return n
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)], rest
}
