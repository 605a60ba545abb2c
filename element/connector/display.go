package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// DynamicUnit is one unit that a value may be shown in, by its magnitude
// (documentation page Protocol.Params.Param.Display.DynamicUnits).
type DynamicUnit struct {
	Unit     string
	Decimals *int
}

// mention records that something refers to a parameter; the rules are for one
// that does not exist, and for one whose RTDisplay is not true.
func (r *reader) mention(at Pos, what string, id element.ParamID, missing, hidden string) {
	r.def.Mentions = append(r.def.Mentions, Mention{at, what, id, missing, hidden, ""})
}

// idle names a construct that is read but has no effect, once for its path.
func (r *reader) idle(what string, at Pos) {
	l := r.unrun[what]
	if l.count == 0 {
		l.first = at
	}
	l.count++
	r.unrun[what] = l
	if r.marks != nil && strings.HasPrefix(what, "Protocol/") {
		r.marks.idle = append(r.marks.idle, at)
	}
}

// positions reads where a parameter is shown.
func (r *reader) positions(n *node, p *Param) {
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
func (r *reader) coordinate(n *node, p *Param, tag string, rules [3]string, most int) int {
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

func (r *reader) dynamicUnits(n *node, p *Param) {
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

// dependencies reads what a list or a set depends on: Discreets@dependencyId,
// Discreet@dependencyValues and Dependencies/Id.
func (r *reader) dependencies(n *node, p *Param) {
	list := n.path("Measurement", "Discreets")
	if text, ok := list.lookup("dependencyId"); ok {
		what := "Discreets@dependencyId of parameter " + strconv.Itoa(int(p.ID))
		if p.DependsOn = r.pid(list, what, text, "2.54.3"); p.DependsOn != 0 {
			r.mention(list.at(), what, p.DependsOn, "2.54.4", "2.54.6")
		}
	}
	for i, d := range list.children("Discreet") {
		if text, ok := d.lookup("dependencyValues"); ok && i < len(p.Discreets) {
			r.entryValues(d, p, &p.Discreets[i], text)
		}
	}
	for _, id := range n.child("Dependencies").children("Id") {
		after := r.flag(id, "Dependencies/Id@postSet", id.attr("postSet"))
		p.Ignored.Dependencies = true
		if after {
			r.idle("Attribute postSet of Protocol/Params/Param/Dependencies/Id", id.at())
		}
		what := "Dependencies/Id of parameter " + strconv.Itoa(int(p.ID))
		if to := r.pid(id, what, id.trimmed(), "2.67.3"); to != 0 {
			r.mention(id.at(), what, to, "2.67.3", "2.67.5")
			if !after && len(p.Needs) < maxContent {
				p.Needs = append(p.Needs, to)
			}
		}
		if !p.RTDisplay {
			r.Note("2.67.4", id.at(), "Parameter %d has Dependencies, but its RTDisplay is not true.", p.ID)
		}
	}
}

// alarm checks Alarm. No alarm is raised on values by this program.
func (r *reader) alarm(n *node, p *Param) {
	if n == nil {
		return
	}
	m := n.child("Monitored")
	switch text := m.lower(); text {
	case "":
		r.Note(pick(m == nil, "2.24.2", "2.24.3"), n.at(), "Alarm of parameter %d does not say whether it is Monitored.", p.ID)
	case "false":
	case "true":
		p.Ignored.Monitored = true
		if r.count["FL-14"] == 0 {
			r.Note("FL-14", n.at(), "Parameters are monitored for alarms here; this program raises no alarms on values, thresholds have no effect.")
		}
		if !p.RTDisplay {
			r.Note("2.24.6", n.at(), "Parameter %d is monitored, but its RTDisplay is not true.", p.ID)
		}
		limits := slices.ContainsFunc(n.kids, func(k *node) bool { return k != m && k.trimmed() != "" })
		if !limits {
			r.Note("2.5.1", n.at(), "Parameter %d is monitored without any default threshold.", p.ID)
		}
	default:
		r.Note("2.24.4", m.at(), "Monitored of parameter %d is %q; it is true or false.", p.ID, Shorten(text))
	}
	if text, ok := m.lookup("disabledIf"); ok {
		pid, _, given := strings.Cut(text, ",")
		what := "Monitored@disabledIf of parameter " + strconv.Itoa(int(p.ID))
		if id := r.pid(m, what, strings.TrimSpace(pid), "2.72.3"); id != 0 && given {
			r.def.Mentions = append(r.def.Mentions, Mention{m.at(), what, id, "2.72.4", "2.72.6", "2.72.5"})
		} else if id != 0 || pid == "" {
			r.Note("2.72.3", m.at(), "%s is %q; it is the id of a parameter, a comma and a value.", what, Shorten(text))
		}
	}
	n.skipAll()
}

// visibility reads when the pages are shown.
func (r *reader) visibility(n *node) {
	for _, page := range n.child("Pages").children("Page") {
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
