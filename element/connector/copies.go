package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// duplicates reads which parameters repeat the value.
func (r *reader) duplicates(n *node, p *Param) {
	what := "duplicateAs of parameter " + strconv.Itoa(int(p.ID))
	for text := range strings.SplitSeq(n.attr("duplicateAs"), ",") {
		to := r.pid(n, what, strings.TrimSpace(text), "FL-13")
		if to == 0 || len(p.DuplicateAs) >= maxContent || !r.room() {
			continue
		}
		p.DuplicateAs = append(p.DuplicateAs, to)
	}
}

// describeCopies makes the columns of view tables that no Param describes:
// they are as the parameter that they repeat (documentation page
// AdvancedViewTablesSameElement).
func (r *reader) describeCopies() {
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
			k := key{"parameter", int(id)}
			if _, there := r.have[k]; there || !columns[id] || isWrite(p.Type) {
				continue
			}
			r.have[k] = p.Pos
			r.need(k, key{"parameter", int(p.ID)}, "FL-42", p.Pos)
			c := p.likeness(id, i+1)
			r.def.Params = append(r.def.Params, c)
			r.def.params[id] = c
		}
	}
}

// likeness is the column that repeats p: shown the same way, and none of what
// p does. DataMiner numbers the names of such columns.
func (p *Param) likeness(id element.ParamID, nr int) *Param {
	c := &Param{
		ParamInfo: p.ParamInfo, Type: TypeRead, RTDisplay: p.RTDisplay, Interprete: p.Interprete, Exceptions: p.Exceptions,
		DynamicUnits: p.DynamicUnits, Pos: p.Pos,
		letters: p.letters, notation: p.notation, units: p.units, repeats: true,
	}
	c.ID, c.Name = id, strconv.Itoa(nr)+"_"+p.Name
	c.Saved, c.ReadID, c.WriteID, c.Feeds = false, 0, 0, element.Feeds{}
	return c
}

// copies keeps those of duplicateAs that can be carried out, and finds out
// whose rows the view tables have.
func (r *reader) copies() {
	tables := map[element.ParamID]*Param{} // by column
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			tables[c.Param] = p
		}
		if v := p.Table.View; v != 0 && (r.def.params[v] == nil || r.def.params[v].Table == nil || v == p.ID) {
			r.note("FL-13", p.Pos, "The option view of table %d is %d, which is no other table; it is ignored.", p.ID, v)
			p.Table.View = 0
		}
	}
	filled := map[element.ParamID]element.ParamID{} // what a parameter repeats
	sources, bases := map[element.ParamID]bool{}, map[element.ParamID]bool{}
	for _, p := range r.def.Params {
		p.DuplicateAs = slices.DeleteFunc(p.DuplicateAs, func(id element.ParamID) bool {
			to := r.def.params[id]
			if to == nil {
				r.note("FL-13", p.Pos, "The attribute duplicateAs of parameter %d refers to parameter %d, which does not exist; it is ignored.", p.ID, id)
				return true
			}
			why := p.cannotCopyTo(to)
			from, into := tables[p.ID], tables[id]
			switch {
			case why != "":
			case sources[id] || filled[p.ID] != 0:
				why = "a copy is not copied on"
			case filled[id] != 0:
				why = "it repeats parameter " + strconv.Itoa(int(filled[id]))
			case into != nil && (bases[into.ID] || r.isBased(into.Table.View)), from != nil && from.Table.Base != 0:
				why = "a table that repeats another is not repeated"
			default:
				why = r.rowsFit(from, into, p, to)
			}
			if why != "" {
				r.note("FL-42", p.Pos, "Parameter %d is not repeated by parameter %d (duplicateAs): %s.", p.ID, id, why)
				return true
			}
			if into != nil {
				r.based(into.Table, from, to)
				bases[into.Table.Base], bases[from.ID] = true, true
			}
			filled[id], sources[p.ID] = p.ID, true
			return false
		})
	}
	r.idleViews(filled)
}

// idleViews names options view that no duplicateAs says as well: those alone
// fill nothing here.
func (r *reader) idleViews(filled map[element.ParamID]element.ParamID) {
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		if p.Table.View != 0 && p.Table.Base == 0 {
			r.note("FL-02", p.Pos, "The option view of table %d has no effect in this program: no duplicateAs fills its columns.", p.ID)
		}
		for _, c := range p.Table.Columns {
			if c.View != "" && c.Via == 0 && c.View != strconv.Itoa(int(filled[c.Param])) {
				r.idle("Option view="+shorten(c.View)+" of Protocol/Params/Param/ArrayOptions/ColumnOption", p.Pos)
			}
		}
	}
}

// based notes whose rows a view table has, and the foreign key that leads from
// them to what a column repeats.
func (r *reader) based(t *Table, from, to *Param) {
	c := t.column(to.ID)
	if via, ok := c.through(); ok {
		c.Via, t.Base = via, t.View
		return
	}
	t.Base = from.ID
}

func (r *reader) isBased(id element.ParamID) bool {
	p := r.def.params[id]
	return p != nil && p.Table != nil && p.Table.Base != 0
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
	case isWrite(p.Type):
		return "only what is read is repeated"
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

// rowsFit says why a column, or a parameter that is none, cannot repeat
// another; "" when it can. from and into are their tables, nil for none.
func (r *reader) rowsFit(from, into, p, to *Param) string {
	switch {
	case from == nil && into == nil:
		return ""
	case from == nil || into == nil:
		return "one of them is a column of a table and the other is not"
	case from == into:
		return "both are columns of one table"
	}
	c := into.Table.column(to.ID)
	if strings.Contains(c.View, ":") {
		return r.pathFits(into.Table, c, p)
	}
	if base := into.Table.rowsOf(); base != 0 && base != from.ID {
		return "the rows of table " + strconv.Itoa(int(into.ID)) + " are those of table " + strconv.Itoa(int(base))
	}
	switch {
	case c.Idx == into.Table.Index && from.Table.column(p.ID).Idx != from.Table.Index:
		return "only a key is repeated in a key column"
	case c.Type == "displaykey" || c.Type == "state" || c.Type == "autoincrement":
		return "its column is of the type " + c.Type
	}
	return ""
}

// pathFits says why a column cannot repeat p by way of a foreign key.
func (r *reader) pathFits(t *Table, c *Column, p *Param) string {
	via, ok := c.through()
	base := r.def.params[t.View]
	switch {
	case !ok:
		return "only one foreign key is followed, and none to other elements"
	case base == nil || t.Base != 0 && t.Base != t.View:
		return "the option view of its table does not name the table of the foreign key"
	case base.Table.column(via) == nil:
		return "parameter " + strconv.Itoa(int(via)) + " is no column of table " + strconv.Itoa(int(t.View))
	case !strings.HasSuffix(c.View, ":"+strconv.Itoa(int(p.ID))):
		return "the option view of its column is " + shorten(c.View)
	case c.Idx == t.Index:
		return "only a key is repeated in a key column"
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

// column finds a column by its parameter, nil when there is none.
func (t *Table) column(id element.ParamID) *Column {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Param == id })
	if i < 0 {
		return nil
	}
	return &t.Columns[i]
}
