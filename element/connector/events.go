package connector

import (
	"slices"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/codec"
)

// maxInterval is the longest time of a timer in ms: 24 days (release note 14392).
const maxInterval = 2_073_600_000

func (r *reader) timers(n *node) {
	for _, x := range n.children("Timer") {
		id, ok := r.itemID(x, "timer", idRules{"7.6.1", "7.6.2", "7.6.3", "7.6.4", "7.6.5", 1})
		if !ok {
			x.skipAll()
			continue
		}
		k := Item{"timer", id}
		t := Timer{ID: id, Name: x.value("Name"), Fixed: r.flag(x, "fixedTimer", x.attr("fixedTimer")), Initial: "true", Pos: x.at(), Condition: r.condition(x, k, "7.4")}
		if options := x.attr("options"); options != "" {
			t.PerRow = true
			r.Note("FL-20", x.at(), "Timer %d has options (%s), as multithreaded timers do; they have no effect in this program.", id, Shorten(options))
		}
		r.timerTime(x.child("Time"), &t)
		t.GapMs = r.number(x.child("Interval"), "Interval", x.value("Interval"), 0, maxInterval)
		if content := x.child("Content"); t.PerRow {
			r.rowGroups(content, &t)
		} else {
			t.Groups = r.refList(content, "Group", "group", k, "7.5.2", lossStep)
		}
		r.def.Timers = append(r.def.Timers, t)
	}
}

// rowGroups reads the groups of a multithreaded timer that are written by
// their id; col:3:10 takes it from a column of each row and is not run.
func (r *reader) rowGroups(n *node, t *Timer) {
	for _, g := range n.children("Group") {
		text := g.trimmed()
		if strings.HasPrefix(strings.ToLower(text), "col:") {
			r.idle("Protocol/Timers/Timer/Content/Group by column", g.at())
			continue
		}
		k := Item{"timer", t.ID}
		if id, ok := r.stepID(g, text, k, "7.5.2"); ok && len(t.Groups) < maxContent {
			r.refer(k, Item{"group", id}, "7.5.2", g.at(), lossStep)
			t.Groups = append(t.Groups, id)
		}
	}
}

func (r *reader) timerTime(n *node, t *Timer) {
	k := Item{"timer", t.ID}
	r.unheardAttrs(n, "Protocol/Timers/Timer/Time", "dataDisplay")
	text := n.lower()
	ms, err := strconv.ParseInt(text, 10, 64)
	if text != "" && n.text != n.trimmed() {
		r.Note("7.1.3", n.at(), "The Time of timer %d has blanks around it.", t.ID)
	}
	switch {
	case text == "" && n != nil:
		r.disable(k, "7.1.2", n.at(), "The Time of timer %d is empty; it is disabled.", t.ID)
	case text == "":
		r.disable(k, "7.1.1", t.Pos, "Timer %d has no Time; it is disabled.", t.ID)
	case text == "loop":
		t.Loop = true
	case err != nil || ms < 1:
		r.disable(k, "7.1.4", n.at(), "The Time of timer %d is %q; it is a number of milliseconds or loop. The timer is disabled.", t.ID, Shorten(text))
	case ms > maxInterval:
		r.Note("7.1.5", n.at(), "The Time of timer %d is longer than 24 days; 24 days are used.", t.ID)
		t.IntervalMs = maxInterval
	default:
		t.IntervalMs = ms
		if ms < 1000 {
			r.Note("7.1.7", n.at(), "Timer %d runs every %d ms, faster than once a second.", t.ID, ms)
		}
	}
	initial := strings.ToLower(n.attr("initial"))
	span, random := strings.CutPrefix(initial, "random")
	switch {
	case random:
		low, high, _ := strings.Cut(strings.TrimLeft(span, " =:"), ":")
		a, okA := element.ParseNumber(strings.TrimSpace(low))
		b, okB := element.ParseNumber(strings.TrimSpace(high))
		if okA && okB && a >= 0 && b >= a && b <= 86_400 {
			t.Initial, t.RandomLow, t.RandomHigh = "random", a, b
			return
		}
		r.Note("FL-07", n.at(), "The initial time %q of timer %d is not random=a:b in seconds; it starts at once.", Shorten(initial), t.ID)
	case initial == "false":
		t.Initial = "false"
	case initial != "" && initial != "true":
		r.Note("FL-08", n.at(), "The initial time %q of timer %d is not known; it starts at once.", Shorten(initial), t.ID)
	}
}

// occasions are the times that each kind of trigger knows (documentation page
// LogicTriggers).
func occasions() map[string][]string {
	return map[string][]string{
		"parameter": {"change", "change after response", "timeout", "timeout after retries"},
		"command":   {"before", "after"}, "response": {"before", "after"},
		"pair": {"succeeded", "timeout", "timeout after retries"}, "group": {"before", "after"},
		"session": {"timeout"}, "timer": {"before"},
		"protocol": {"after startup", "link file change", "link file changed"}, "communication": nil,
	}
}

