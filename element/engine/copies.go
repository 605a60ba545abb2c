package engine

// refresh shows a parameter that looks different, and what repeats it.
func (vs *values) refresh(i paramIndex) {
	vs.emit(Refreshed{Parameter: vs.shown(i)})
	vs.copyValue(i)
}

// copyValue fills the parameters that repeat the one at place i: no event,
// nothing is saved, as old and as trusted as the other.
func (vs *values) copyValue(i paramIndex) {
	for _, to := range vs.ix.copies[i] {
		s, was := vs.slots[i], vs.slots[to]
		v, ok := vs.ix.params[to].Interprete.Convert(s.value)
		if !ok {
			continue
		}
		if s.original != nil && s.original.Kind() != v.Kind() {
			s.original = nil
		}
		s.value, s.cleared, s.copyOf = v, was.cleared, 0
		if s != was {
			vs.slots[to] = s
			vs.emit(Refreshed{Parameter: vs.shown(to)})
		}
	}
}
