package engine

import (
	"slices"
	"time"

	"fieldline/element"
)

// values are the parameters of the element, by their place in the index.
type values struct {
	*turn
	ix       *index
	budget   *budget
	agenda   *agenda
	status   *status
	receipts *receipts
	slots    []slot
}

func (vs *values) reset() {
	vs.slots = make([]slot, len(vs.ix.params))
	for i := range vs.slots {
		vs.slots[i].from = nowhere
	}
}

func (vs values) clone() values {
	vs.slots = slices.Clone(vs.slots)
	return vs
}

// slot is one parameter of the element: a cell of its own.
type slot struct {
	cell
	original   *element.Value // what the device sent, where value is that of an exception
	copyOf     paramIndex     // the place, counted from 1, of the parameter that logic copied it from; 0: none
	cleared    bool           // the next value is a change, even if equal (action clear)
	hidden     bool           // shown as not initialized (action clear on display)
	changedAt  time.Time      // last change of value
	receivedAt time.Time      // last time a value came in, changed or not
}

// shown returns the public state of the parameter at a place of the index.
func (vs *values) shown(i paramIndex) element.Parameter {
	p, s := vs.ix.params[i], &vs.slots[i]
	out := element.Parameter{
		ID: p.ID, Name: p.Name, Description: p.Description, Type: string(p.Type), Units: p.Units,
		Saved: p.Saved, Masked: p.Password, Stale: s.stale,
		ChangedAt: element.At(s.changedAt), ReceivedAt: element.At(s.receivedAt),
	}
	if p.WriteID != 0 {
		id := p.WriteID
		out.WriteID = &id
	}
	if s.value.IsSet() && !s.hidden {
		out.Initialized = true
		out.Display, out.Units = p.Shown(s.value)
		if !p.Password {
			out.Value = s.value
		}
	}
	return out
}

// effective is the value that logic sees.
func (s *slot) effective() element.Value {
	if s.original != nil {
		return *s.original
	}
	return s.value
}

// value returns the value of a parameter that logic sees, the zero Value when it was
// never set or does not exist. It is the lookup of conditions.
func (vs *values) value(id element.ParamID) element.Value {
	if i, ok := vs.ix.place[id]; ok {
		return vs.slots[i].effective()
	}
	return vs.status.value(id)
}
