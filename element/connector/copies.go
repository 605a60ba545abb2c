package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// copier decides which of duplicateAs can be carried out.
type copier struct {
	*draft
	at      map[element.ParamID]columnAt
	filled  map[element.ParamID]element.ParamID // what a parameter repeats
	sources map[element.ParamID]bool            // parameters that are repeated
	views   map[element.ParamID]int             // tables that repeat a table, those that a foreign key leads to among them
}

func newCopier(d *draft) *copier {
	return &copier{
		draft: d, at: d.def.columnsAt(), filled: map[element.ParamID]element.ParamID{},
		sources: map[element.ParamID]bool{}, views: map[element.ParamID]int{},
	}
}

// maxViews bounds the tables that repeat one: each change of a row is made in
// all of them.
const maxViews = 100

// columnAt is where a parameter is a column; the zero value when it is none.
type columnAt struct {
	table *Param
	col   *Column
}

// trouble says why a parameter cannot repeat p; "" when it can.
func (c *copier) trouble(p, to *Param) string {
	from, into := c.at[p.ID], c.at[to.ID]
	if why := p.cannotCopyTo(to); why != "" {
		return why
	}
	switch {
	case c.sources[to.ID] || c.filled[p.ID] != 0:
		return "a copy is not copied on"
	case c.filled[to.ID] != 0:
		return "it repeats parameter " + strconv.Itoa(int(c.filled[to.ID]))
	case from.table == nil && into.table == nil:
		return ""
	case from.table == nil || into.table == nil:
		return "one of them is a column of a table and the other is not"
	case c.views[into.table.ID] > 0 || c.isBased(into.table.Table.View) || from.table.Table.Base != 0:
		return "a table that repeats another is not repeated"
	case into.table.Table.Base == 0 && max(c.views[from.table.ID], c.views[into.table.Table.View]) >= maxViews:
		return "more than " + strconv.Itoa(maxViews) + " tables repeat one"
	case strings.Contains(into.col.View, ":"):
		return c.pathFits(into, p)
	default:
		return rowsFit(from, into)
	}
}

// keep notes whose rows a view table has, and the foreign key that leads from
// them to what a column repeats.
func (c *copier) keep(p, to *Param) {
	c.filled[to.ID], c.sources[p.ID] = p.ID, true
	from, into := c.at[p.ID], c.at[to.ID]
	if into.table == nil {
		return
	}
	t, first := into.table.Table, into.table.Table.Base == 0
	t.Base = from.table.ID
	if via, ok := into.col.through(); ok {
		into.col.Via, t.Base = via, t.View
	}
	if first {
		c.views[t.Base]++
	}
	if from.table.ID != t.Base {
		c.views[from.table.ID]++
	}
}

// pathFits says why a column cannot repeat p by way of a foreign key.
func (c *copier) pathFits(into columnAt, p *Param) string {
	via, ok := into.col.through()
	t := into.table.Table
	switch {
	case !ok:
		return "only one foreign key is followed, and none to other elements"
	case t.View == 0 || t.Base != 0 && t.Base != t.View:
		return "the option view of its table does not name the table of the foreign key"
	case c.at[via].table == nil || c.at[via].table.ID != t.View:
		return "parameter " + strconv.Itoa(int(via)) + " is not a column of table " + strconv.Itoa(int(t.View))
	case !strings.HasSuffix(into.col.View, ":"+strconv.Itoa(int(p.ID))):
		return "the option view of its column is " + Shorten(into.col.View)
	case t.IsKey(*into.col):
		return "only a key is repeated in a key column"
	}
	return ""
}

// copies keeps those of duplicateAs that can be carried out, and finds out
// whose rows the view tables have.
func (c *copier) copies() {
	for _, p := range c.def.Params {
		if p.Table == nil {
			continue
		}
		if v := p.Table.View; v != 0 && (c.def.params[v] == nil || c.def.params[v].Table == nil || v == p.ID) {
			c.Note("FL-13", p.Pos, "The option view of table %d is %d, which is not another table; it is ignored.", p.ID, v)
			p.Table.View = 0
		}
	}
	for _, p := range c.def.Params {
		if p.Type.IsWrite() && len(p.DuplicateAs) > 0 {
			c.Note("FL-42", p.Pos, "Parameter %d is of Type write: it sets its own column, and none of a view table (duplicateAs).", p.ID)
			p.DuplicateAs = nil
		}
		p.DuplicateAs = slices.DeleteFunc(p.DuplicateAs, func(id element.ParamID) bool {
			to := c.def.params[id]
			if to == nil {
				c.Note("FL-13", p.Pos, "The attribute duplicateAs of parameter %d refers to parameter %d, which does not exist; it is ignored.", p.ID, id)
				return true
			}
			if why := c.trouble(p, to); why != "" {
				c.Note("FL-42", p.Pos, "Parameter %d is not repeated by parameter %d (duplicateAs): %s.", p.ID, id, why)
				return true
			}
			c.keep(p, to)
			return false
		})
	}
	c.ignoredViews()
}

