package connector

import (
	"slices"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// triggerReader reads Triggers.
type triggerReader struct{ *draft }

func (r triggerReader) triggers(n *node) {
	for _, x := range n.children("Trigger") {
		id, ok := r.itemID(x, "trigger", idRules{"5.8.1", "5.8.2", "5.8.3", "5.8.4", "5.8.5", 1})
		if !ok {
			x.skipAll()
			continue
		}
		k := Item{"trigger", id}
		t := Trigger{ID: id, Name: x.value("Name"), Pos: x.at(), Condition: r.condition(x, k, "5.5")}
		r.triggerOn(x, &t)
		switch kind := x.word("Type"); kind {
		case "trigger":
			t.RunsTriggers = true
		case "action", "":
		default:
			r.disable(k, "FL-21", x.child("Type").at(), "Trigger %d is of the unknown Type %q; it is disabled.", id, Shorten(kind))
		}
		target := t.Runs()
		steps := x.child("Content").children("Id")
		for _, c := range steps {
			if to, ok := r.stepID(c, c.trimmed(), k, "5.10.5"); ok && len(t.Content) < maxContent {
				r.refer(k, Item{target, to}, "5.10.5", c.at(), lossTarget)
				t.Content = append(t.Content, TriggerItem{ID: to, Else: r.flag(c, "Id@else", c.attr("else"))})
			}
		}
		switch {
		case len(steps) == 0:
			r.disable(k, "5.10.1", t.Pos, "Trigger %d has no Content; it is disabled.", id)
		case len(t.Content) == 0:
			r.disable(k, "5.10.5", t.Pos, "No id of trigger %d is that of an item; it is disabled.", id)
		}
		r.def.Triggers = append(r.def.Triggers, t)
	}
}

func (r triggerReader) triggerOn(x *node, t *Trigger) {
	k := Item{"trigger", t.ID}
	on, time := x.child("On"), x.child("Time")
	t.On, t.Time = on.lower(), time.lower()
	if t.On == "communication" {
		t.OnText, t.Time = string(codec.Literal(time.trimmed())), ""
	}
	if t.On == "" {
		return
	}
	times, known := triggerTimes()[t.On]
	if !known || t.On != "communication" && !slices.Contains(times, t.Time) {
		r.disable(k, "5.6.1", x.at(), "Trigger %d waits for %q on %q, which does not exist; it is disabled.", t.ID, Shorten(t.Time), Shorten(t.On))
		return
	}
	r.match(time, t)
	if slices.Contains(unsupportedTimes(), t.Time) {
		r.ignore("Time "+t.Time+" of Protocol/Triggers/Trigger", time.at())
	}
	if t.On == "protocol" || t.On == "communication" {
		return
	}
	id := on.attr("id")
	switch {
	case strings.EqualFold(id, "each"):
		t.Each = true
	case id == "":
		r.disable(k, "5.1.1", on.at(), "Trigger %d does not say which %s it is on; it is disabled.", t.ID, t.On)
	case strings.ContainsAny(id, ";,"):
		r.disable(k, "5.1.4", on.at(), "Trigger %d is on several items (%s); only one is possible. It is disabled.", t.ID, Shorten(id))
	default:
		if v, ok := r.refID(on, id, k, "5.1.5"); ok {
			t.OnID = v
			r.refer(k, Item{t.On, v}, "5.1.6", on.at(), lossOccasion)
		}
	}
}

func (r triggerReader) match(time *node, t *Trigger) {
	op := strings.ToLower(time.attr("case"))
	value, pid := time.attr("value"), time.attr("id")
	isParam := r.flag(time, "Time@nr", time.attr("nr"))
	if op == "" && value == "" {
		return
	}
	k := Item{"trigger", t.ID}
	switch op {
	case "":
		op = "equal"
	case "equal", "not equal", "greater", "less":
	default:
		r.disable(k, "FL-21", time.at(), "Trigger %d compares by %q, which does not exist; it is disabled.", t.ID, Shorten(op))
		return
	}
	m := &Match{Case: op, Value: value, IsParam: isParam, Param: r.pid(time, "Time@id", pid, "5.1.5")}
	if m.Param == 0 && t.On == "parameter" {
		m.Param = element.ParamID(t.OnID)
	}
	if m.Param != 0 && !isProvided(m.Param) {
		r.need(k, Item{"parameter", int(m.Param)}, "5.1.6", time.at())
	}
	if isParam {
		if v, ok := r.refID(time, value, k, "5.1.5"); ok {
			r.need(k, Item{"parameter", v}, "5.1.6", time.at())
		}
	}
	t.Match = m
}

// occasions are the times that each kind of trigger knows (documentation page
// LogicTriggers).
func triggerTimes() map[string][]string {
	return map[string][]string{
		"parameter": {"change", "change after response", "timeout", "timeout after retries"},
		"command":   {"before", "after"}, "response": {"before", "after"},
		"pair": {"succeeded", "timeout", "timeout after retries"}, "group": {"before", "after"},
		"session": {"timeout"}, "timer": {"before"},
		"protocol": {"after startup", "link file change", "link file changed"}, "communication": nil,
	}
}

// unsupportedTimes are times that never come here: there are no link files.
func unsupportedTimes() []string { return []string{"link file change", "link file changed"} }
