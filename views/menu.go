package views

import (
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/views/present"
)

// MenuPage asks for what an entry of a table's context menu needs. With a
// Question the Values are settled and it is the last thing asked.
type MenuPage struct {
	Layout
	View     element.View
	Slug     string // of the connector's page to return to
	Table    element.ParamID
	Content  element.Table
	Entry    element.Discreet
	Rows     []element.Row // that were selected
	Values   []string      // as typed, by Entry.Prompts; nil: the defaults
	Error    string
	Question string
	Token    string // posted as confirm when the person says yes
}

func (p MenuPage) rowsNote() string {
	const most = 10
	table := p.View.Infos[p.Table]
	name := table.Description
	if name == "" {
		name = table.Name
	}
	if len(p.Rows) == 0 {
		return name + " of " + p.View.Element.Name
	}
	var names []string
	for i, r := range p.Rows {
		if i == most {
			names = append(names, present.Plural(len(p.Rows)-most, "more", "more"))
			break
		}
		names = append(names, r.Display)
	}
	return name + " of " + p.View.Element.Name + ": " + strings.Join(names, ", ")
}

// prompt is the field of the i-th value that the entry asks for.
func (p MenuPage) prompt(i int) row {
	wanted := p.Entry.Prompts[i]
	place := element.PageRow{Write: wanted.Param}
	if info := p.View.Infos[wanted.Param]; info.Type != "write" && info.WriteID != 0 {
		place = element.PageRow{Read: wanted.Param, Write: info.WriteID}
	}
	r := newRow(p.Layout, p.View, p.Slug, place)
	if !r.hasRead {
		r.read.ID = wanted.Param
	}
	if place.Write == wanted.Param && r.write.Type != "write" {
		r.write.Measurement = element.MeasureString // a read column without a write parameter: any text
	}
	r = r.holding(element.Parameter{})
	text := FillIn(wanted.Default, p.View.Element.Name, p.Content, p.Rows)
	if i < len(p.Values) {
		text = p.Values[i]
	}
	r.typed = &text
	return r
}

// FillIn replaces the placeholders of a text that concern the first of some
// rows and the element (documentation page UIComponentsCustomTableContextMenu,
// Placeholders); those that cannot be resolved become empty.
func FillIn(text, name string, t element.Table, rows []element.Row) string {
	var line element.Row
	if len(rows) > 0 {
		line = rows[0]
	}
	text = strings.NewReplacer("[this element]", name, "{elementName}", name, "[tableindex]", line.Key, "[primarykey]", line.Key,
		"{rowPK}", line.Key, "[displaytableindex]", line.Display, "[displaykey]", line.Display, "{rowDK}", line.Display).Replace(text)
	for _, form := range [][2]string{{"[value:", "]"}, {"{pid:", "}"}} {
		for _, c := range t.Columns {
			text = strings.ReplaceAll(text, form[0]+strconv.Itoa(int(c.ID))+form[1], line.Cells[c.ID].Value.String())
		}
	}
	return text
}

// hasMenu reports whether the table has a context menu.
func (r row) hasMenu() bool {
	return r.read.Menu != 0 && len(r.infos[r.read.Menu].Discreets) > 0
}

// menuForm is the id of the form that the check boxes of a table belong to.
func menuForm(r row) string { return "menu-" + r.key() }

// menuReceipt is the newest choice from the menu of a table, nil when none.
func menuReceipt(r row) *element.Write {
	for i, w := range r.receipts {
		if w.Parameter == r.read.Menu && w.Row == "" {
			return &r.receipts[i]
		}
	}
	return nil
}
