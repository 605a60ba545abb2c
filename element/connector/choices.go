package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
)

// Limits of what a connector says of lists and tables.
const (
	maxWidth = 10_000 // pixels
	maxLines = 1000
)

// DecodeNow is the door for what a person sets at this moment: Decode, what it
// depends on has a value, and a closed list takes only what it offers now.
func (p *Param) DecodeNow(raw element.Value, of element.Lookup) (element.Value, error) {
	v, err := p.Decode(raw)
	if err == nil && p.IsLocked(of) {
		err = p.wrong("cannot be set in this row")
	}
	if err == nil {
		err = p.ready(of)
	}
	if err != nil || !p.Closed() || len(p.Watches()) == 0 {
		return v, err
	}
	var names []string
	for _, o := range p.Offers(of) {
		same := element.SameValue(o.Value, v.String(), p.IsNumber)
		switch {
		case same && !o.Disabled:
			return v, nil
		case !o.Disabled && len(names) < 10:
			names = append(names, strconv.Quote(o.Display))
		}
	}
	if len(names) == 0 {
		return element.Value{}, p.wrong("offers nothing at the moment")
	}
	return element.Value{}, p.wrong("offers at the moment " + strings.Join(names, ", "))
}

// clockOption reads a Measurement option that makes a number a time, and
// reports whether it is one.
func clockOption(p *Param, option string) bool {
	switch c := element.Clock(option); c {
	case element.ClockDate, element.ClockDateTime, element.ClockMinutely, element.ClockSeconds, element.ClockMinutes, element.ClockHours:
		p.Clock = c
	case element.ClockTimeOfDay:
		if p.Clock == element.ClockMinutes {
			p.Clock = element.ClockMinuteOfDay
		} else {
			p.Clock = element.ClockTimeOfDay
		}
	default:
		return false
	}
	return true
}

// IsMenu reports whether the parameter is the context menu of a table, by its
// name.
func (p *Param) IsMenu() bool { return strings.HasSuffix(FoldName(p.Name), menuSuffix) }

const menuSuffix = "_contextmenu"

// entryOptions reads the options of one entry of a list (documentation page
// Discreet-options). What follows script: is all the script's.
func (r *reader) entryOptions(d *node, p *Param, entry *element.Discreet) {
	text, _, script := cutFold(d.attr("options"), "script:")
	entry.Script = script
	entry.Opens = strings.EqualFold(d.child("Value").attr("type"), "open")
	for option := range strings.SplitSeq(text, ";") {
		option = strings.TrimSpace(option)
		name, rest, _ := strings.Cut(option, "=")
		low := strings.ToLower(option)
		if message, ok := cutPrefixFold(option, "confirm:"); ok {
			entry.Confirm = strings.TrimSpace(message)
			continue
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "":
		case "disabled", "enabled":
			entry.Enabled = r.usable(d, p, strings.ToLower(name) == "disabled", rest)
		case "rowtextcolor":
			entry.Color = r.color(d, p, strings.ToLower(strings.TrimSpace(rest)))
		case "separator":
			entry.Separator = true
		case "table:selection":
			entry.Rows = element.RowsSome
		case "table:singleselection":
			entry.Rows = element.RowsOne
		case "level":
			entry.Level = r.number(d, "Discreet@options level", rest, 0, 100)
		default:
			if level, ok := strings.CutPrefix(low, "level:"); ok {
				entry.Level = r.number(d, "Discreet@options level", level, 0, 100)
				continue
			}
			r.Note("FL-02", d.at(), "The option %q of an entry of parameter %d has no effect in this program.", Shorten(option), p.ID)
		}
	}
	if script {
		r.Note("FL-02", d.at(), "An entry of parameter %d starts an automation script; this program has none, the entry cannot be chosen.", p.ID)
	}
}

