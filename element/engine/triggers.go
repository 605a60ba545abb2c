package engine

import (
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// triggers runs the connector's triggers: what they order is put on the agenda.
type triggers struct {
	ix     *index
	budget *budget
	agenda *agenda
	status *status
	values *values
}

// post puts the triggers of an occasion on the agenda, in document order.
func (ts *triggers) post(at occasion) {
	for _, t := range ts.ix.triggersFor(at) {
		ts.agenda.add(task{do: workFire, trigger: t, who: at.subject()})
	}
}

// fire runs a trigger: its actions or triggers, or those marked else when its
// condition is false.
func (ts *triggers) fire(t *connector.Trigger, who subject) {
	if !ts.status.active() || !ts.budget.enter("trigger", t.ID) {
		return
	}
	if t.Match != nil && !ts.matches(t.Match, who) {
		return
	}
	otherwise := t.Condition != nil && !ts.values.holds(t.Condition, "trigger", t.ID)
	for _, item := range t.Content {
		if item.Else != otherwise {
			continue
		}
		if t.RunsTriggers {
			if sub := ts.ix.triggers[item.ID]; sub != nil {
				ts.agenda.add(task{do: workFire, trigger: sub, who: who})
			}
			continue
		}
		if a := ts.ix.actions[item.ID]; a != nil {
			ts.agenda.add(task{do: workAct, action: a, who: who})
		}
	}
}

// matches makes the extra comparison of Trigger/Time: numbers as numbers, all
// else as text. Without a parameter of its own it is the one that changed.
func (ts *triggers) matches(m *connector.Match, who subject) bool {
	id := m.Param
	if id == 0 && who.kind == itemParameter {
		id = element.ParamID(who.id)
	}
	have, want := ts.values.value(id), element.Text(m.Value)
	if m.IsParam {
		id, err := atoi(m.Value)
		if err != nil {
			return false
		}
		want = ts.values.value(element.ParamID(id))
	}
	order := strings.Compare(have.String(), want.String())
	if a, ok := have.Float(); ok {
		if b, ok := want.Float(); ok {
			order = compareNumbers(a, b)
		}
	}
	switch m.Case {
	case "not equal":
		return order != 0
	case "greater":
		return order > 0
	case "less":
		return order < 0
	default:
		return order == 0
	}
}
