package engine

import (
	"maps"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/codec"
)

// mode is what the engine does: nothing yet, all of it, or values only.
type mode uint8

const (
	modeIdle mode = iota // before the first Start or Load
	modeActive
	modePaused
	modeStopped
)

// state is everything that an input can change. It is plain data: clone makes
// a copy that shares only what is never written in place.
type state struct {
	cfg     element.Config
	mode    mode
	started bool // timers and "after startup" ran since the last stop
	slots   []slot
	conns   []connState
	timers  []timerState
	tables  map[element.ParamID]*table

	lanes      []lane // the protocol's own, then those of the connector's threads
	held       []heldBack
	parked     []entry   // groups that wait for the end of what holds their requests back
	quietUntil time.Time // logic that went round in circles rests
	timersFrom time.Time
	slow       slowPoll
	slowShown  time.Duration // what SlowPolled said last
	pausedAt   time.Time
	resumedAt  time.Time // end of the last pause

	made        map[int]message         // commands as they were made last, by id
	content     map[int][]codec.Param   // of commands that an action replaced parts of
	pairTimeout map[int]int             // milliseconds, by pair
	pairNext    map[int]int             // milliseconds, by pair
	sends       map[uint64]transmission // by token
	receipts    []receipt               // oldest first
	nextToken   uint64
	nextCause   uint64
	timedOut    bool
	timerBase   float64 // of relative timers; 0 is 1
}

// connState is what the engine knows of a connection.
type connState struct {
	open   bool
	wanted bool            // Reach was the last order
	since  time.Time       // not responding since; zero when it responds or need not
	unread bool            // messages came while paused and were not read
	redial bool            // the target changed while paused
	missed bool            // it opened or closed while paused: its status is still to be told to the logic
	heard  bool            // HTTP: the device has answered
	silent bool            // HTTP: the last request got no answer
	back   time.Time       // when it was away last: WebSocket, opened; HTTP, answered after silence
	spoke  time.Time       // when the device said something last
	asked  element.Address // HTTP: where the last request went; zero when nowhere
}

func (s *state) init(ix *index) {
	s.slots = make([]slot, len(ix.params))
	for i := range s.slots {
		s.slots[i].from = nowhere
	}
	s.conns = make([]connState, len(ix.def.Connections))
	s.timers = make([]timerState, len(ix.def.Timers))
	s.tables = map[element.ParamID]*table{}
	s.lanes = make([]lane, 1+len(ix.def.Threads))
	s.clearWork()
}

// clearWork forgets everything that waits and everything that actions changed
// but parameters.
func (s *state) clearWork() {
	clear(s.lanes)
	s.held, s.parked = nil, nil
	s.quietUntil, s.timersFrom, s.pausedAt = time.Time{}, time.Time{}, time.Time{}
	s.slow = slowPoll{}
	s.made = map[int]message{}
	s.content = map[int][]codec.Param{}
	s.pairTimeout = map[int]int{}
	s.pairNext = map[int]int{}
	s.sends = map[uint64]transmission{}
	clear(s.timers)
}

func (s *state) clone() state {
	c := *s
	c.slots = slices.Clone(s.slots)
	c.conns = slices.Clone(s.conns)
	c.timers = slices.Clone(s.timers)
	c.tables = s.cloneTables()
	c.lanes = slices.Clone(s.lanes)
	for i := range c.lanes {
		c.lanes[i] = c.lanes[i].clone()
	}
	c.held, c.parked = slices.Clone(s.held), slices.Clone(s.parked)
	c.receipts = slices.Clone(s.receipts)
	c.made = maps.Clone(s.made)
	c.content = maps.Clone(s.content)
	c.pairTimeout = maps.Clone(s.pairTimeout)
	c.pairNext = maps.Clone(s.pairNext)
	c.sends = maps.Clone(s.sends)
	return c
}

// Checkpoint is the engine's state at one moment.
type Checkpoint struct{ s state }

// Checkpoint returns a copy of everything that a Set can change, to be put
// back by Restore when the values that the Set saves cannot be saved. Values
// themselves are shared, so it costs a few hundred bytes for each parameter.
func (e *Engine) Checkpoint() Checkpoint { return Checkpoint{e.s.clone()} }

// Restore puts back what the checkpoint holds. The effects of what was
// handled in between must not have been carried out.
func (e *Engine) Restore(c Checkpoint) { e.s = c.s.clone() }
