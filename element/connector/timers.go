package connector

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// timerReader reads Timers.
type timerReader struct{ *draft }

// maxInterval is the longest time of a timer in ms: 24 days (release note 14392).
const maxInterval = 2_073_600_000

func (r timerReader) timers(n *node) {
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
func (r timerReader) rowGroups(n *node, t *Timer) {
	for _, g := range n.children("Group") {
		text := g.trimmed()
		if strings.HasPrefix(strings.ToLower(text), "col:") {
			r.ignore("Protocol/Timers/Timer/Content/Group by column", g.at())
			continue
		}
		k := Item{"timer", t.ID}
		if id, ok := r.stepID(g, text, k, "7.5.2"); ok && len(t.Groups) < maxContent {
			r.refer(k, Item{"group", id}, "7.5.2", g.at(), lossStep)
			t.Groups = append(t.Groups, id)
		}
	}
}

func (r timerReader) timerTime(n *node, t *Timer) {
	k := Item{"timer", t.ID}
	r.ignoreAttrs(n, "Protocol/Timers/Timer/Time", "dataDisplay")
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
