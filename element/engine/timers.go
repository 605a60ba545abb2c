package engine

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
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
	again   bool // a round follows at once when the present one is done (reschedule)
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

// interval is the time between two rounds of a timer: what the connector
// says, times the element's "Timer base" where timers are relative.
func (e *Engine) interval(t *connector.Timer) time.Duration {
	if t.Loop {
		return minLoop
	}
	ms := float64(t.IntervalMs)
	if e.def.RelativeTimers && !t.Fixed {
		ms *= e.timerBase()
	}
	return time.Duration(min(max(ms, 1), float64(maxInterval.Milliseconds())) * float64(time.Millisecond))
}

// rebase runs the relative timers at once when their base has changed and the
// connector wants that; else the present interval ends as it began.
func (e *Engine) rebase() {
	if !e.def.TimersReset || !e.active() {
		return
	}
	for i := range e.s.timers {
		if t, def := &e.s.timers[i], &e.def.Timers[i]; t.running && !def.Fixed && !def.Loop {
			t.next = e.now
		}
	}
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
		t.next = t.next.Add(e.interval(def))
		if !t.next.After(e.now) {
			t.next = e.now.Add(e.interval(def))
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
	e.fireAll(occasion{itemTimer, onBefore, def.ID})
	for _, id := range def.Groups {
		g := e.ix.groups[id]
		switch {
		case g == nil, e.s.slow.on && e.asksMain(g):
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
	for k := range e.s.lanes {
		l := &e.s.lanes[k]
		if slices.ContainsFunc(l.queue, func(q entry) bool { return q.timer == i }) ||
			slices.ContainsFunc(l.runs, func(r run) bool { return r.timer == i }) {
			return true
		}
	}
	return slices.ContainsFunc(e.s.parked, func(q entry) bool { return q.timer == i })
}

// roundEnded lets a timer go on whose groups are all done: one of Time "loop",
// or one that an action wants to run again.
func (e *Engine) roundEnded(i int) {
	t := &e.s.timers[i]
	if !t.looping && !t.again || e.timerBusy(i) {
		return
	}
	if t.looping {
		t.next = e.now.Add(minLoop)
	}
	if t.again {
		t.next = e.now
	}
	t.looping, t.again = false, false
}

// timerAction carries out start, stop, restart timer and reschedule.
func (e *Engine) timerAction(a *connector.Action, id int) {
	i, ok := e.ix.timers[id]
	if !ok {
		return
	}
	t := &e.s.timers[i]
	switch a.Type {
	case "start":
		if !t.running {
			*t = timerState{running: true, next: e.now}
		}
	case "stop":
		*t = timerState{}
	case "restart timer": // the timer itself goes on as it is (LogicActionRestartTimer)
		e.dropQueued(func(q entry) bool { return q.timer == i })
		if a.Reschedule {
			*t = timerState{running: true, next: e.now}
			return
		}
		e.roundEnded(i)
	case "reschedule": // after the present round, or now (LogicActionReschedule)
		if t.running {
			t.again = true
			e.roundEnded(i)
		}
	default:
		e.unsupported(a)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) (int, error) { return strconv.Atoi(s) }