// idleOccasions are times that never come here: there are no link files.
func idleOccasions() []string { return []string{"link file change", "link file changed"} }

func (r *reader) triggers(n *node) {
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

func (r *reader) triggerOn(x *node, t *Trigger) {
	k := Item{"trigger", t.ID}
	on, time := x.child("On"), x.child("Time")
	t.On, t.Time = on.lower(), time.lower()
	if t.On == "communication" {
		t.OnText, t.Time = string(codec.Literal(time.trimmed())), ""
	}
	if t.On == "" {
		return
	}
	times, known := occasions()[t.On]
	if !known || t.On != "communication" && !slices.Contains(times, t.Time) {
		r.disable(k, "5.6.1", x.at(), "Trigger %d waits for %q on %q, which does not exist; it is disabled.", t.ID, Shorten(t.Time), Shorten(t.On))
		return
	}
	r.match(time, t)
	if slices.Contains(idleOccasions(), t.Time) {
		r.idle("Time "+t.Time+" of Protocol/Triggers/Trigger", time.at())
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

func (r *reader) match(time *node, t *Trigger) {
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

func (r *reader) qactions(n *node) {
	for _, x := range n.children("QAction") {
		id, ok := r.itemID(x, "QAction", idRules{"FL-22", "FL-22", "", "FL-22", "FL-23", 1})
		if !ok {
			x.skipAll()
			continue
		}
		q := QAction{
			ID: id, Name: x.attr("name"), Encoding: strings.ToLower(x.attr("encoding")), Row: r.flag(x, "QAction@row", x.attr("row")),
			Code: x.text, CodeLine: max(x.line, x.at().Line), Pos: x.at(), Condition: r.condition(x, Item{"QAction", id}, "FL-24"),
		}
		r.unheardAttrs(x, "Protocol/QActions/QAction", "dllImport", "include")
		for option := range strings.SplitSeq(strings.ToLower(x.attr("options")), ";") {
			switch strings.TrimSpace(option) {
			case "group":
				q.OnGroups = true
			case "binary":
				q.Binary = true
			case "queued":
				q.Queued = true
			case "":
			default:
				name, _, _ := strings.Cut(strings.TrimSpace(option), "=")
				r.idle("Option "+name+" of Protocol/QActions/QAction", x.at())
			}
		}
		for e := range strings.SplitSeq(x.attr("entryPoint"), ";") {
			if e = strings.TrimSpace(e); e != "" {
				q.EntryPoints = append(q.EntryPoints, e)
			}
		}
		r.qactionTargets(x, &q)
		if !q.RunsHere() {
			r.Note("WS-22", x.at(), "QAction %d is written in %s, which this program does not run.", id, Shorten(q.Encoding))
		}
		r.def.QActions = append(r.def.QActions, q)
	}
}

func (r *reader) qactionTargets(x *node, q *QAction) {
	kind, rule := "parameter", "3.2.4"
	if q.OnGroups {
		kind, rule = "group", "3.2.5"
	}
	seen := map[int]bool{}
	given, entries := 0, q.EntryPoints
	if len(entries) > 1 { // one for each trigger: those of ignored triggers go with them
		q.EntryPoints = nil
	}
	if text, ok := x.lookup("triggers"); text == "" && q.RunsHere() {
		r.Note(pick(!ok, "3.2.1", "3.2.2"), x.at(), "QAction %d has no triggers; nothing runs it.", q.ID)
	}
	for text := range strings.SplitSeq(x.attr("triggers"), ";") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		given++
		id, err := strconv.Atoi(text)
		switch {
		case err != nil:
			r.Note("3.2.3", x.at(), "QAction %d is triggered by %q, which is not an id; the entry is ignored.", q.ID, Shorten(text))
		case seen[id]:
			r.Note("3.2.6", x.at(), "QAction %d names trigger %d twice.", q.ID, id)
		default:
			if _, ok := r.have[Item{kind, id}]; !ok && kind == "parameter" && IsReserved(id) {
				r.idle("Attribute triggers of Protocol/QActions/QAction for a general parameter", x.at())
				continue
			} else if !ok {
				r.Note(rule, x.at(), "QAction %d is triggered by %s %d, which does not exist; the entry is ignored.", q.ID, kind, id)
				continue
			}
			seen[id] = true
			q.Triggers = append(q.Triggers, id)
			if len(entries) > 1 {
				q.EntryPoints = append(q.EntryPoints, entries[min(given, len(entries))-1])
			}
		}
	}
	for text := range strings.SplitSeq(x.attr("inputParameters"), ";") {
		if id := r.existing(r.pid(x, "inputParameters", strings.TrimSpace(text), "FL-13"), "FL-13", x.at(), "The attribute inputParameters"); id != 0 {
			q.Inputs = append(q.Inputs, id)
		}
	}
}
