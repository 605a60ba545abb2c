package engine

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// timers are the timers of the element, in the connector's order.
type timers struct {
	*turn
	ix        *index
	status    *status
	lanes     *lanes
	list      []timerState
	notBefore time.Time // logic that went round in circles rests
}

func (ts *timers) reset() {
	ts.list, ts.notBefore = make([]timerState, len(ts.ix.def.Timers)), time.Time{}
}

func (ts timers) clone() timers {
	ts.list = slices.Clone(ts.list)
	return ts
}

// setBase changes the timer base and reports whether v can be one.
func (ts *timers) setBase(v element.Value) bool {
	f, ok := v.Float()
	if !ok || f < connector.MinTimerBase || f > connector.MaxTimerBase {
		return false
	}
	if f != ts.status.timerFactor() {
		ts.status.timerBase = f
		ts.rebase()
	}
	return true
}

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

// start starts all timers by their initial rule: at once, after a random
// delay, or not before an action does it.
func (ts *timers) start() {
	for i := range ts.ix.def.Timers {
		t := &ts.ix.def.Timers[i]
		switch t.Initial {
		case "false":
		case "random":
			ts.list[i] = timerState{running: true, next: ts.now.Add(ts.randomDelay(t))}
		default:
			ts.list[i] = timerState{running: true, next: ts.now}
		}
	}
}

// randomDelay draws the delay of Time@initial="random=a:b". It follows from
// the element and the time of the start, so that the engine stays a function
// of its inputs.
func (ts *timers) randomDelay(t *connector.Timer) time.Duration {
	h := fnv.New64a()
	h.Write([]byte(ts.status.id)) // hash.Hash never returns an error
	r := rand.New(rand.NewPCG(h.Sum64(), uint64(ts.now.UnixNano())+uint64(t.ID)))
	s := t.RandomLow + r.Float64()*max(0, t.RandomHigh-t.RandomLow)
	return min(time.Duration(max(0, s)*float64(time.Second)), maxInterval)
}

// interval is the time between two rounds of a timer: what the connector
// says, times the element's "Timer base" where timers are relative.
func (ts *timers) interval(t *connector.Timer) time.Duration {
	if t.Loop {
		return minLoop
	}
	ms := float64(t.IntervalMs)
	if ts.ix.def.RelativeTimers && !t.Fixed {
		ms *= ts.status.timerFactor()
	}
	return time.Duration(min(max(ms, 1), float64(maxInterval.Milliseconds())) * float64(time.Millisecond))
}

// rebase runs the relative timers at once when their base has changed and the
// connector wants that; else the present interval ends as it began.
func (ts *timers) rebase() {
	if !ts.ix.def.TimersReset || !ts.status.active() {
		return
	}
	for i := range ts.list {
		if t, def := &ts.list[i], &ts.ix.def.Timers[i]; t.running && !def.Fixed && !def.Loop {
			t.next = ts.now
		}
	}
}

// roundEnded lets a timer go on whose groups are all done: one of Time "loop",
// or one that an action wants to run again.
func (ts *timers) roundEnded(i timerIndex) {
	t := &ts.list[i]
	if !t.looping && !t.again || ts.lanes.timerBusy(i) {
		return
	}
	if t.looping {
		t.next = ts.now.Add(minLoop)
	}
	if t.again {
		t.next = ts.now
	}
	t.looping, t.again = false, false
}
