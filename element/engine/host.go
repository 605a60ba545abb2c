package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// host is the engine as a script sees it.
type host struct {
	s   *scripts
	row *RowChange // of a QAction with row="true"
}

// settle runs all that follows from what the script did since the mark.
func (h host) settle(mark int) { h.s.logic.drain(mark) }

// Value implements ScriptHost.
func (h host) Value(id element.ParamID) element.Value { return h.s.values.value(id) }

// SetValue implements ScriptHost.
func (h host) SetValue(id element.ParamID, v element.Value) bool {
	if id == connector.TimerBase || id == connector.SetTimerBase {
		return h.s.timers.setBase(v)
	}
	p, i := h.s.ix.param(id)
	if p == nil {
		return false
	}
	w, ok := p.Interprete.Convert(v)
	if !ok {
		return false
	}
	src := h.s.values.presentSource()
	src.always = true
	mark := h.s.agenda.mark()
	h.s.values.set(i, w, src)
	h.settle(mark)
	if src.device {
		h.s.receipts.reported(p, w)
	}
	return true
}

// CheckTrigger implements ScriptHost.
func (h host) CheckTrigger(id int) bool {
	t := h.s.ix.triggers[id]
	if t == nil {
		return false
	}
	mark := h.s.agenda.mark()
	h.s.agenda.add(task{do: workFire, trigger: t})
	h.settle(mark)
	return true
}

// Log implements ScriptHost.
func (h host) Log(level, message string) { h.s.logf(level, "%s", message) }

// Context implements ScriptHost.
func (h host) Context() ScriptContext {
	return ScriptContext{Now: h.s.now, Element: h.s.status.id, Name: h.s.status.cfg.Name, By: h.s.person}
}

// SetQuietly implements ScriptHost.
func (h host) SetQuietly(id element.ParamID, v element.Value) bool {
	p, i := h.s.ix.param(id)
	if p == nil {
		return false
	}
	w, ok := p.Interprete.Convert(v)
	if !ok {
		return false
	}
	s := &h.s.values.slots[i]
	if s.value != w {
		s.changedAt = h.s.now
	}
	s.value, s.receivedAt = w, h.s.now
	s.from, s.fromDevice, s.stale, s.hidden, s.original, s.script = nowhere, false, false, false, nil, h.s.qaction
	h.s.values.refresh(i)
	return true
}