// describeCopies makes the columns of view tables that no Param describes:
// they are as the parameter that they repeat (documentation page
// AdvancedViewTablesSameElement).
func (r linker) describeCopies() {
	columns := map[element.ParamID]bool{}
	for _, p := range r.def.Params {
		if p.Table != nil {
			for _, c := range p.Table.Columns {
				columns[c.Param] = true
			}
		}
	}
	for _, p := range slices.Clone(r.def.Params) {
		for i, id := range p.DuplicateAs {
			k := Item{"parameter", int(id)}
			if _, there := r.have[k]; there || !columns[id] || p.Type.IsWrite() {
				continue
			}
			r.have[k] = p.Pos
			r.need(k, Item{"parameter", int(p.ID)}, "FL-42", p.Pos)
			c := p.likeness(id, i+1)
			r.def.Params = append(r.def.Params, c)
			r.def.params[id] = c
		}
	}
}

// ignoredViews names options view that no duplicateAs says as well: those alone
// fill nothing here.
func (c *copier) ignoredViews() {
	for _, p := range c.def.Params {
		if p.Table == nil {
			continue
		}
		if p.Table.View != 0 && p.Table.Base == 0 {
			c.Note("FL-02", p.Pos, "The option view of table %d has no effect in this program: no duplicateAs fills its columns.", p.ID)
		}
		for _, col := range p.Table.Columns {
			if col.View != "" && col.Via == 0 && col.View != strconv.Itoa(int(c.filled[col.Param])) {
				c.ignore("Option view="+Shorten(col.View)+" of Protocol/Params/Param/ArrayOptions/ColumnOption", p.Pos)
			}
		}
	}
}

func (c *copier) isBased(id element.ParamID) bool {
	p := c.def.params[id]
	return p != nil && p.Table != nil && p.Table.Base != 0
}

// likeness is the column that repeats p: shown the same way, and none of what
// p does. DataMiner numbers the names of such columns.
func (p *Param) likeness(id element.ParamID, nr int) *Param {
	c := &Param{
		ParamInfo: p.ParamInfo, Type: TypeRead, RTDisplay: p.RTDisplay, Interprete: p.Interprete,
		DynamicUnits: p.DynamicUnits, Pos: p.Pos,
		letters: p.letters, notation: p.notation, units: p.units, Derived: true,
	}
	c.Interprete.Constant = false // its cells change
	c.ID, c.Name = id, strconv.Itoa(nr)+"_"+p.Name
	c.Saved, c.ReadID, c.WriteID, c.Feeds = false, 0, 0, element.Feeds{}
	return c
}

// through reads the option view=203:105 of a column: the foreign key of the
// view's table. ok is false for another form; longer paths lead to other
// elements, or over several tables.
func (c *Column) through() (via element.ParamID, ok bool) {
	first, last, ok := strings.Cut(c.View, ":")
	id, err := strconv.Atoi(first)
	return element.ParamID(id), ok && err == nil && id > 0 && !strings.Contains(last, ":")
}

// cannotCopyTo says why the value of p cannot be that of another parameter; ""
// when it can.
func (p *Param) cannotCopyTo(to *Param) string {
	switch {
	case p.ID == to.ID:
		return "it is the same"
	case to.Type != TypeRead && to.Type != TypeDummy:
		return "it is of Type " + string(to.Type)
	case p.Table != nil:
		return "a table is repeated column by column"
	case to.IsNumber && !p.IsNumber:
		return "it is a double, and the other is not"
	case p.Password && !to.Password:
		return "a password would be seen"
	}
	return ""
}

// rowsFit says why a column cannot repeat another under the same key; "" when
// it can.
func rowsFit(from, into columnAt) string {
	if from.table == into.table {
		return "both are columns of one table"
	}
	if base := into.table.Table.rowsOf(); base != 0 && base != from.table.ID {
		return "the rows of table " + strconv.Itoa(int(into.table.ID)) + " are those of table " + strconv.Itoa(int(base))
	}
	switch {
	case into.table.Table.IsKey(*into.col) && !from.table.Table.IsKey(*from.col):
		return "only a key is repeated in a key column"
	case into.col.Type == "displaykey" || into.col.Type == "state" || into.col.Type == "autoincrement":
		return "its column is of the type " + into.col.Type
	}
	return ""
}

// rowsOf is the table that the rows of a view table are of, 0 when not known.
func (t *Table) rowsOf() element.ParamID {
	if t.Base != 0 {
		return t.Base
	}
	return t.View
}

// columnsAt finds the columns of all tables.
func (d *Definition) columnsAt() map[element.ParamID]columnAt {
	at := map[element.ParamID]columnAt{}
	for _, p := range d.Params {
		if p.Table == nil {
			continue
		}
		for i := range p.Table.Columns {
			at[p.Table.Columns[i].Param] = columnAt{p, &p.Table.Columns[i]}
		}
	}
	return at
}
