package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// savesCell reports whether the present work saves the cell that a write is
// about.
func (e *Engine) savesCell(in Set, p *connector.Param) bool {
	d := e.tables.changed[element.RowKey{Table: in.Table, Key: in.Key}]
	at, ok := e.tables.writesRow(p)
	return ok && d != nil && d.cells != nil && d.cells[at.at]
}

// hadEffects reports whether anything came of a write but its own change: what is
// told here is all that a Set has led to.
func (e *Engine) hadEffects(written *connector.Param) bool {
	return len(e.scripts.waiting) > 0 || slices.ContainsFunc(e.turn.effects, func(f Effect) bool {
		switch f := f.(type) {
		case WriteAdvanced, Logged, Refreshed:
			return false
		case Changed:
			return f.Parameter.ID != written.ID
		default:
			return true
		}
	})
}

// writeTimerBase carries out a person's write of the timer base.
func (e *Engine) writeTimerBase(in Set) {
	p := e.ix.def.Param(in.Parameter)
	if e.status.mode == modeIdle || !e.timers.setBase(in.Value) {
		e.turn.emit(WriteAdvanced{Write: element.Write{
			ID: in.WriteID, Parameter: in.Named, Value: in.Value, Status: element.WriteFailed, By: in.By, At: element.At(e.turn.now),
			Detail: "The timer base is a number from 0.01 to 10 of an element that was started once.",
		}})
		return
	}
	e.receipts.open(in, p)
	shown, _ := e.Parameter(connector.TimerBase)
	e.turn.emit(Changed{Parameter: shown, By: in.By})
}

// MaxReceipts bounds the receipts that are kept; the oldest finished ones go
// first.
const MaxReceipts = 500

// defaultVerify is how long a write waits for its confirmation when the
// connector does not say (Param@verificationTimeout).
const defaultVerify = 30_000 * time.Millisecond

// set carries out a person's write. The write parameter takes the value even
// when it is equal; that is an event (documentation page LogicQActionsExecution).
func (e *Engine) set(in Set) {
	if in.Parameter == connector.SetTimerBase {
		e.writeTimerBase(in)
		return
	}
	p, i := e.ix.param(in.Parameter)
	if p == nil || e.status.mode == modeIdle {
		e.turn.emit(WriteAdvanced{Write: element.Write{
			ID: in.WriteID, Parameter: in.Named, Status: element.WriteFailed, By: in.By, At: element.At(e.turn.now),
			Detail: "The element has no such parameter, or was not started.",
		}})
		return
	}
	r := e.receipts.open(in, p)
	e.turn.causes = []cause{r}
	if in.Table != 0 {
		e.turn.row = e.tables.rowSet(in)
	}
	mark := e.agenda.mark()
	e.values.set(i, in.Value, source{by: in.By, from: nowhere, always: true, person: true})
	e.logic.drain(mark)
	e.turn.causes, e.turn.row = nil, nil
	if slices.ContainsFunc(e.turn.effects, func(f Effect) bool {
		s, ok := f.(Save)
		return ok && (s.Values[0].Parameter == p.ID || s.Values[0].Parameter == p.ReadID)
	}) || in.Table != 0 && e.savesCell(in, p) {
		x := e.receipts.of(r)
		e.receipts.advance(x, element.WriteSaved, x.detail())
	}
	if x := e.receipts.of(r); x != nil {
		x.outcome.ran = x.outcome.ran || x.queued > 0 || e.hadEffects(p)
	}
}
