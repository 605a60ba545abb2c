package connector

import "strings"

// color reads #RRGGBB.
func (r *reader) color(d *node, p *Param, text string) string {
	if len(text) != 7 || text[0] != '#' || strings.Trim(text[1:], "0123456789abcdef") != "" {
		r.Note("FL-07", d.at(), "A rowTextColor of parameter %d is %q; a colour is written #RRGGBB. It is ignored.", p.ID, Shorten(text))
		return ""
	}
	return text
}

// rowColors marks the columns whose entries colour the rows of their table.
func (r *reader) rowColors() {
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
