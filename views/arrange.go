package views

import (
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
