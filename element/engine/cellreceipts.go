package engine

import "fieldline/element"

// confirmCell confirms writes that wait for a cell to take their value. The
// write's own setter copy is no answer.
func (rs *receipts) confirmCell(column element.ParamID, key string, v element.Value, src source) {
	if src.person {
		return
	}
	p, _ := rs.ix.param(column)
	if p == nil {
		return
	}
	for i := range rs.list {
		r := &rs.list[i]
		switch {
		case r.done || r.column != column || r.write.Row != key:
		case src.by == element.ByLogic && !src.device && !meets(p, v, r.goal):
			r.outcome.other = other{shown: shownAs(p, v), logic: true, at: rs.now}
		case r.handed:
			rs.tellReport(r, p, v)
		}
	}
}
