package engine

import (
	"fieldline/element"
	"fieldline/element/connector"
)

// logic does what is on the agenda, until nothing follows any more.
type logic struct {
	*turn
	ix        *index
	budget    *budget
	agenda    *agenda
	status    *status
	receipts  *receipts
	values    *values
	tables    *tables
	addresses *addresses
	commands  *commands
	lanes     *lanes
	deadlines *deadlines
	targets   *targets
	messages  *messages
	scripts   *scripts
	triggers  *triggers
	actions   *actions
}

// drain does what was added since the mark, and all that follows from it.
func (lg *logic) drain(mark int) {
	if lg.agenda.mark() == mark {
		return
	}
	row, level := lg.row, len(lg.budget.chain)
	lg.agenda.order(mark)
	for lg.agenda.mark() > mark {
		t := lg.agenda.next()
		lg.row = t.row
		lg.budget.back(t.level)
		more := lg.agenda.mark()
		lg.do(&t)
		lg.agenda.order(more)
	}
	lg.row = row
	lg.budget.back(level)
}

// do does one task.
func (lg *logic) do(t *task) {
	switch t.do {
	case workFire:
		lg.triggers.fire(t.trigger, t.who)
	case workAct:
		lg.actions.act(t.action, t.who)
	case workActOn:
		lg.actions.on(t.action, t.id, t.who)
	case workChange:
		lg.changed(t.param, t.src)
	case workSettings:
		lg.afterTriggers(t.param, t.src, t.logic)
	case workScripts:
		lg.scripts.run(lg.ix.params[t.param].ID)
	case workCell:
		lg.cellChanged(t.param)
	case workCellCopied:
		lg.cellCopied()
	case workReport:
		lg.receipts.reported(lg.ix.params[t.param], lg.values.slots[t.param].value)
	case workFields:
		lg.messages.readFrom(t.field, element.ParamID(t.id))
	case workFieldChanged:
		lg.messages.fieldChanged(t.field)
	case workQueue:
		lg.enqueue(t.group, t.rank, noTimer)
	case workQueueOne:
		lg.enqueueOne(t.group, t.rank)
	case workForce:
		lg.force(t.group)
	}
}

// changed runs what follows a change of the parameter at place i. In an
// element that is paused or stopped that is saving and the setter copy.
func (lg *logic) changed(i paramIndex, src source) {
	p := lg.ix.params[i]
	logic, mark := lg.status.active() && lg.budget.enter("parameter", int(p.ID)), lg.agenda.mark()
	if logic {
		lg.triggers.post(occasion{itemParameter, onChange, int(p.ID)})
	}
	if lg.agenda.mark() > mark {
		lg.agenda.add(task{do: workSettings, param: i, src: src, logic: logic})
		return
	}
	lg.afterTriggers(i, src, logic)
}

// afterTriggers is what follows a change behind its triggers.
func (lg *logic) afterTriggers(i paramIndex, src source, logic bool) {
	p := lg.ix.params[i]
	lg.targets.retarget(p.ID)
	if p.Saved {
		lg.values.save(i)
	}
	if p.Setter {
		lg.copySetter(p, i, src)
	}
	if logic && len(lg.ix.scripted[p.ID]) > 0 {
		lg.agenda.add(task{do: workScripts, param: i})
	}
}

// copySetter copies the value of a write parameter to its read twin, or to the
// cell of the row that is written.
func (lg *logic) copySetter(p *connector.Param, i paramIndex, src source) {
	if lg.row != nil && lg.copyToCell(p, i, src) {
		return
	}
	twin, at := lg.ix.param(p.ReadID)
	if twin == nil {
		return
	}
	v, ok := twin.Interprete.Convert(lg.values.slots[i].value)
	if !ok {
		lg.logf(levelWarning, "%s was not copied to %s: the value is not a number.", capital(named(p)), named(twin))
		return
	}
	src.original, src.copyOf = nil, i+1
	lg.values.set(at, v, src)
}

// setIfChanged sets a parameter the way a protocol construct does, and runs all
// that follows.
func (lg *logic) setIfChanged(p *connector.Param, i paramIndex, v element.Value, src source) {
	mark := lg.agenda.mark()
	lg.values.setIfChanged(p, i, v, src)
	lg.drain(mark)
}

// cellChanged runs what reacts to a change of a column of the row at hand.
func (lg *logic) cellChanged(i paramIndex) {
	id := int(lg.ix.params[i].ID)
	if !lg.budget.enter("parameter", id) {
		return
	}
	lg.triggers.post(occasion{itemParameter, onChange, id})
	lg.agenda.add(task{do: workScripts, param: i})
}

// fireAll runs the triggers of an occasion, in document order, and all that
// follows from them.
func (lg *logic) fireAll(at occasion) {
	mark := lg.agenda.mark()
	lg.triggers.post(at)
	lg.drain(mark)
}
