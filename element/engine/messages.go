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
	changed []int // places of parameters that took a new value
}

// read puts the parameters of the message that is handled on the
// agenda, or only one of them. An equal value is no event.
func (ms *messages) read(only element.ParamID) {
	for at, f := range ms.reading.fields {
		if only == 0 || f.Param == only {
			ms.agenda.add(task{do: workField, place: at})
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
	event := ms.values.set(i, f.Value, source{by: element.ByDevice, from: m.conn, device: true, original: f.Original})
	if event {
		ms.agenda.add(task{do: workFieldRead, place: at, event: event})
		return
	}
	ms.fieldRead(at, event)
}

// fieldRead notes that all that follows from a value of the message has run.
func (ms *messages) fieldRead(at int, event bool) {
	m := ms.reading
	f := &m.fields[at]
	p, i := ms.ix.param(f.Param)
	if event {
		m.changed = append(m.changed, i)
	}
	ms.receipts.reported(p, f.Value)
}
