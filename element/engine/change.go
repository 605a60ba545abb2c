package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// source says where a value comes from.
type source struct {
	by     string     // element.ByDevice, element.ByLogic or a person
	from   int        // connection it came by, nowhere when by none
	device bool       // a device reported it
	always bool       // an equal value is an event as well (documentation page InnerWorkingsChangeBasedEventHandling)
	person bool       // a person's set, or the setter copy of one
	stale  bool       // it was made of what a device reported that is not heard any more
	copyOf paramIndex // as in slot
	script int        // QAction that set it or caused it to be set, 0 when none did

	original *element.Value // what the device sent, where the value is that of an exception
}

func byLogic() source { return source{by: element.ByLogic, from: nowhere} }

// madeOf is where a value comes from that logic makes of others: from the
// device that reported the first of them that one did, and no fresher than that.
func (vs *values) madeOf(places ...paramIndex) source {
	src := byLogic()
	for _, i := range places {
		if s := &vs.slots[i]; s.fromDevice {
			src.from, src.device, src.stale = s.from, true, s.stale
			break
		}
	}
	return src
}

// set gives a parameter a value and runs the change event in the order of
// documentation page LogicParameters: triggers, options (dynamic IP), save,
// setter copy, QActions. It reports whether there was an event: a new value,
// or an equal one where the source or a clear makes that count; what follows
// from it is on the agenda then. The value is of the parameter's own type.
func (vs *values) set(i paramIndex, v element.Value, src source) bool {
	s := &vs.slots[i]
	equal := s.value == v
	s.receivedAt = vs.now
	confirmed := s.stale && !src.stale
	s.stale, s.hidden, s.copyOf = src.stale, false, src.copyOf
	s.from, s.fromDevice, s.original, s.script = src.from, src.device, src.original, src.script
	if equal && !src.always && !s.cleared {
		vs.refresh(i)
		if confirmed {
			vs.confirmCopies(i)
		}
		return false
	}
	s.value, s.cleared = v, false
	if !equal {
		s.changedAt = vs.now
	}
	vs.emit(Changed{Parameter: vs.shown(i), By: src.by, Equal: equal})
	vs.receipts.overtakenBy(vs.ix.params[i], v, src)
	vs.copyValue(i)
	if vs.ix.followed[i] {
		vs.agenda.add(task{do: workChange, param: i, src: src})
	} else if vs.status.active() && vs.budget.enter("parameter", int(vs.ix.params[i].ID)) { // it counts all the same
		vs.budget.leave()
	}
	return true
}

// confirmCopies makes the copies of a parameter live with it: an equal report
// after a reconnection is no event, so no logic would copy it again.
func (vs *values) confirmCopies(i paramIndex) {
	for j := range vs.slots {
		s := &vs.slots[j]
		if !s.stale || s.copyOf != i+1 {
			continue
		}
		if v, ok := vs.ix.params[j].Interprete.Convert(vs.slots[i].effective()); ok && v == s.value {
			s.stale, s.receivedAt = false, vs.now
			vs.refresh(paramIndex(j))
			vs.confirmCopies(paramIndex(j))
		}
	}
}

// save asks for the parameter's present value to be kept.
func (vs *values) save(i paramIndex) {
	s := &vs.slots[i]
	if !s.value.IsSet() {
		return
	}
	vs.emit(Save{Values: []element.SavedValue{{
		Target: element.Target{Parameter: vs.ix.params[i].ID}, Value: s.value, At: vs.now, FromDevice: s.fromDevice,
	}}})
}

// setIfChanged sets a parameter the way a protocol construct does: an equal value
// is no event. A text for a numeric parameter is refused and logged.
func (vs *values) setIfChanged(p *connector.Param, i paramIndex, v element.Value, src source) bool {
	w, ok := p.Interprete.Convert(v)
	if !ok {
		vs.logRarely("number:"+named(p), levelWarning, "%s keeps its value: it was to be set to a text that is not a number.", capital(named(p)))
		return false
	}
	event := vs.set(i, w, src)
	switch {
	case !src.device || vs.hearing == nowhere:
	case event:
		vs.agenda.add(task{do: workReport, param: i})
	default:
		vs.receipts.reported(p, vs.slots[i].value)
	}
	return event
}

// setSilently fills a parameter without raising an event (documentation page
// LogicParameters): element information and the first status of a connection.
func (vs *values) setSilently(id element.ParamID, v element.Value) {
	p, i := vs.ix.param(id)
	if p == nil {
		return
	}
	w, ok := p.Interprete.Convert(v)
	s := &vs.slots[i]
	if !ok || s.value == w {
		return
	}
	s.value, s.changedAt, s.receivedAt = w, vs.now, vs.now
	s.from, s.fromDevice, s.stale, s.hidden, s.original = nowhere, false, false, false, nil
	s.copyOf = 0
	vs.refresh(i)
}

// markStale marks the values that came from somewhere as no longer live.
func (vs *values) markStale(is func(from, script int) bool) {
	for i := range vs.slots {
		if vs.slots[i].markStale(is) {
			vs.refresh(paramIndex(i))
		}
	}
}

// presentSource is where values come from that logic puts into a row, or a script
// into a parameter, now: when it handles a message, from the device that sent
// it.
func (vs *values) presentSource() source {
	src := byLogic()
	src.script = vs.qaction
	if vs.hearing != nowhere {
		src.from, src.device = vs.hearing, true
	}
	return src
}
