package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Engine is the logic of one element. Only its owner goroutine may call it.
type Engine struct {
	ix     *index
	turn   turn
	budget budget
	agenda agenda

	status      status
	connections connections
	receipts    receipts
	values      values
	tables      tables
	addresses   addresses
	commands    commands
	lanes       lanes
	timers      timers
	deadlines   deadlines
	targets     targets
	slowPoll    slowPoll
	messages    messages
	scripts     scripts
	triggers    triggers
	actions     actions
	logic       logic
	runs        runs
	exchanges   exchanges
	pairs       pairs
	groups      groups
	receiver    receiver
	rounds      rounds
}

// New returns the engine of an element that was not started yet: it holds no
// values and answers every input but Start and Load with nothing.
func New(def *connector.Definition, id element.ID, cfg element.Config) *Engine {
	e := &Engine{ix: newIndex(def)}
	e.wire()
	e.status.id, e.status.cfg = id, cfg
	e.turn.journal.init()
	e.reset()
	return e
}

// UseScripts plugs in what runs QActions. It is called before the first Handle.
func (e *Engine) UseScripts(s Scripts) { e.scripts.runner = s }

// UseStopwatch gives the engine what tells how much time has passed since any
// fixed moment, so that work of few but long steps is cut off too. It is called
// before the first Handle.
func (e *Engine) UseStopwatch(elapsed func() time.Duration) { e.budget.elapsed = elapsed }

// Handle takes one input at the time now and returns what the owner has to do,
// in order. now should not run backwards; if it does, waits get longer.
func (e *Engine) Handle(now time.Time, in Input) []Effect {
	e.turn.begin(now)
	e.messages.reading, e.scripts.waiting = nil, nil
	e.budget.reset()
	e.agenda.reset()
	switch in := in.(type) {
	case Start:
		e.start(in)
	case Load:
		e.load(in)
	case Stop:
		e.stop()
	case Pause:
		e.pause()
	case Resume:
		e.resume()
	case Set:
		e.turn.person = in.By
		e.set(in)
	case Opened:
		e.opened(in)
	case Down:
		e.down(in)
	case Answered:
		e.answered(in)
	case Received:
		e.receiver.received(in)
	case Sent:
		e.pairs.sent(in)
	case Replied:
		e.exchanges.replied(in)
	case HoldBack:
		e.lanes.holdBack(in)
	case LetGo:
		e.logic.letGo(in)
	case Configure:
		e.configure(in)
	case Tick:
	}
	e.work()
	e.receipts.settle()
	e.connections.checkTimeout()
	e.slowPoll.show()
	e.tables.showRows()
	if _, ok := in.(Set); ok {
		e.savesFirst()
	}
	return e.turn.effects
}

// work runs timers and the queue until everything waits for time, for the
// device or for a person.
func (e *Engine) work() {
	for e.status.active() && !e.budget.tripped {
		if e.scripts.runQueued() {
			continue
		}
		did := e.slowPoll.run()
		did = e.rounds.run() || did
		for i := range e.lanes.list {
			did = e.groups.step(&e.lanes.list[i]) || did
		}
		if !did {
			return
		}
	}
	if e.status.active() && e.budget.tripped {
		e.lanes.quietUntil = e.turn.now.Add(loopPause)
	}
}

// Due returns when a Tick is wanted; ok is false when nothing waits for time.
func (e *Engine) Due() (at time.Time, ok bool) {
	sooner := func(t time.Time) {
		if !t.IsZero() && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	e.connections.timeoutDue(sooner)
	for i := range e.receipts.list {
		sooner(e.receipts.list[i].due())
	}
	if !e.status.active() {
		return at, ok
	}
	for i := range e.timers.list {
		if t := &e.timers.list[i]; t.running && !t.looping {
			sooner(later(t.next, e.timers.notBefore))
		}
	}
	e.slowPoll.next(sooner)
	for i := range e.lanes.list {
		e.lanes.due(&e.lanes.list[i], sooner)
	}
	return at, ok
}

// TimedOut reports whether the element is in the timeout state: a connection
// has not responded for longer than the element timeout.
func (e *Engine) TimedOut() bool { return e.status.timedOut }

// savesFirst puts everything to save into one effect before all others: what
// a person set is on disk before it is seen. Of several values of one
// parameter the last one counts; rows and cells come once already.
func (e *Engine) savesFirst() {
	var cells, saved []element.SavedValue
	place := map[element.ParamID]int{}
	rest := e.turn.effects[:0]
	for _, f := range e.turn.effects {
		save, ok := f.(Save)
		if !ok {
			rest = append(rest, f)
			continue
		}
		for _, v := range save.Values {
			if v.IsCell() {
				cells = append(cells, v)
				continue
			}
			if i, seen := place[v.Parameter]; seen {
				saved[i] = v
				continue
			}
			place[v.Parameter] = len(saved)
			saved = append(saved, v)
		}
	}
	var first []Effect
	if all := append(cells, saved...); len(all) > 0 {
		first = []Effect{Save{Values: all}}
	}
	e.turn.effects = append(first, rest...)
}
