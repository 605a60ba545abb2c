package connector

import (
	"strconv"
	"strings"
)

// qactionReader reads QActions.
type qactionReader struct{ *draft }

func (r qactionReader) qactions(n *node) {
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
		r.ignoreAttrs(x, "Protocol/QActions/QAction", "dllImport", "include")
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
				r.ignore("Option "+name+" of Protocol/QActions/QAction", x.at())
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

func (r qactionReader) qactionTargets(x *node, q *QAction) {
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
				r.ignore("Attribute triggers of Protocol/QActions/QAction for a general parameter", x.at())
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
