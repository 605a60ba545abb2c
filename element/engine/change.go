package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// source says where a value comes from.
type source struct {
	by     string // element.ByDevice, element.ByLogic or a person
	from   int    // connection it came by, nowhere when by none
	device bool   // a device reported it
	always bool   // an equal value is an event as well (documentation page InnerWorkingsChangeBasedEventHandling)
	person bool   // a person's set, or the setter copy of one
	stale  bool   // it was made of what a device reported that is not heard any more
	copyOf int    // as in slot
	script int    // QAction that set it or caused it to be set, 0 when none did

	original *element.Value // what the device sent, where the value is that of an exception
}

func byLogic() source { return source{by: element.ByLogic, from: nowhere} }

// madeOf is where a value comes from that logic makes of others: from the
// device that reported the first of them that one did, and no fresher than that.
func (e *Engine) madeOf(places ...int) source {
	src := byLogic()
	for _, i := range places {
		if s := &e.s.slots[i]; s.fromDevice {
			src.from, src.device, src.stale = s.from, true, s.stale
			break
		}
	}
	return src
}

// assign gives a parameter a value and runs the change event in the order of
// documentation page LogicParameters: triggers, options (dynamic IP), save,
// setter copy, QActions. It reports whether there was an event: a new value,
// or an equal one where the source or a clear makes that count; what follows
// from it is on the agenda then. The value is of the parameter's own type.
func (e *Engine) assign(i int, v element.Value, src source) bool {
	s := &e.s.slots[i]
	equal := s.value == v
	s.receivedAt = e.now
	confirmed := s.stale && !src.stale
	s.stale, s.hidden, s.copyOf = src.stale, false, src.copyOf
	s.from, s.fromDevice, s.original, s.script = src.from, src.device, src.original, src.script
	if equal && !src.always && !s.cleared {
		e.refresh(i)
		if confirmed {
			e.confirmCopies(i)
		}
		return false
	}
	s.value, s.cleared = v, false
	if !equal {
		s.changedAt = e.now
	}
	e.emit(Changed{Parameter: e.shown(i), By: src.by, Equal: equal})
	e.overtook(e.ix.params[i], v, src)
	e.copyValue(i)
	e.add(task{do: workChange, place: i, src: src})
	return true
}

// confirmCopies makes the copies of a parameter live with it: an equal report
// after a reconnection is no event, so no logic would copy it again.
func (e *Engine) confirmCopies(i int) {
	for j := range e.s.slots {
		s := &e.s.slots[j]
		if !s.stale || s.copyOf != i+1 {
			continue
		}
		if v, ok := fit(e.ix.params[j], e.s.slots[i].held()); ok && v == s.value {
			s.stale, s.receivedAt = false, e.now
			e.refresh(j)
			e.confirmCopies(j)
		}
	}
}

// changed runs what follows a change of the parameter at place i. In an
// element that is paused or stopped that is saving and the setter copy.
func (e *Engine) changed(i int, src source) {
	p := e.ix.params[i]
	logic, mark := e.active() && e.enter("parameter", int(p.ID)), e.agenda.mark()
	if logic {
		e.post(occasion{itemParameter, onChange, int(p.ID)})
	}
	if e.agenda.mark() > mark {
		e.add(task{do: workSettings, place: i, src: src, logic: logic})
		return
	}
	e.afterTriggers(i, src, logic)
}

// afterTriggers is what follows a change behind its triggers.
func (e *Engine) afterTriggers(i int, src source, logic bool) {
	p := e.ix.params[i]
	e.retarget(p.ID)
	if p.Saved {
		e.save(i)
	}
	if p.Setter {
		e.copySetter(p, i, src)
	}
	if logic && len(e.ix.scripted[p.ID]) > 0 {
		e.add(task{do: workScripts, place: i})
	}
}

// copySetter copies the value of a write parameter to its read twin, or to the
// cell of the row that is written.
func (e *Engine) copySetter(p *connector.Param, i int, src source) {
	if e.row != nil && e.copyToCell(p, i, src) {
		return
	}
	twin, at := e.param(p.ReadID)
	if twin == nil {
		return
	}
	v, ok := fit(twin, e.s.slots[i].value)
	if !ok {
		e.logf(levelWarning, "%s was not copied to %s: the value is not a number.", capital(named(p)), named(twin))
		return
	}
	src.original, src.copyOf = nil, i+1
	e.assign(at, v, src)
}

// retarget asks for a new connection when the parameter is the dynamic IP of
// one. A paused element connects when it is resumed.
func (e *Engine) retarget(id element.ParamID) {
	for i := range e.def.Connections {
		c := &e.def.Connections[i]
		if c.DynamicIP != id {
			continue
		}
		if !c.WebSocket {
			e.fillAddresses() // the next request goes there
			e.elsewhere(i)
			continue
		}
		switch e.s.mode {
		case modeActive:
			e.reach(i)
		case modePaused:
			e.s.conns[i].redial = true
		case modeIdle, modeStopped:
		}
		e.fillAddresses()
	}
}

// save asks for the parameter's present value to be kept.
func (e *Engine) save(i int) {
	s := &e.s.slots[i]
	if !s.value.IsSet() {
		return
	}
	e.emit(Save{Values: []element.SavedValue{{
		Target: element.Target{Parameter: e.ix.params[i].ID}, Value: s.value, At: e.now, FromDevice: s.fromDevice,
	}}})
}

// construct sets a parameter the way a protocol construct does: an equal value
// is no event. A text for a numeric parameter is refused and logged.
func (e *Engine) construct(p *connector.Param, i int, v element.Value, src source) bool {
	w, ok := fit(p, v)
	if !ok {
		e.logRarely("number:"+named(p), levelWarning, "%s keeps its value: it was to be set to a text that is not a number.", capital(named(p)))
		return false
	}
	event := e.assign(i, w, src)
	switch {
	case !src.device || e.hearing == nowhere:
	case event:
		e.add(task{do: workReport, place: i})
	default:
		e.reported(p, e.s.slots[i].value)
	}
	return event
}

// constructAll is construct with all that follows.
func (e *Engine) constructAll(p *connector.Param, i int, v element.Value, src source) {
	mark := e.agenda.mark()
	e.construct(p, i, v, src)
	e.drain(mark)
}

// software fills a parameter without raising an event (documentation page
// LogicParameters): element information and the first status of a connection.
func (e *Engine) software(id element.ParamID, v element.Value) {
	p, i := e.param(id)
	if p == nil {
		return
	}
	w, ok := fit(p, v)
	s := &e.s.slots[i]
	if !ok || s.value == w {
		return
	}
	s.value, s.changedAt, s.receivedAt = w, e.now, e.now
	s.from, s.fromDevice, s.stale, s.hidden, s.original = nowhere, false, false, false, nil
	s.copyOf = 0
	e.refresh(i)
}
