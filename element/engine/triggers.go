package engine

import (
	"strings"

	"fieldline/element"
	"fieldline/element/connector"
)

// fireAll runs the triggers of an occasion, in document order, and all that
// follows from them.
func (e *Engine) fireAll(at occasion) {
	mark := e.agenda.mark()
	e.post(at)
	e.drain(mark)
}

// post puts the triggers of an occasion on the agenda, in document order.
func (e *Engine) post(at occasion) {
	for _, t := range e.ix.triggersFor(at) {
		e.add(task{do: workFire, trigger: t, who: at.subject()})
	}
}

// fire runs a trigger: its actions or triggers, or those marked else when its
// condition is false.
func (e *Engine) fire(t *connector.Trigger, who subject) {
	if !e.active() || !e.enter("trigger", t.ID) {
		return
	}
	if t.Match != nil && !e.matches(t.Match, who) {
		return
	}
	otherwise := t.Condition != nil && !e.holds(t.Condition, "trigger", t.ID)
	for _, item := range t.Content {
		if item.Else != otherwise {
			continue
		}
		if t.RunsTriggers {
			if sub := e.ix.triggers[item.ID]; sub != nil {
				e.add(task{do: workFire, trigger: sub, who: who})
			}
			continue
		}
		if a := e.ix.actions[item.ID]; a != nil {
			e.add(task{do: workAct, action: a, who: who})
		}
	}
}

// holds evaluates a condition; one that cannot be evaluated is false and
// logged. No condition holds.
func (e *Engine) holds(c *connector.Condition, kind string, id int) bool {
	if c == nil {
		return true
	}
	ok, err := c.Eval(e.value)
	if err != nil {
		e.logRarely("condition:"+kind+itoa(id), levelWarning, "The condition of %s %d counts as false. %s", kind, id, element.MessageOf(err))
		return false
	}
	return ok
}

// matches makes the extra comparison of Trigger/Time: numbers as numbers, all
// else as text. Without a parameter of its own it is the one that changed.
func (e *Engine) matches(m *connector.Match, who subject) bool {
	id := m.Param
	if id == 0 && who.kind == itemParameter {
		id = element.ParamID(who.id)
	}
	have, want := e.value(id), element.Text(m.Value)
	if m.IsParam {
		id, err := atoi(m.Value)
		if err != nil {
			return false
		}
		want = e.value(element.ParamID(id))
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

func compareNumbers(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
