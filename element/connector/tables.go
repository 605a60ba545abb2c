package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// tableReader reads what a parameter of Type array says of its columns.
type tableReader struct{ *draft }

// maxIndex is the largest idx of a column.
const maxIndex = 10_000

func (r tableReader) read(n *node, p *Param) {
	if n == nil || p.Type != TypeArray {
		return
	}
	k := Item{"parameter", int(p.ID)}
	t := &Table{Index: r.keyIndex(n, p)}
	for option := range strings.SplitSeq(n.attr("options"), ";") {
		option = strings.TrimSpace(option)
		names, isNaming := cutPrefixFold(option, "naming=")
		view, isView := cutPrefixFold(option, "view=")
		switch {
		case strings.EqualFold(option, "volatile"):
			t.Volatile = true
		case isNaming:
			t.Naming = naming(names)
		case isView:
			t.View = r.pid(n, "The option view of table "+strconv.Itoa(int(p.ID)), view, "FL-13")
		case option != "":
			r.Note("FL-02", n.at(), "The option %q of table %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
	if f := n.child("NamingFormat"); f != nil {
		t.Naming, t.NamingFormat = namingFormat(f.trimmed()), true
	}
	for i, c := range n.children("ColumnOption") {
		col := Column{Idx: i, Type: strings.ToLower(c.attr("type")), Param: r.pid(c, "ColumnOption@pid", c.attr("pid"), "2.63.2")}
		if col.Param != 0 && c.padded("pid") {
			r.Note("2.63.3", c.at(), "The pid %d of a column of table %d has blanks around it.", col.Param, p.ID)
		}
		if idx := c.attr("idx"); idx != "" {
			col.Idx = r.number(c, "ColumnOption@idx", idx, 0, maxIndex)
		}
		if slices.Contains(unsupportedColumns(), col.Type) {
			r.ignore("Type "+col.Type+" of Protocol/Params/Param/ArrayOptions/ColumnOption", c.at())
		}
		if col.Param == 0 {
			r.disable(k, "2.63.1", c.at(), "A column of table %d names no parameter; the table is disabled.", p.ID)
			continue
		}
		for option := range strings.SplitSeq(strings.ToLower(c.attr("options")), ";") {
			option = strings.TrimSpace(option)
			foreign, isForeign := strings.CutPrefix(option, "foreignkey=")
			switch {
			case option == "save":
				col.Saved = true
			case option == "rowtextcoloring":
				col.ColorsRows = true
			case isForeign:
				col.ForeignKey = r.pid(c, "foreignKey", foreign, "FL-13")
			case strings.HasPrefix(option, "view="):
				col.View = strings.TrimSpace(option[len("view="):])
			case option != "":
				name, _, _ := strings.Cut(option, "=")
				r.ignore("Option "+name+" of Protocol/Params/Param/ArrayOptions/ColumnOption", c.at())
			}
		}
		r.need(k, Item{"parameter", int(col.Param)}, "2.63.4", c.at())
		t.Columns = append(t.Columns, col)
	}
	r.displayColumn(n, t)
	p.Table = t
}

// keyIndex reads ArrayOptions@index.
func (r tableReader) keyIndex(n *node, p *Param) int {
	text, given := n.lookup("index")
	index, err := strconv.Atoi(text)
	switch {
	case !given:
		r.Note("2.46.1", n.at(), "Table %d has no index, which says which column is the key; the first is.", p.ID)
	case text == "":
		r.Note("2.46.2", n.at(), "The index of table %d is empty; the first column is the key.", p.ID)
	case err != nil || index < 0 || index > maxIndex:
		r.Note("2.46.3", n.at(), "The index of table %d is %q, which is not the idx of a column; the first column is the key.", p.ID, Shorten(text))
	default:
		return index
	}
	return 0
}

// displayColumn is the older way to say which column names a row.
func (r tableReader) displayColumn(n *node, t *Table) {
	text := n.attr("displayColumn")
	if text == "" || len(t.Naming) > 0 {
		return
	}
	idx := r.number(n, "ArrayOptions@displayColumn", text, 0, maxIndex)
	for _, c := range t.Columns {
		if c.Idx == idx && idx != t.Index {
			t.Naming = []string{"", strconv.Itoa(int(c.Param))}
		}
	}
}

// olderColumns takes columns of a table from Type@id, the older way to write
// them: those that no ColumnOption names, at their place in the list.
func (r tableReader) olderColumns(n *node, p *Param) {
	if p.Type != TypeArray || len(p.typeIDs) == 0 {
		return
	}
	if p.Table == nil {
		p.Table = &Table{}
	}
	taken := map[int]bool{}
	named := map[element.ParamID]bool{}
	for _, c := range p.Table.Columns {
		taken[c.Idx], named[c.Param] = true, true
	}
	for i, id := range p.typeIDs {
		if taken[i] || named[id] {
			continue
		}
		r.need(Item{"parameter", int(p.ID)}, Item{"parameter", int(id)}, "2.62.5", n.at())
		p.Table.Columns = append(p.Table.Columns, Column{Idx: i, Param: id, Type: "retrieved"})
	}
	slices.SortStableFunc(p.Table.Columns, func(a, b Column) int { return a.Idx - b.Idx })
}

// unsupportedColumns are types of columns that are filled in ways which this program
// does not have.
func unsupportedColumns() []string { return []string{"snmp", "concatenation", "index", "viewtablekey"} }

// namingFormat splits a NamingFormat at its first character, and nowhere else:
// literals between parameters are kept as they are.
func namingFormat(s string) []string {
	if s == "" {
		return nil
	}
	sep := string([]rune(s)[:1])
	parts := []string{sep}
	for part := range strings.SplitSeq(s[len(sep):], sep) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// naming splits the format of a display key: the first character separates.
func naming(s string) []string {
	if s == "" {
		return nil
	}
	sep := string([]rune(s)[:1])
	parts := strings.FieldsFunc(s[len(sep):], func(c rune) bool { return string(c) == sep || c == ',' })
	return append([]string{sep}, parts...)
}
