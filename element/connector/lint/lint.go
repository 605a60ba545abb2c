package lint

import (
	"slices"

	"fieldline/element"
	"fieldline/element/connector"
)

// Judgement is what Check says of a connector.
type Judgement struct {
	Findings []element.Finding          // those of reading too, in the order of lists
	Unfilled map[element.ParamID]string // parameters on pages that stay empty: why, in a few words
}

// Check judges a connector that was read, and changes nothing of it.
func Check(d *connector.Definition) Judgement {
	l := &linter{Findings: d.Found(), d: d, actions: map[int]connector.Action{}}
	l.params = slices.DeleteFunc(slices.Clone(d.Params), func(p *connector.Param) bool { return p.Derived })
	for _, a := range d.Actions {
		l.actions[a.ID] = a
	}
	l.keys()
	l.names()
	l.display()
	l.reserved()
	l.units()
	l.toggles()
	l.connections()
	l.connectionNames()
	l.triggers()
	l.contents()
	l.messages()
	l.mentions()
	l.responseRefs()
	l.tables()
	l.sheets()
	l.relations()
	l.startup()
	l.timers()
	l.positions()
	l.saved()
	l.requests()
	l.loops()
	unfilled := l.code()
	return Judgement{Findings: l.List(), Unfilled: unfilled}
}

// linter applies the rules that look at the whole connector. Each method is a
// rule, or some about the same thing.
type linter struct {
	*connector.Findings
	d       *connector.Definition
	params  []*connector.Param // that the file describes
	actions map[int]connector.Action
}

// param returns a parameter of the file, nil when there is none: those that
// every element has are not the connector's.
func (l *linter) param(id element.ParamID) *connector.Param {
	p := l.d.Param(id)
	if p != nil && p.IsGeneral() {
		return nil
	}
	return p
}

func itemOf(kind string, id int) connector.Item { return connector.Item{Kind: kind, ID: id} }

// choose is a when first, else b.
func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
