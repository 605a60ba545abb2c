package connector

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// pageReader lays the parameters out on pages.
type pageReader struct {
	*draft
	display *node                        // nil when there is none
	rows    map[string][]element.PageRow // of every page, by its folded name
	names   map[string]string            // of every page, as written
	placed  map[string]bool              // pages that are in the list, by their folded names
}

// pages lays the parameters out (documentation pages Protocol.Display and
// Protocol.Params.Param.Display.Positions).
func (r *pageReader) pages(root *node) {
	n := root.child("Display")
	r.display = n
	r.ignoreAttrs(n, "Protocol/Display", "wideColumnPages")
	r.collect()
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
		r.Note("1.28.1", root.at(), "The connector has no Display: its pages are in alphabetical order, the first one is shown first.")
	} else if !ordered || order == "" {
		r.Note("1.22.1", n.at(), "Display@pageOrder is missing; the pages are in alphabetical order.")
	}
	if order != "" {
		for entry := range strings.SplitSeq(order, ";") {
			r.page(strings.TrimSpace(entry))
		}
	}
	for _, popup := range []bool{false, true} {
		for _, folded := range slices.Sorted(maps.Keys(r.rows)) {
			if !r.placed[folded] && buttons[folded] == popup {
				r.placed[folded] = true
				r.def.Pages = append(r.def.Pages, element.Page{Name: r.names[folded], Popup: popup, Rows: r.rows[folded]})
			}
		}
	}
	r.slugs()
	r.visibility()
	r.defaultPage()
}

// page adds one entry of pageOrder.
func (r *pageReader) page(entry string) {
	name, link, isLink := strings.Cut(entry, "#")
	name = strings.TrimSpace(name)
	folded := FoldName(name)
	switch {
	case entry == "":
	case len(entry) >= 3 && strings.Trim(entry, "-") == "":
		r.def.Pages = append(r.def.Pages, element.Page{Separator: true})
	case isLink:
		r.placeholders(link)
		r.def.Pages = append(r.def.Pages, element.Page{Name: name, Link: strings.TrimSpace(link)})
	case r.placed[folded]:
		r.Note("1.22.9", r.display.at(), "The page %q is in pageOrder twice.", Shorten(name))
	case r.rows[folded] == nil:
		r.Note("1.22.8", r.display.at(), "The page %q is in pageOrder, but no parameter is on it.", Shorten(name))
	default:
		r.placed[folded] = true
		r.def.Pages = append(r.def.Pages, element.Page{Name: name, Rows: r.rows[folded]})
	}
}

// placeholders checks the parameters that the address of a web page names.
func (r *pageReader) placeholders(link string) {
	for part := range strings.SplitSeq(link, "[id:") {
		text, _, closed := strings.Cut(part, "]")
		id, err := strconv.Atoi(text)
		if !closed || err != nil {
			continue
		}
		switch p := r.def.params[element.ParamID(id)]; {
		case p == nil:
			r.Note("1.22.11", r.display.at(), "A page of pageOrder refers to parameter %d, which does not exist.", id)
		case !p.RTDisplay:
			r.Note("1.22.12", r.display.at(), "A page of pageOrder refers to parameter %d, whose RTDisplay is not true.", id)
		}
	}
}

// collect collects the rows of every page, by folded name, in the order in which
// they are read: column by column, top to bottom.
func (r *pageReader) collect() {
	r.rows, r.names = map[string][]element.PageRow{}, map[string]string{}
	for _, p := range r.def.Params {
		if !p.RTDisplay || !p.Type.IsShown() {
			continue
		}
		for _, at := range p.Positions {
			page := FoldName(at.Page)
			if r.names[page] == "" {
				r.names[page] = at.Page
			}
			row := element.PageRow{Row: at.Row, Column: at.Column, Measurement: at.Measurement}
			if p.Type.IsWrite() {
				if read := r.def.params[p.ReadID]; read != nil && read.RTDisplay && read.isAt(page, at) {
					continue // the row of the read parameter has it
				}
				row.Write = p.ID
			} else {
				row.Read = p.ID
				if write := r.def.params[p.WriteID]; write != nil && write.RTDisplay && write.isAt(page, at) {
					row.Write = write.ID
				}
			}
			r.rows[page] = append(r.rows[page], row)
		}
	}
	for _, list := range r.rows {
		slices.SortStableFunc(list, func(a, b element.PageRow) int {
			return cmp.Or(cmp.Compare(a.Column, b.Column), cmp.Compare(a.Row, b.Row))
		})
	}
}

// slugs gives each page a name for addresses.
func (r *pageReader) slugs() {
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

// defaultPage finds the page to show first.
func (r *pageReader) defaultPage() {
	n := r.display
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

// visibility reads when the pages are shown.
func (r *pageReader) visibility() {
	for _, page := range r.display.child("Pages").children("Page") {
		name := page.value("Name")
		if name == "" {
			name = page.attr("name")
		}
		v := page.child("Visibility")
		if v == nil {
			continue
		}
		see := element.Visibility{Default: !strings.EqualFold(v.attr("default"), "false"), Value: v.attr("value")}
		what := "The visibility of the page " + strconv.Quote(Shorten(name))
		if text, ok := v.lookup("overridePID"); ok {
			if see.Param = r.pid(v, what, text, "1.27.4"); see.Param != 0 {
				r.mention(v.at(), what, see.Param, "1.27.4", "1.27.5")
			}
			if text == "" {
				r.Note("1.27.2", v.at(), "%s has an empty overridePID.", what)
			}
		}
		if p := r.def.params[see.Param]; see.Param != 0 && p == nil {
			see.Param = 0
		}
		if at := slices.IndexFunc(r.def.Pages, func(p element.Page) bool { return !p.Separator && FoldName(p.Name) == FoldName(name) }); at >= 0 {
			r.def.Pages[at].Visible = &see
		}
	}
}

// isAt reports whether the parameter has that place.
func (p *Param) isAt(page string, at Position) bool {
	return slices.ContainsFunc(p.Positions, func(q Position) bool {
		return FoldName(q.Page) == page && q.Row == at.Row && q.Column == at.Column
	})
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
