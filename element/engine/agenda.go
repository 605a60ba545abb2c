package engine

import (
	"slices"

	"fieldline/element/connector"
)

// work is a kind of task.
type work uint8

const (
	workFire       work = iota // a trigger
	workAct                    // an action
	workActOn                  // an action on one of the items that it names
	workChange                 // what follows a change of a parameter
	workSettings               // of what follows a change, all that comes behind its triggers
	workScripts                // the QActions of a parameter
	workCell                   // what follows a change of a cell
	workCellCopied             // the row at hand took the copy of a write
	workReport                 // a device reported a value of a parameter
	workField                  // a parameter of the message at hand
	workFieldRead              // it was given its value
	workQueue                  // a group is to be queued
	workQueueOne               // a group is to be queued unless it is
	workForce                  // a group is to interrupt the one that runs
)

// task is one thing that follows from what was done. What a kind does not need
// is zero.
type task struct {
	do      work
	logic   bool // workSettings: the element's logic runs
	event   bool // workFieldRead: the value was an event
	rank    rank
	place   int // of a parameter; workField: of the field
	id      int // of the item that is acted on, of a column
	who     subject
	trigger *connector.Trigger
	action  *connector.Action
	group   *connector.Group
	row     *RowChange // the row that logic is about
	level   int        // length of the chain that led to it
	src     source     // of the value that changed
}

// agenda holds what follows from what was done, and is still to be done. What
// one task adds, in its order, is done before the tasks that waited already:
// the consequences of the first are complete when the second begins.
type agenda struct{ tasks []task }

// mark is where what is added from now on begins.
func (a *agenda) mark() int { return len(a.tasks) }

// add puts a task behind those that were added since the mark.
func (a *agenda) add(t task) { a.tasks = append(a.tasks, t) }

// turn brings what was added since the mark into the order of next.
func (a *agenda) turn(mark int) { slices.Reverse(a.tasks[mark:]) }

// next takes the first of the tasks off.
func (a *agenda) next() task {
	last := len(a.tasks) - 1
	t := a.tasks[last]
	a.tasks[last] = task{}
	a.tasks = a.tasks[:last]
	return t
}

func (a *agenda) reset() {
	clear(a.tasks)
	a.tasks = a.tasks[:0]
}

// add puts a task on the agenda, with the row and the chain at hand.
func (e *Engine) add(t task) {
	if t.row == nil {
		t.row = e.row
	}
	t.level = len(e.guard.chain)
	e.agenda.add(t)
}

// drain does what was added since the mark, and all that follows from it.
func (e *Engine) drain(mark int) {
	if e.agenda.mark() == mark {
		return
	}
	row, level := e.row, len(e.guard.chain)
	e.agenda.turn(mark)
	for e.agenda.mark() > mark {
		t := e.agenda.next()
		e.row = t.row
		e.guard.back(t.level)
		more := e.agenda.mark()
		e.do(&t)
		e.agenda.turn(more)
	}
	e.row = row
	e.guard.back(level)
}

// do does one task.
func (e *Engine) do(t *task) {
	switch t.do {
	case workFire:
		e.fire(t.trigger, t.who)
	case workAct:
		e.act(t.action, t.who)
	case workActOn:
		e.actOn(t.action, t.id, t.who)
	case workChange:
		e.changed(t.place, t.src)
	case workSettings:
		e.afterTriggers(t.place, t.src, t.logic)
	case workScripts:
		e.runScripts(e.ix.params[t.place].ID)
	case workCell:
		e.cellChanged(t.place)
	case workCellCopied:
		e.cellCopied()
	case workReport:
		e.reported(e.ix.params[t.place], e.s.slots[t.place].value)
	case workField:
		e.readField(t.place)
	case workFieldRead:
		e.fieldRead(t.place, t.event)
	case workQueue:
		e.enqueue(t.group, t.rank, -1)
	case workQueueOne:
		e.enqueueOne(t.group, t.rank)
	case workForce:
		e.force(t.group)
	}
}
