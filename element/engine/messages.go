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

// read gives parameters the values that the message at hand has for them: all
// of them, or only one. An equal value is no event.
func (ms *messages) read(only element.ParamID) { ms.readFrom(0, only) }

// readFrom reads the fields of the message from one on. Where something follows
// from a value, the others are read behind that.
func (ms *messages) readFrom(at int, only element.ParamID) {
	for ; at < len(ms.reading.fields); at++ {
		if only != 0 && ms.reading.fields[at].Param != only {
			continue
		}
		mark := ms.agenda.mark()
		if !ms.readField(at) {
			continue
		}
		if ms.agenda.mark() > mark {
			ms.agenda.add(task{do: workFieldChanged, field: at})
			ms.agenda.add(task{do: workFields, field: at + 1, id: int(only)})
			return
		}
		ms.fieldChanged(at)
	}
}

// readField gives a parameter the value that the message at hand has for it,
// and reports whether that was an event.
func (ms *messages) readField(at int) bool {
	f := &ms.reading.fields[at]
	p, i := ms.ix.param(f.Param)
	if !f.InRange {
		ms.logRarely("range:"+itoa(int(p.ID)), levelInfo, "%s keeps its value: the reported one is outside its range.", capital(named(p)))
		return false
	}
	if ms.values.set(i, f.Value, source{by: element.ByDevice, from: ms.reading.conn, device: true, original: f.Original}) {
		return true
	}
	ms.receipts.reported(p, f.Value)
	return false
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
