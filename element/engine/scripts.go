package engine

import (
	"errors"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// scripts runs the QActions.
type scripts struct {
	*turn
	ix       *index
	budget   *budget
	agenda   *agenda
	status   *status
	receipts *receipts
	values   *values
	tables   *tables
	timers   *timers
	logic    *logic // runs what follows from what a script does
	runner   Scripts
	waiting  []scriptCall // wait until all else has run
}

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

// run runs the QActions that a parameter triggers, in document order.
func (ss *scripts) run(id element.ParamID) {
	for _, q := range ss.ix.scripted[id] {
		ss.runOne(q, int(id))
	}
}

// runOfGroup runs the QActions with option "group" that wait for a group.
func (ss *scripts) runOfGroup(id int) {
	for _, q := range ss.ix.afterGroup[id] {
		ss.runOne(q, id)
	}
}

// runOne runs a QAction now, or keeps it until all that is linked to the
// present input has run (option "queued").
func (ss *scripts) runOne(q *connector.QAction, trigger int) {
	if ss.runner == nil || !ss.runner.Runs(q) {
		ss.logOnce("qaction:"+itoa(q.ID), levelWarning, "QAction %d is not run here: it is written in %s.", q.ID, q.Encoding)
		ss.receipts.notRun(q)
		return
	}
	if !ss.values.holds(q.Condition, "QAction", q.ID) {
		return
	}
	c := scriptCall{q: q, trigger: trigger, causes: ss.causes}
	if q.Row {
		c.row = ss.row
	}
	if q.Queued {
		ss.waiting = append(ss.waiting, c)
		return
	}
	ss.call(c)
}

// runQueued runs what runScript kept, and reports whether there was any.
func (ss *scripts) runQueued() bool {
	if len(ss.waiting) == 0 {
		return false
	}
	c := ss.waiting[0]
	ss.waiting = ss.waiting[1:]
	ss.causes = c.causes
	ss.call(c)
	ss.causes = nil
	return true
}

func (ss *scripts) call(c scriptCall) {
	if !ss.budget.enter("QAction", c.q.ID) {
		return
	}
	defer ss.budget.leave()
	ss.receipts.each(ss.causes, func(r *receipt) { r.outcome.ran = true })
	around := ss.qaction
	ss.qaction = c.q.ID
	err := ss.runner.Run(c.q, element.ParamID(c.trigger), host{s: ss, row: c.row})
	ss.qaction = around
	if off, ok := errors.AsType[*SwitchedOff](err); ok {
		ss.logf(levelError, "QAction %d is switched off: %s It is tried again in %s; Reconnect or Restart tries it at once.", c.q.ID, off.Err, off.Wait)
		ss.tables.markStale(func(_, script int) bool { return script == c.q.ID })
	} else if err != nil {
		ss.logRarely("qaction:"+itoa(c.q.ID), levelError, "QAction %d ended early: %s", c.q.ID, err)
	}
}

// reset forgets what scripts keep between runs: the element has stopped.
func (ss *scripts) reset() {
	if ss.runner != nil {
		ss.runner.Reset()
	}
}
