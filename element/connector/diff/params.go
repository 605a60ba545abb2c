package diff

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
	"fieldline/element/connector"
)

func decimalWords(f *float64) string {
	if f == nil {
		return ""
	}
	return element.FormatNumber(*f)
}

func rangeWords(low, high *float64) string {
	if low == nil && high == nil {
		return ""
	}
	return cmp.Or(decimalWords(low), "…") + " to " + cmp.Or(decimalWords(high), "…")
}

func entryWords(p *connector.Param) string {
	var list []string
	for _, d := range p.Discreets {
		list = append(list, d.Value+"="+d.Display)
	}
	return strings.Join(list, ", ")
}

func valueWords(p *connector.Param) string {
	if p.IsNumber {
		return "number"
	}
	return "text"
}

// paramProperties are what Compare looks at of a parameter. The value that a
// password starts with is left out.
func paramProperties() []property[*connector.Param] {
	return []property[*connector.Param]{
		{"name", func(p *connector.Param) string { return p.Name }},
		{"description", func(p *connector.Param) string { return p.Description }},
		{"type", func(p *connector.Param) string { return string(p.Type) }},
		{"value", valueWords},
		{"raw type", func(p *connector.Param) string { return string(p.Interprete.RawType) }},
		{"length", func(p *connector.Param) string {
			if p.Interprete.LengthType != codec.LengthFixed {
				return string(p.Interprete.LengthType)
			}
			return "fixed, " + strconv.Itoa(p.Interprete.Length) + " bytes"
		}},
		{"saved", func(p *connector.Param) string { return yesNo(p.Saved) }},
		{"unit", func(p *connector.Param) string { return p.Units }},
		{"range", func(p *connector.Param) string { return rangeWords(p.Low, p.High) }},
		{"range of what is received", func(p *connector.Param) string { return rangeWords(p.Interprete.Low, p.Interprete.High) }},
		{"step", func(p *connector.Param) string { return decimalWords(p.Step) }},
		{"decimals", func(p *connector.Param) string {
			if p.Decimals == nil {
				return ""
			}
			return strconv.Itoa(*p.Decimals)
		}},
		{"look", func(p *connector.Param) string { return string(p.Measurement) }},
		{"entries", entryWords},
		{"exceptions", func(p *connector.Param) string {
			var list []string
			for _, e := range p.Interprete.Exceptions {
				list = append(list, e.Match+"="+e.Display)
			}
			return strings.Join(list, ", ")
		}},
		{"value at first", func(p *connector.Param) string {
			if !p.HasDefault || p.Password {
				return ""
			}
			return strconv.Quote(p.Default.String())
		}},
		{"a password", func(p *connector.Param) string { return yesNo(p.Password) }},
		{"copy to the read parameter", func(p *connector.Param) string { return yesNo(p.Setter) }},
		{"connection whose address it is", func(p *connector.Param) string {
			if p.DynamicIP == nil {
				return ""
			}
			return strconv.Itoa(*p.DynamicIP)
		}},
		{"question before a set", func(p *connector.Param) string { return p.Confirm }},
		{"shown", func(p *connector.Param) string { return yesNo(p.RTDisplay) }},
		{"places", func(p *connector.Param) string {
			var list []string
			for _, at := range p.Positions {
				list = append(list, fmt.Sprintf("%s, row %d, column %d", at.Page, at.Row, at.Column))
			}
			return strings.Join(list, "; ")
		}},
	}
}

func (c *comparison) params() {
	properties := paramProperties()
	for _, p := range byID(c.from.Params, c.to.Params, func(p **connector.Param) int { return int((*p).ID) }) {
		switch {
		case p[0] == nil:
			c.added(paramSubject(*p[1]))
		case p[1] == nil:
			c.removed(paramSubject(*p[0]), c.namesake(*p[0]))
		default:
			altered(c, paramSubject(*p[1]), *p[0], *p[1], properties)
		}
	}
}

func paramSubject(p *connector.Param) subject {
	return subject{area: element.AreaParameter, item: "parameter", id: int(p.ID), name: p.Name}
}

// namesake says that a parameter which is gone seems to have another id now.
func (c *comparison) namesake(p *connector.Param) string {
	for _, q := range c.to.ParamsNamed(p.Name) {
		if q.Type == p.Type && c.from.Param(q.ID) == nil {
			return fmt.Sprintf(" Parameter %d has its name and is new: values do not move from one id to another.", q.ID)
		}
	}
	return ""
}

func (c *comparison) tables() {
	for _, p := range byID(c.from.Params, c.to.Params, func(p **connector.Param) int { return int((*p).ID) }) {
		var from, to *connector.Table
		x := cmp.Or(p[1], p[0])
		if p[0] != nil {
			from = (*p[0]).Table
		}
		if p[1] != nil {
			to = (*p[1]).Table
		}
		s := subject{area: element.AreaTable, item: "table", id: int((*x).ID), name: (*x).Name}
		switch {
		case from == nil && to == nil:
		case from == nil:
			c.added(s)
		case to == nil:
			c.removed(s, "")
		default:
			altered(c, s, from, to, []property[*connector.Table]{
				{"key column", func(t *connector.Table) string { return strconv.Itoa(t.Index) }},
				{"names of rows", func(t *connector.Table) string { return strings.Join(t.Naming, " ") }},
				{"forgotten at a restart", func(t *connector.Table) string { return yesNo(t.Volatile) }},
			})
			c.columns((*x).ID, from, to)
		}
	}
}

func (c *comparison) columns(table element.ParamID, from, to *connector.Table) {
	for _, p := range byID(from.Columns, to.Columns, func(x *connector.Column) int { return int(x.Param) }) {
		x := cmp.Or(p[1], p[0])
		s := subject{area: element.AreaTable, item: "column", id: int(x.Param), table: table}
		if q := cmp.Or(c.to.Param(x.Param), c.from.Param(x.Param)); q != nil {
			s.name = q.Name
		}
		switch {
		case p[0] == nil:
			c.added(s)
		case p[1] == nil:
			c.removed(s, "")
		default:
			altered(c, s, p[0], p[1], []property[*connector.Column]{
				{"place", func(x *connector.Column) string { return strconv.Itoa(x.Idx) }},
				{"type", func(x *connector.Column) string { return x.Type }},
				{"saved", func(x *connector.Column) string { return yesNo(x.Saved) }},
				{"table that it refers to", func(x *connector.Column) string { return paramWords(x.ForeignKey) }},
			})
		}
	}
}
