package engine

import (
	"errors"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// ScriptContext says for whom and when a script runs.
type ScriptContext struct {
	Now     time.Time // of the input that is handled
	Element element.ID
	Name    string // of the element
	By      string // the person whose write is handled, "" when none
}

// scriptCall is a run of a QAction.
type scriptCall struct {
	q       *connector.QAction
	trigger int // parameter, or group with option "group"
	row     *RowChange
	causes  []cause
}

// Context implements ScriptHost.
func (h host) Context() ScriptContext {
	return ScriptContext{Now: h.e.now, Element: h.e.id, Name: h.e.s.cfg.Name, By: h.e.person}
}

// SetQuietly implements ScriptHost.
func (h host) SetQuietly(id element.ParamID, v element.Value) bool {
	p, i := h.e.param(id)
	if p == nil {
		return false
	}
	w, ok := fit(p, v)
	if !ok {
		return false
	}
	s := &h.e.s.slots[i]
	if s.value != w {
		s.changedAt = h.e.now
	}
	s.value, s.receivedAt = w, h.e.now
	s.from, s.fromDevice, s.stale, s.hidden, s.original, s.script = nowhere, false, false, false, nil, h.e.script
	h.e.refresh(i)
	return true
}

// runScripts runs the QActions that a parameter triggers, in document order.
func (e *Engine) runScripts(id element.ParamID) {
	for _, q := range e.ix.scripted[id] {
		e.runScript(q, int(id))
	}
}

// runGroupScripts runs the QActions with option "group" that wait for a group.
func (e *Engine) runGroupScripts(id int) {
	for _, q := range e.ix.afterGroup[id] {
		e.runScript(q, id)
	}
}

// runScript runs a QAction now, or keeps it until all that is linked to the
// present input has run (option "queued").
func (e *Engine) runScript(q *connector.QAction, trigger int) {
	if e.scripts == nil || !e.scripts.Runs(q) {
		e.logOnce("qaction:"+itoa(q.ID), levelWarning, "QAction %d is not run here: it is written in %s.", q.ID, q.Encoding)
		e.unrun(q)
		return
	}
	if !e.holds(q.Condition, "QAction", q.ID) {
		return
	}
	c := scriptCall{q: q, trigger: trigger, causes: e.causes}
	if q.Row {
		c.row = e.row
	}
	if q.Queued {
		e.waiting = append(e.waiting, c)
		return
	}
	e.callScript(c)
}

// runQueuedScripts runs what runScript kept, and reports whether there was any.
func (e *Engine) runQueuedScripts() bool {
	if len(e.waiting) == 0 {
		return false
	}
	c := e.waiting[0]
	e.waiting = e.waiting[1:]
	e.causes = c.causes
	e.callScript(c)
	e.causes = nil
	return true
}

func (e *Engine) callScript(c scriptCall) {
	if !e.enter("QAction", c.q.ID) {
		return
	}
	defer e.leave()
	e.eachReceipt(e.causes, func(r *receipt) { r.course.ran = true })
	around := e.script
	e.script = c.q.ID
	err := e.scripts.Run(c.q, element.ParamID(c.trigger), host{e: e, row: c.row})
	e.script = around
	if off, ok := errors.AsType[*SwitchedOff](err); ok {
		e.logf(levelError, "QAction %d is switched off: %s It is tried again in %s; Reconnect or Restart tries it at once.", c.q.ID, off.Err, off.Wait)
		e.wither(func(_, script int) bool { return script == c.q.ID })
	} else if err != nil {
		e.logRarely("qaction:"+itoa(c.q.ID), levelError, "QAction %d ended early: %s", c.q.ID, err)
	}
}
