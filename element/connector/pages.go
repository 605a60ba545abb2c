package connector

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// pages lays the parameters out (documentation pages Protocol.Display and
// Protocol.Params.Param.Display.Positions).
func (r *reader) pages(n *node) {
	r.unheardAttrs(n, "Protocol/Display", "wideColumnPages")
	rows, names := r.rows()
	buttons := map[string]bool{}
	for _, p := range r.def.Params {
		if p.Measurement == element.MeasurePageButton {
			for _, d := range p.Discreets {
				buttons[FoldName(d.Value)] = true
			}
		}
	}
	order, ordered := n.lookup("pageOrder")
	if n == nil {
		r.Note("1.28.1", r.root.at(), "The connector has no Display: its pages are in alphabetical order, the first one is shown first.")
	} else if !ordered || order == "" {
		r.Note("1.22.1", n.at(), "Display@pageOrder is missing; the pages are in alphabetical order.")
	}
	placed := map[string]bool{}
	if order != "" {
		for entry := range strings.SplitSeq(order, ";") {
			r.page(n, strings.TrimSpace(entry), rows, placed)
		}
	}
	for _, popup := range []bool{false, true} {
		for _, folded := range slices.Sorted(maps.Keys(rows)) {
			if !placed[folded] && buttons[folded] == popup {
				placed[folded] = true
				r.def.Pages = append(r.def.Pages, element.Page{Name: names[folded], Popup: popup, Rows: rows[folded]})
			}
		}
	}
	r.slugs()
	r.visibility(n)
	r.defaultPage(n)
}

// page adds one entry of pageOrder.
func (r *reader) page(n *node, entry string, rows map[string][]element.PageRow, placed map[string]bool) {
	name, link, isLink := strings.Cut(entry, "#")
	name = strings.TrimSpace(name)
	folded := FoldName(name)
	switch {
	case entry == "":
	case len(entry) >= 3 && strings.Trim(entry, "-") == "":
		r.def.Pages = append(r.def.Pages, element.Page{Separator: true})
	case isLink:
		r.placeholders(n, link)
		r.def.Pages = append(r.def.Pages, element.Page{Name: name, Link: strings.TrimSpace(link)})
	case placed[folded]:
		r.Note("1.22.9", n.at(), "The page %q is in pageOrder twice.", Shorten(name))
	case rows[folded] == nil:
		r.Note("1.22.8", n.at(), "The page %q is in pageOrder, but no parameter is on it.", Shorten(name))
	default:
		placed[folded] = true
		r.def.Pages = append(r.def.Pages, element.Page{Name: name, Rows: rows[folded]})
	}
}

// placeholders checks the parameters that the address of a web page names.
func (r *reader) placeholders(n *node, link string) {
	for part := range strings.SplitSeq(link, "[id:") {
		text, _, closed := strings.Cut(part, "]")
		id, err := strconv.Atoi(text)
		if !closed || err != nil {
			continue
		}
		switch p := r.def.params[element.ParamID(id)]; {
		case p == nil:
			r.Note("1.22.11", n.at(), "A page of pageOrder refers to parameter %d, which does not exist.", id)
		case !p.RTDisplay:
			r.Note("1.22.12", n.at(), "A page of pageOrder refers to parameter %d, whose RTDisplay is not true.", id)
		}
	}
}

// rows collects the rows of every page, by folded name, in the order in which
// they are read: column by column, top to bottom.
func (r *reader) rows() (map[string][]element.PageRow, map[string]string) {
	rows, names := map[string][]element.PageRow{}, map[string]string{}
	for _, p := range r.def.Params {
		if !p.RTDisplay || !p.Type.IsShown() {
			continue
		}
		for _, at := range p.Positions {
			page := FoldName(at.Page)
			if names[page] == "" {
				names[page] = at.Page
			}
			row := element.PageRow{Row: at.Row, Column: at.Column, Measurement: at.Measurement}
			if p.Type.IsWrite() {
				if read := r.def.params[p.ReadID]; read != nil && read.RTDisplay && read.sits(page, at) {
					continue // the row of the read parameter has it
				}
				row.Write = p.ID
			} else {
				row.Read = p.ID
				if write := r.def.params[p.WriteID]; write != nil && write.RTDisplay && write.sits(page, at) {
					row.Write = write.ID
				}
			}
			rows[page] = append(rows[page], row)
		}
	}
	for _, list := range rows {
		slices.SortStableFunc(list, func(a, b element.PageRow) int {
			return cmp.Or(cmp.Compare(a.Column, b.Column), cmp.Compare(a.Row, b.Row))
		})
	}
	return rows, names
}

// sits reports whether the parameter has that place.
func (p *Param) sits(page string, at Position) bool {
	return slices.ContainsFunc(p.Positions, func(q Position) bool {
		return FoldName(q.Page) == page && q.Row == at.Row && q.Column == at.Column
	})
}

func (r *reader) slugs() {
	taken, next := map[string]bool{}, map[string]int{}
	for i := range r.def.Pages {
		p := &r.def.Pages[i]
		if p.Separator {
			continue
		}
		base := slug(p.Name)
		p.Slug = base
		for taken[p.Slug] {
			next[base]++
			p.Slug = base + "-" + strconv.Itoa(next[base]+1)
		}
		taken[p.Slug] = true
	}
}

// slug writes a name with ASCII letters, digits and single hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		} else if s := b.String(); s != "" && s[len(s)-1] != '-' {
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if s == "" {
		return "page"
	}
	return s
}

func (r *reader) defaultPage(n *node) {
	wanted, given := n.lookup("defaultPage")
	var first string
	for _, p := range r.def.Pages {
		if p.Separator || p.Link != "" {
			continue
		}
		if first == "" && !p.Popup {
			first = p.Slug
		}
		if given && FoldName(p.Name) == FoldName(wanted) {
			r.def.DefaultPage = p.Slug
			return
		}
	}
	r.def.DefaultPage = first
	switch {
	case given && wanted != "":
		r.Note("1.21.3", n.at(), "The default page %q does not exist; the first page is used.", Shorten(wanted))
	case n != nil:
		r.Note("1.21.1", n.at(), "Display@defaultPage is missing; the first page is used.")
	}
}

// loadSequence reads which parameters are loaded first (documentation page
// Protocol.Params-loadSequence).
func (r *reader) loadSequence(n *node) {
	for text := range strings.SplitSeq(n.attr("loadSequence"), ";") {
		id := r.pid(n, "loadSequence", strings.TrimSpace(text), "2.56.3")
		if id == 0 {
			continue
		}
		switch p := r.def.params[id]; {
		case p == nil:
			r.Note("2.56.3", n.at(), "loadSequence names parameter %d, which does not exist; it is ignored.", id)
			continue
		case !p.Saved:
			r.Note("2.56.5", n.at(), "loadSequence names parameter %d, which is not saved; it is ignored.", id)
			continue
		}
		r.def.LoadSequence = append(r.def.LoadSequence, id)
	}
}
