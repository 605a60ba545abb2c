package engine

import (
	"fieldline/element"
	"fieldline/element/codec"
)

// messages takes messages of devices apart and gives parameters what they say.
type messages struct {
	*turn
	ix       *index
	agenda   *agenda
	values   *values
	receipts *receipts
	reading  *reading // the message at hand, nil when none is handled
}

// reading is a message while its response is handled.
type reading struct {
	conn    int
	r       *response
	fields  []codec.Field
	changed []paramIndex // that took a new value
}

// read puts the parameters of the message at hand on the agenda, or only
// one of them. An equal value is no event.
func (ms *messages) read(only element.ParamID) {
	for at, f := range ms.reading.fields {
		if only == 0 || f.Param == only {
			ms.agenda.add(task{do: workField, field: at})
		}
	}
}

// readField gives a parameter the value that the message at hand has for it.
func (ms *messages) readField(at int) {
	m := ms.reading
	f := &m.fields[at]
	p, i := ms.ix.param(f.Param)
	if !f.InRange {
		ms.logRarely("range:"+itoa(int(p.ID)), levelInfo, "%s keeps its value: the reported one is outside its range.", capital(named(p)))
		return
	}
	if ms.values.set(i, f.Value, source{by: element.ByDevice, from: m.conn, device: true, original: f.Original}) {
		ms.agenda.add(task{do: workFieldChanged, field: at})
		return
	}
	ms.receipts.reported(p, f.Value)
}

// fieldChanged notes a parameter that the message at hand has changed; all that
// follows from it has run.
func (ms *messages) fieldChanged(at int) {
	m := ms.reading
	f := &m.fields[at]
	p, i := ms.ix.param(f.Param)
	m.changed = append(m.changed, i)
	ms.receipts.reported(p, f.Value)
}
