package engine

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"

	"fieldline/element/connector"
)

// minLoop is the least time between two rounds of a timer of Time "loop".
const minLoop = 15 * time.Millisecond

// maxInterval is the longest interval of a timer (RN 14392).
const maxInterval = 24 * 24 * time.Hour

// timerState is one timer of the element.
type timerState struct {
	running bool
	next    time.Time
	looping bool // a round of a loop timer is in the queue; it goes on when that is done
}

// startTimers starts all timers by their initial rule: at once, after a random
// delay, or not before an action does it.
func (e *Engine) startTimers() {
	for i := range e.def.Timers {
		t := &e.def.Timers[i]
		switch t.Initial {
		case "false":
		case "random":
			e.s.timers[i] = timerState{running: true, next: e.now.Add(e.randomDelay(t))}
		default:
			e.s.timers[i] = timerState{running: true, next: e.now}
		}
	}
}

// randomDelay draws the delay of Time@initial="random=a:b". It follows from
// the element and the time of the start, so that the engine stays a function
// of its inputs.
func (e *Engine) randomDelay(t *connector.Timer) time.Duration {
	h := fnv.New64a()
	h.Write([]byte(e.id)) // hash.Hash never returns an error
	r := rand.New(rand.NewPCG(h.Sum64(), uint64(e.now.UnixNano())+uint64(t.ID)))
	s := t.RandomLow + r.Float64()*max(0, t.RandomHigh-t.RandomLow)
	return min(time.Duration(max(0, s)*float64(time.Second)), maxInterval)
}

func interval(t *connector.Timer) time.Duration {
	if t.Loop {
		return minLoop
	}
	if t.IntervalMs > maxInterval.Milliseconds() {
		return maxInterval
	}
	return max(time.Duration(t.IntervalMs)*time.Millisecond, time.Millisecond)
}

// runTimers starts a round of every timer whose time has come, and reports
// whether there was one.
func (e *Engine) runTimers() bool {
	fired := false
	if e.now.Before(e.s.timersFrom) {
		return false
	}
	for i := range e.s.timers {
		t := &e.s.timers[i]
		if !t.running || t.looping || e.now.Before(t.next) || e.guard.tripped {
			continue
		}
		def := &e.def.Timers[i]
		t.next = t.next.Add(interval(def))
		if !t.next.After(e.now) {
			t.next = e.now.Add(interval(def))
		}
		fired = true
		e.runTimer(i)
	}
	if e.guard.tripped {
		e.s.timersFrom = e.now.Add(loopPause)
	}
	return fired
}

// runTimer queues the groups of a timer; those of type action and trigger run
// at once (documentation page Timers).
func (e *Engine) runTimer(i int) {
	def := &e.def.Timers[i]
	if !e.enter("timer", def.ID) {
		return
	}
	defer e.leave()
	if !e.holds(def.Condition, "timer", def.ID) {
		return
	}
	e.fireAll(occasion{"timer", "before", def.ID}, subject{"timer", def.ID})
	for _, id := range def.Groups {
		g := e.ix.groups[id]
		switch {
		case g == nil:
		case immediate(g):
			e.runNow(g)
		case !e.queued(id):
			e.enqueue(g, rankTimer, i)
		}
	}
	e.s.timers[i].looping = def.Loop && e.timerBusy(i)
}

// timerBusy reports whether a group of the timer is queued or runs.
func (e *Engine) timerBusy(i int) bool {
	for _, q := range e.s.queue {
		if q.timer == i {
			return true
		}
	}
	for _, r := range e.s.runs {
		if r.timer == i {
			return true
		}
	}
	return false
}

// timerAction carries out start, stop, restart timer and reschedule.
func (e *Engine) timerAction(a *connector.Action, id int) {
	i, ok := e.ix.timers[id]
	if !ok {
		return
	}
	t, def := &e.s.timers[i], &e.def.Timers[i]
	switch a.Type {
	case "start":
		if !t.running {
			*t = timerState{running: true, next: e.now}
		}
	case "stop":
		*t = timerState{}
	case "restart timer":
		e.dropQueued(i)
		*t = timerState{running: true, next: e.now.Add(interval(def))}
		if a.Reschedule {
			t.next = e.now
		}
	case "reschedule":
		if t.running {
			t.next, t.looping = e.now, false
		}
	default:
		e.unsupported(a)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) (int, error) { return strconv.Atoi(s) }
