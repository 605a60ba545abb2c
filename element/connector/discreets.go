package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

func (r measurementReader) discreets(n *node, p *Param) {
	list := n.child("Discreets")
	k := Item{"parameter", int(p.ID)}
	type offer struct{ shown, when string }
	offers := map[offer]bool{}
	for _, d := range list.children("Discreet") {
		entry := element.Discreet{Value: d.value("Value"), Display: d.value("Display")}
		if entry.Display == "" {
			r.Note("2.13.3", d.at(), "An entry of parameter %d has no Display; its Value is shown.", p.ID)
			entry.Display = entry.Value
		}
		r.entryOptions(d, p, &entry)
		this := offer{entry.Display, d.attr("dependencyValues")}
		if offers[this] {
			r.Note("2.13.6", d.at(), "Parameter %d has two entries that are shown as %q.", p.ID, Shorten(entry.Display))
		}
		offers[this] = true
		p.Discreets = append(p.Discreets, entry)
	}
	switch p.Measurement {
	case element.MeasureDiscreet:
		if len(p.Discreets) == 0 && !list.has("dependencyId") {
			r.Note(pick(list == nil, "2.51.1", "2.52.1"), n.at(), "Parameter %d is shown as discreet but has no Discreets; its value is shown as it is.", p.ID)
			p.Measurement = element.MeasureString
			if p.IsNumber {
				p.Measurement = element.MeasureNumber
			}
		}
	case element.MeasureToggleButton, element.MeasureButton, element.MeasurePageButton:
		if len(p.Discreets) == 0 && !list.has("dependencyId") {
			r.disable(k, pick(list == nil, "2.51.1", "2.52.1"), n.at(), "Parameter %d is a %s but has no Discreets; it is disabled.", p.ID, p.Measurement)
		}
	}
	if p.Measurement == element.MeasureToggleButton && len(p.Discreets) != 2 {
		r.Note("FL-15", n.at(), "Parameter %d is a toggle button with %d entries; it needs 2.", p.ID, len(p.Discreets))
	}
}

// entryOptions reads the options of one entry of a list (documentation page
// Discreet-options). What follows script: is all the script's.
func (r measurementReader) entryOptions(d *node, p *Param, entry *element.Discreet) {
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

// usable reads disabled=25000,1,2,\empty.
func (r measurementReader) usable(d *node, p *Param, unless bool, text string) *element.Condition {
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
func (r measurementReader) entryValues(d *node, p *Param, entry *element.Discreet, text string) {
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
func (r measurementReader) prompt(d *node, p *Param, entry *element.Discreet, text string) {
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
