package engine

import (
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// Engine is the logic of one element. Only its owner goroutine may call it.
type Engine struct {
	// Set by New.
	def     *connector.Definition
	id      element.ID
	ix      *index
	scripts Scripts
	elapsed func() time.Duration // nil without a stopwatch

	s state

	// Of the present Handle.
	now        time.Time
	effects    []Effect
	causes     []cause  // what people gave that the present work goes back to
	reading    *reading // message that is being taken apart
	hearing    int      // connection whose message or reply is handled, else nowhere
	at         int      // place of the lane whose group is handled, 0 when none
	row        *RowChange
	person     string                       // whose write is handled, "" when none
	script     int                          // QAction that runs, 0 when none does
	waiting    []scriptCall                 // QActions that wait until all else has run
	moved      map[element.RowKey]*dirtyRow // rows that moved
	movedOrder []*dirtyRow
	guard      guard
	agenda     agenda // what follows from what was done

	log journal
}

// New returns the engine of an element that was not started yet: it holds no
// values and answers every input but Start and Load with nothing.
func New(def *connector.Definition, id element.ID, cfg element.Config) *Engine {
	e := &Engine{def: def, id: id, ix: newIndex(def)}
	e.log.init()
	e.s.cfg = cfg
	e.s.init(e.ix)
	return e
}

// Handle takes one input at the time now and returns what the owner has to do,
// in order. now should not run backwards; if it does, waits get longer.
func (e *Engine) Handle(now time.Time, in Input) []Effect {
	e.now, e.effects, e.causes, e.reading = now, nil, nil, nil
	e.at, e.script = 0, 0
	e.hearing, e.row, e.person, e.waiting = nowhere, nil, "", nil
	e.guard.reset()
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
		e.person = in.By
		e.set(in)
	case Opened:
		e.opened(in)
	case Down:
		e.down(in)
	case Answered:
		e.answered(in)
	case Received:
		e.received(in)
	case Sent:
		e.sent(in)
	case Replied:
		e.replied(in)
	case HoldBack:
		e.holdBack(in)
	case LetGo:
		e.letGo(in)
	case Configure:
		e.configure(in)
	case Tick:
	}
	e.work()
	e.settleReceipts()
	e.checkTimeout()
	e.showSlowPoll()
	e.showRows()
	if _, ok := in.(Set); ok {
		e.savesFirst()
	}
	return e.effects
}

// work runs timers and the queue until everything waits for time, for the
// device or for a person.
func (e *Engine) work() {
	for e.active() && !e.guard.tripped {
		if e.runQueuedScripts() {
			continue
		}
		moved := e.runSlowPoll()
		moved = e.runTimers() || moved
		for i := range e.s.lanes {
			moved = e.step(&e.s.lanes[i]) || moved
		}
		if !moved {
			return
		}
	}
	if e.active() && e.guard.tripped {
		e.s.quietUntil = e.now.Add(loopPause)
	}
}

// Due returns when a Tick is wanted; ok is false when nothing waits for time.
func (e *Engine) Due() (at time.Time, ok bool) {
	sooner := func(t time.Time) {
		if !t.IsZero() && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	e.timeoutDue(sooner)
	for i := range e.s.receipts {
		sooner(e.s.receipts[i].due())
	}
	if !e.active() {
		return at, ok
	}
	for i := range e.s.timers {
		if t := &e.s.timers[i]; t.running && !t.looping {
			sooner(later(t.next, e.s.timersFrom))
		}
	}
	e.slowPollNext(sooner)
	for i := range e.s.lanes {
		e.laneDue(&e.s.lanes[i], sooner)
	}
	return at, ok
}

// TimedOut reports whether the element is in the timeout state: a connection
// has not responded for longer than the element timeout.
func (e *Engine) TimedOut() bool { return e.s.timedOut }

func (e *Engine) active() bool { return e.s.mode == modeActive }

func (e *Engine) emit(f Effect) { e.effects = append(e.effects, f) }

// savesFirst puts everything to save into one effect before all others: what
// a person set is on disk before it is seen. Of several values of one
// parameter the last one counts; rows and cells come once already.
func (e *Engine) savesFirst() {
	var cells, saved []element.SavedValue
	place := map[element.ParamID]int{}
	rest := e.effects[:0]
	for _, f := range e.effects {
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
	e.effects = append(first, rest...)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
