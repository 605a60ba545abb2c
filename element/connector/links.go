package connector

import (
	"slices"

	"fieldline/element"
)

// linker ties together what the file says in several places, once all of it is
// read.
type linker struct{ *draft }

// twins links read and write parameters of the same Name (documentation page
// UIComponentsLabel) and reports names that are used twice otherwise.
func (r linker) twins() {
	d := r.def
	for _, p := range d.Params {
		name := FoldName(p.Name)
		for _, other := range d.byName[name] {
			read, write := other, p
			if read.Type.IsWrite() {
				read, write = p, other
			}
			if !isReadable(read.Type) || !write.Type.IsWrite() || read.WriteID != 0 || write.ReadID != 0 || r.off[Item{"parameter", int(other.ID)}] {
				if name != "" {
					r.disable(Item{"parameter", int(p.ID)}, "2.2.6", p.Pos, "Parameters %d and %d are both named %q and are not one read and one write parameter; %d is disabled.", other.ID, p.ID, Shorten(p.Name), p.ID)
				}
				break
			}
			read.WriteID, write.ReadID = write.ID, read.ID
			read.Deviation = max(read.Deviation, write.Deviation)
		}
		d.byName[name] = append(d.byName[name], p)
	}
	for _, p := range d.Params {
		if p.Table == nil {
			continue
		}
		for i := range p.Table.Columns {
			if col := d.params[p.Table.Columns[i].Param]; col != nil {
				p.Table.Columns[i].Write = col.WriteID
			}
		}
	}
}

// menus ties the context menus to their tables.
func (r linker) menus() {
	owned := map[element.ParamID]bool{}
	for _, p := range r.def.Params {
		for i := range p.Discreets {
			d := &p.Discreets[i]
			d.Prompts = slices.DeleteFunc(d.Prompts, func(q element.Prompt) bool { return r.def.params[q.Param] == nil })
			if d.Enabled != nil && r.def.params[d.Enabled.Param] == nil {
				d.Enabled = nil
			}
		}
	}
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		for _, menu := range r.def.byName[FoldName(p.Name)+menuSuffix] {
			if menu.Type.IsWrite() {
				p.Menu, owned[menu.ID] = menu.ID, true
			}
		}
	}
	for _, p := range r.def.Params {
		if p.IsMenu() && !owned[p.ID] {
			r.Note("FL-13", p.Pos, "Parameter %d (%s) is named like the context menu of a table, but there is no such table.", p.ID, Shorten(p.Name))
		}
	}
}

// locks gives each option custom=disableWrite to the parameter that writes the
// column, and leaves out those that name no other column of its table.
func (r linker) locks() {
	at := r.def.columnsAt()
	for _, p := range r.def.Params {
		if p.Locked == nil {
			continue
		}
		lock, column, write := p.Locked, p.ID, p
		p.Locked = nil
		if p.Type.IsWrite() {
			column = p.ReadID
		} else {
			write = r.def.params[p.WriteID]
		}
		switch table := at[column].table; {
		case table == nil || lock.Param == column || at[lock.Param].table != table:
			r.Note("FL-13", p.Pos, "The option custom=disableWrite of parameter %d names parameter %d, which is not another column of its table; it is ignored.", p.ID, lock.Param)
		case write == nil:
			r.Note("FL-02", p.Pos, "The option custom=disableWrite of parameter %d has no effect in this program: no parameter writes the column.", p.ID)
		default:
			write.Locked = lock
		}
	}
}

// rowColors marks the columns whose entries colour the rows of their table.
func (r linker) rowColors() {
	for _, p := range r.def.Params {
		if p.Table == nil {
			continue
		}
		for _, c := range p.Table.Columns {
			if col := r.def.params[c.Param]; col != nil {
				col.ColorsRows = c.ColorsRows
			}
		}
	}
}

// link finds the parameters that Others and Dependencies refer to.
func (r linker) link() {
	for _, p := range r.def.Params {
		for _, id := range p.Needs {
			if q := r.def.params[id]; q != nil {
				p.needs = append(p.needs, q)
			}
		}
		for i := range p.Interprete.Others {
			o := &p.Interprete.Others[i]
			if of := r.def.params[o.Param]; of != nil {
				o.Of = &of.Interprete
			}
		}
	}
}

// general adds the general parameters to those that Param finds.
func (r linker) general() {
	for _, p := range generalParams() {
		r.def.params[p.ID] = p
	}
}

func isReadable(t ParamType) bool {
	switch t {
	case TypeRead, "read bit", TypeHeader, TypeTrailer, TypeArray, "matrix":
		return true
	}
	return false
}
