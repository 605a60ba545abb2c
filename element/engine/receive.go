package engine

import (
	"fieldline/element"
	"fieldline/element/codec"
)

// reading is a message while its response is handled.
type reading struct {
	conn    int
	r       *response
	fields  []codec.Field
	changed []int // places of parameters that took a new value
}

// received handles one whole message: the responses of the pair that waits on
// its connection, then those that the connection listens for (documentation
// page ConnectionsWebSocketsCommunication).
func (e *Engine) received(in Received) {
	i, ok := e.ix.conns[in.Connection]
	if !ok || e.s.mode == modeIdle || e.s.mode == modeStopped {
		return
	}
	e.s.conns[i].spoke = e.now
	if e.s.mode == modePaused {
		e.unread(i)
		return
	}
	answered := false
	e.s.eachRunning(func(r *run) {
		if !answered && r.conn == in.Connection && (r.phase == phaseAnswer || r.phase == phaseOpening && r.sent) {
			answered = e.answerPair(r, in)
		}
	})
	if answered {
		return
	}
	for _, r := range e.ix.listens[in.Connection] {
		if fields, ok := r.Match(in.Data, e.value); ok {
			e.respond(r, in.Connection, fields)
			return
		}
	}
	e.unmatched(in)
	e.logRarely("unmatched:"+itoa(in.Connection), levelInfo,
		"A message of %d bytes on %s fits no response of the connector.", len(in.Data), connName(&e.def.Connections[i]))
}

// answerPair tries the responses of the pair that waits. One for a bad command
// ends it too, and the writes that it goes back to have failed.
func (e *Engine) answerPair(run *run, in Received) bool {
	p := e.ix.pairs[run.group.Content[run.item].ID]
	for i, ids := range [][]int{p.Responses, p.BadResponses} {
		bad := i == 1
		for _, id := range ids {
			r := e.ix.responses[id]
			if r == nil {
				continue
			}
			fields, ok := r.Match(in.Data, e.value)
			if !ok {
				continue
			}
			e.respond(r, in.Connection, fields)
			if bad {
				e.failCauses(run.causes, "The device answered that it does not accept the command.")
			}
			e.within(run, e.pairDone)
			return true
		}
	}
	return false
}

// respond handles a matched response: "response before", which normally reads
// it, the parameters' change events, "change after response", "response
// after". The device responds, so the silence of its connection ends.
func (e *Engine) respond(r *response, conn int, fields []codec.Field) {
	if c := &e.s.conns[e.ix.conns[conn]]; c.open {
		e.answering(e.ix.conns[conn])
	}
	e.reading, e.hearing = &reading{conn: conn, r: r, fields: fields}, conn
	e.fireAll(occasion{itemResponse, onBefore, r.ID})
	if r.autoRead {
		mark := e.agenda.mark()
		e.readResponse(0)
		e.drain(mark)
	}
	for _, i := range e.reading.changed {
		id := int(e.ix.params[i].ID)
		e.fireAll(occasion{itemParameter, onChangeAfterResponse, id})
	}
	e.fireAll(occasion{itemResponse, onAfter, r.ID})
	e.reading, e.hearing = nil, nowhere
}

// readResponse puts the parameters of the message that is handled on the
// agenda, or only one of them. An equal value is no event.
func (e *Engine) readResponse(only element.ParamID) {
	for at, f := range e.reading.fields {
		if only == 0 || f.Param == only {
			e.add(task{do: workField, place: at})
		}
	}
}

// readField gives a parameter the value that the message at hand has for it.
func (e *Engine) readField(at int) {
	m := e.reading
	f := &m.fields[at]
	p, i := e.param(f.Param)
	if !f.InRange {
		e.logRarely("range:"+itoa(int(p.ID)), levelInfo, "%s keeps its value: the reported one is outside its range.", capital(named(p)))
		return
	}
	event := e.assign(i, f.Value, source{by: element.ByDevice, from: m.conn, device: true, original: f.Original})
	if event {
		e.add(task{do: workFieldRead, place: at, event: event})
		return
	}
	e.fieldRead(at, event)
}

// fieldRead notes that all that follows from a value of the message has run.
func (e *Engine) fieldRead(at int, event bool) {
	m := e.reading
	f := &m.fields[at]
	p, i := e.param(f.Param)
	if event {
		m.changed = append(m.changed, i)
	}
	e.reported(p, f.Value)
}

// unread notes that a paused element does not read its messages: what that
// connection reported may be out of date from now on.
func (e *Engine) unread(i int) {
	c := &e.s.conns[i]
	if c.unread {
		return
	}
	c.unread = true
	e.stale(e.def.Connections[i].ID)
	e.logf(levelInfo, "The element is paused: messages on %s are not read.", connName(&e.def.Connections[i]))
}
