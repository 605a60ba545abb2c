package lint

import "fieldline/element/connector"

// mentions checks what refers to parameters beside the flow.
func (l *linter) mentions() {
	for _, m := range l.d.Mentions {
		p := l.param(m.Param)
		switch {
		case p == nil && m.Missing != "":
			l.Note(m.Missing, m.Pos, "%s refers to parameter %d, which does not exist.", m.What, m.Param)
		case p != nil && m.Hidden != "" && !p.RTDisplay:
			l.Note(m.Hidden, m.Pos, "%s refers to parameter %d, whose RTDisplay is not true.", m.What, m.Param)
		}
		if p != nil && m.Silent != "" && (p.Type.IsWrite() || p.Type == connector.TypeArray) {
			l.Note(m.Silent, m.Pos, "%s refers to parameter %d of Type %s; it is one that holds a value.", m.What, m.Param, p.Type)
		}
	}
}

// responseRefs checks Type@id of parameters of Type response.
func (l *linter) responseRefs() {
	for _, ref := range l.d.Ignored.ResponseRefs {
		if !l.d.Has(connector.Item{Kind: "response", ID: ref.Response}) {
			l.Note("2.62.4", ref.Pos, "Type@id of parameter %d refers to a response that does not exist.", ref.Param)
		}
	}
}
