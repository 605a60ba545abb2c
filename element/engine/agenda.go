package engine

import (
	"slices"

	"fieldline/element/connector"
)

// work is a kind of task.
type work uint8

const (
	workFire         work = iota // a trigger
	workAct                      // an action
	workActOn                    // an action on one of the items that it names
	workChange                   // what follows a change of a parameter
	workSettings                 // of what follows a change, all that comes behind its triggers
	workScripts                  // the QActions of a parameter
	workCell                     // what follows a change of a cell
	workCellCopied               // the row at hand took the copy of a write
	workReport                   // a device reported a value of a parameter
	workFields                   // the parameters of the message at hand, from one on
	workFieldChanged             // a parameter of the message took a new value
	workQueue                    // a group is to be queued
	workQueueOne                 // a group is to be queued unless it is
	workForce                    // a group is to interrupt the one that runs
)

// task is one thing that follows from what was done. What a kind does not need
// is zero.
type task struct {
	do      work
	logic   bool // workSettings: the element's logic runs
	rank    rank
	param   paramIndex
	field   int // place in the message
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
type agenda struct {
	*turn
	budget *budget
	tasks  []task
}

// mark is where what is added from now on begins.
func (ag *agenda) mark() int { return len(ag.tasks) }

// add puts a task behind those that were added since the mark. It is about the
// row at hand unless it says which.
func (ag *agenda) add(t task) {
	if t.row == nil {
		t.row = ag.row
	}
	t.level = len(ag.budget.chain)
	ag.tasks = append(ag.tasks, t)
}

// order brings what was added since the mark into the order of next.
func (ag *agenda) order(mark int) { slices.Reverse(ag.tasks[mark:]) }

// next takes the first of the tasks off.
func (ag *agenda) next() task {
	last := len(ag.tasks) - 1
	t := ag.tasks[last]
	ag.tasks[last] = task{}
	ag.tasks = ag.tasks[:last]
	return t
}

func (ag *agenda) reset() {
	clear(ag.tasks)
	ag.tasks = ag.tasks[:0]
}
