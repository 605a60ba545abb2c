package engine

import "time"

// reset makes the state that of an element that was not started yet; settings,
// receipts and what numbers were given out are kept.
func (e *Engine) reset() {
	e.status.reset()
	e.connections.reset()
	e.values.reset()
	e.tables.reset()
	e.clearWork()
}

// clearWork forgets everything that waits and everything that actions changed
// but parameters.
func (e *Engine) clearWork() {
	e.status.pausedAt = time.Time{}
	e.lanes.reset()
	e.timers.reset()
	e.commands.reset()
	e.pairs.reset()
	e.slowPoll.state = slowState{}
}

// Checkpoint is the engine's state at one moment: that of each part that has
// any.
type Checkpoint struct {
	status      status
	connections connections
	receipts    receipts
	values      values
	tables      tables
	commands    commands
	lanes       lanes
	timers      timers
	slowPoll    slowPoll
	pairs       pairs
}

func (c *Checkpoint) clone() Checkpoint {
	return Checkpoint{
		c.status, c.connections.clone(), c.receipts.clone(), c.values.clone(), c.tables.clone(),
		c.commands.clone(), c.lanes.clone(), c.timers.clone(), c.slowPoll, c.pairs.clone(),
	}
}

// Checkpoint returns a copy of everything that a Set can change, to be put
// back by Restore when the values that the Set saves cannot be saved. Values
// themselves are shared, so it costs a few hundred bytes for each parameter.
func (e *Engine) Checkpoint() Checkpoint {
	now := Checkpoint{
		e.status, e.connections, e.receipts, e.values, e.tables, e.commands, e.lanes, e.timers, e.slowPoll, e.pairs,
	}
	return now.clone()
}

// Restore puts back what the checkpoint holds. The effects of what was
// handled in between must not have been carried out.
func (e *Engine) Restore(c Checkpoint) {
	c = c.clone()
	e.status, e.connections, e.receipts, e.values, e.tables = c.status, c.connections, c.receipts, c.values, c.tables
	e.commands, e.lanes, e.timers, e.slowPoll, e.pairs = c.commands, c.lanes, c.timers, c.slowPoll, c.pairs
}
