package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// displayReader reads Display of a parameter.
type displayReader struct {
	*draft
	wide map[string]bool // pages that 2.44.5 was said of
}

// maxPositions bounds how many places one parameter has on pages.
const maxPositions = 100

func (r *displayReader) read(n *node, p *Param) {
	if n == nil {
		return
	}
	p.RTDisplay = r.flag(n.child("RTDisplay"), "RTDisplay", n.value("RTDisplay"))
	p.Ignored.OnAppLevel = strings.EqualFold(n.child("RTDisplay").attr("onAppLevel"), "true")
	p.Units = n.value("Units")
	p.Low = r.decimal(n.path("Range", "Low"), "The lower end of the range", "2.32.4")
	p.High = r.decimal(n.path("Range", "High"), "The upper end of the range", "2.33.4")
	if p.Low != nil && p.High != nil && *p.Low > *p.High {
		r.Note("2.11.4", n.child("Range").at(), "The range of parameter %d goes from %s to %s: the lower end is the larger number. It is ignored.",
			p.ID, element.FormatNumber(*p.Low), element.FormatNumber(*p.High))
		p.Low, p.High = nil, nil
	}
	if p.Step = r.decimal(n.child("Steps"), "Steps", "FL-07"); p.Step != nil && *p.Step <= 0 {
		p.Step = nil
	}
	if text := n.value("Decimals"); text != "" {
		d := r.number(n.child("Decimals"), "Decimals", text, 0, 15)
		p.Decimals = &d
	}
	r.ignoreChildren(n, "Protocol/Params/Param/Display", "Trending")
	r.positions(n.child("Positions"), p)
	r.dynamicUnits(n.child("DynamicUnits"), p)
	if len(p.Positions) > 0 && !p.RTDisplay {
		r.Note("2.57.2", n.at(), "Parameter %d has a position on a page but RTDisplay is not true: it is not shown.", p.ID)
	}
}

// positions reads where a parameter is shown.
func (r *displayReader) positions(n *node, p *Param) {
	for _, at := range n.children("Position") {
		if len(p.Positions) == maxPositions {
			r.Note("FL-09", at.at(), "Only the first %d positions of parameter %d are read.", maxPositions, p.ID)
			return
		}
		page := at.child("Page")
		if page.trimmed() == "" {
			r.Note(pick(page == nil, "2.22.2", "2.22.3"), at.at(), "A position of parameter %d has no Page.", p.ID)
			at.skipAll()
			continue
		}
		place := Position{
			Page: page.trimmed(), Measurement: element.Measurement(strings.ToLower(page.attr("measType"))),
			Row:    r.coordinate(at, p, "Row", [3]string{"2.43.1", "2.43.2", "2.43.3"}, 100_000),
			Column: r.coordinate(at, p, "Column", [3]string{"2.44.1", "2.44.2", "2.44.3"}, 1000),
		}
		if p.Group != element.GroupEnd && slices.ContainsFunc(p.Positions, func(q Position) bool { return FoldName(q.Page) == FoldName(place.Page) }) {
			r.Note("2.22.5", at.at(), "Parameter %d is on the page %q twice.", p.ID, Shorten(place.Page))
		}
		if k := FoldName(place.Page); place.Column > 1 && !r.wide[k] {
			r.wide[k] = true
			r.Note("2.44.5", at.at(), "The page %q has more than 2 columns; pages of DataMiner have 2.", Shorten(place.Page))
		}
		p.Positions = append(p.Positions, place)
	}
}

// coordinate reads a Row or Column; rules are for a missing, an empty and a
// wrong one, which all mean 0.
func (r *displayReader) coordinate(n *node, p *Param, tag string, rules [3]string, most int) int {
	c := n.child(tag)
	text := c.trimmed()
	if text == "" {
		r.Note(pick(c == nil, rules[0], rules[1]), n.at(), "A position of parameter %d has no %s; 0 is used.", p.ID, tag)
		return 0
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < 0 || v > most {
		r.Note(rules[2], c.at(), "%s %q of a position of parameter %d is not a number from 0 to %d; 0 is used.", tag, Shorten(text), p.ID, most)
		return 0
	}
	return v
}

func (r *displayReader) dynamicUnits(n *node, p *Param) {
	for _, u := range n.children("Unit") {
		if u.trimmed() == "" || len(p.DynamicUnits) == maxPositions {
			continue
		}
		unit := DynamicUnit{Unit: u.trimmed()}
		if text := u.attr("decimals"); text != "" {
			d := r.number(u, "Unit@decimals", text, 0, 15)
			unit.Decimals = &d
		}
		p.DynamicUnits = append(p.DynamicUnits, unit)
	}
}