// cutPrefixFold is strings.CutPrefix without regard to case, for a prefix in
// ASCII: the bytes of s in lower case can be more or fewer than those of s.
func cutPrefixFold(s, prefix string) (after string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// cutFold is strings.Cut without regard to case.
func cutFold(s, sep string) (before, after string, found bool) {
	at := strings.Index(strings.ToLower(s), sep)
	if at < 0 || len(strings.ToLower(s)) != len(s) {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// usable reads disabled=25000,1,2,\empty.
func (r *reader) usable(d *node, p *Param, unless bool, text string) *element.Condition {
	first, rest, _ := strings.Cut(text, ",")
	what := "Discreet@options of parameter " + strconv.Itoa(int(p.ID))
	id := r.pid(d, what, strings.TrimSpace(first), "FL-13")
	if id == 0 {
		return nil
	}
	c := &element.Condition{Param: id, Unless: unless}
	for value := range strings.SplitSeq(rest, ",") {
		if len(c.Values) == maxPositions || !r.room() {
			break
		}
		if value = strings.TrimSpace(value); value == `\empty` {
			value = ""
		}
		c.Values = append(c.Values, value)
	}
	r.mention(d.at(), what, id, "FL-13", "")
	return c
}

// entryValues reads dependencyValues: texts for which an entry is offered, or
// what the entry of a context menu asks for.
func (r *reader) entryValues(d *node, p *Param, entry *element.Discreet, text string) {
	entry.When = []string{}
	for value := range strings.SplitSeq(text, ";") {
		value = strings.TrimSpace(value)
		if !r.room() {
			break
		}
		if p.IsMenu() {
			r.prompt(d, p, entry, value)
		} else {
			entry.When = append(entry.When, value)
		}
	}
	if p.IsMenu() {
		entry.When = nil
	}
}

// prompt reads 1005, 1005?, 1005:default and 1005?:default.
func (r *reader) prompt(d *node, p *Param, entry *element.Discreet, text string) {
	text, fallback, _ := strings.Cut(text, ":")
	text, optional := strings.CutSuffix(text, "?")
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 || id > MaxID {
		return
	}
	what := "Discreet@dependencyValues of parameter " + strconv.Itoa(int(p.ID))
	r.mention(d.at(), what, element.ParamID(id), "2.59.3", "2.59.4")
	entry.Prompts = append(entry.Prompts, element.Prompt{Param: element.ParamID(id), Optional: optional, Default: fallback})
}

// sheet reads the Measurement option tab of a table:
// columns:1001|0-1002|1,lines:25,width:100-0,sort:STRING|ASC|0-INT.
func (r *reader) sheet(text string) *element.Sheet {
	s := &element.Sheet{}
	parts := map[string][]string{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		parts[name] = strings.Split(value, "-")
	}
	for i, column := range parts["columns"] {
		pid, _, _ := strings.Cut(column, "|")
		id, err := strconv.Atoi(strings.TrimSpace(pid))
		if err != nil || len(s.Columns) >= maxContent || !r.room() {
			continue
		}
		c := element.SheetColumn{Param: element.ParamID(id)}
		if widths := parts["width"]; i < len(widths) {
			width, err := strconv.Atoi(strings.TrimSpace(widths[i]))
			c.Hidden = err == nil && width == 0
			c.Width = min(max(width, 0), maxWidth)
		}
		if sorts := parts["sort"]; i < len(sorts) {
			c.Sort = sortOf(sorts[i])
		}
		s.Columns = append(s.Columns, c)
	}
	if lines := parts["lines"]; len(lines) == 1 {
		n, err := strconv.Atoi(strings.TrimSpace(lines[0]))
		if err == nil && n > 0 {
			s.Lines = min(n, maxLines)
		}
	}
	if filter := parts["filter"]; len(filter) == 1 {
		s.Filter = strings.TrimSpace(filter[0]) == "true"
	}
	return s
}

// sortOf reads STRING|DESC|0. Without a direction it says only how the column
// is compared.
func sortOf(text string) element.Sort {
	parts := strings.Split(strings.TrimSpace(text), "|")
	if len(parts) < 2 {
		return element.Sort{}
	}
	s := element.Sort{By: parts[0], Down: parts[1] == "desc"}
	if len(parts) > 2 {
		if n, err := strconv.Atoi(strings.TrimSpace(parts[2])); err == nil && n >= 0 && n < maxContent {
			s.Priority = n
		}
	}
	return s
}

// menus ties the context menus to their tables.
func (r *reader) menus() {
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
