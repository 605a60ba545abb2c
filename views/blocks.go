package views

import (
	"strings"

	"fieldline/element"
)

// block is a part of a page: rows under a title, in a box when the connector
// draws one around them (documentation page Measurement.Type-options, title
// with begin and end).
type block struct {
	Title *row // nil: rows without a title
	Boxed bool
	Rows  []row
}

// blocksOf arranges the rows of a page. A box ends at its end, at the next
// column or at the next title that begins one.
func blocksOf(rows []row) []block {
	var all []block
	boxed := false
	column := 0
	for i, r := range rows {
		if boxed && r.column != column {
			boxed = false
			all = append(all, block{})
		}
		column = r.column
		switch {
		case !isTitle(r):
			if len(all) == 0 {
				all = append(all, block{})
			}
			last := &all[len(all)-1]
			last.Rows = append(last.Rows, r)
		case r.read.Group == element.GroupEnd:
			if boxed {
				boxed = false
				all = append(all, block{})
			}
		case boxed && r.read.Group != element.GroupBegin:
			last := &all[len(all)-1]
			last.Rows = append(last.Rows, r)
		default:
			boxed = r.read.Group == element.GroupBegin
			all = append(all, block{Title: &rows[i], Boxed: boxed})
		}
	}
	return all
}

// isTitle reports whether a row is a heading.
func isTitle(r row) bool {
	return r.read.Measurement == element.MeasureTitle ||
		!r.canSet && r.read.Type == "fixed" && r.read.Title != "" && r.read.Measurement == element.MeasureNone
}

func titleOf(r row) string {
	if r.read.Title != "" {
		return r.read.Title
	}
	return r.label()
}

// pageLink is what a page button offers: a page of the connector. URL is ""
// when the connector has no such page.
type pageLink struct{ Words, URL string }

// pageLinks are where a page button leads: to the pages that its entries name.
func pageLinks(r row) []pageLink {
	var links []pageLink
	for _, d := range r.chooses().Discreets {
		l := pageLink{Words: d.Display}
		for _, pg := range r.pages {
			if pg.Slug != "" && (strings.EqualFold(pg.Name, d.Value) || strings.EqualFold(pg.Name, d.Display)) {
				l.URL = pageAddress(r.layout, r.id, pg.Slug)
				break
			}
		}
		links = append(links, l)
	}
	return links
}

// pageAddress is a page of an element with or without the shell, as the page
// that is drawn.
func pageAddress(l Layout, id element.ID, slug string) string {
	if l.Embed {
		return l.URLs.Embed(id, slug)
	}
	return l.URLs.Page(id, slug)
}

// opener is the page with the button that leads to a popup page; ok is false
// when no page has one.
func opener(v element.View, popup element.Page) (page element.Page, ok bool) {
	for _, pg := range v.Pages {
		for _, pr := range pg.Rows {
			info := v.Infos[pr.Write]
			if info.Measurement != element.MeasurePageButton {
				continue
			}
			for _, d := range info.Discreets {
				if strings.EqualFold(d.Value, popup.Name) && pg.Slug != popup.Slug {
					return pg, true
				}
			}
		}
	}
	return element.Page{}, false
}
