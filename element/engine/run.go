package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

// phase is what a running group waits for.
type phase uint8

const (
	phaseReady   phase = iota // for nothing
	phasePause                // for a time: next, Interval
	phaseOpening              // for its connection to open
	phaseAnswer               // for the device
	phaseReply                // for the end of an HTTP exchange, which its connection bounds
)

// run is a group that runs.
type run struct {
	entry
	item    int
	phase   phase
	until   time.Time // when the wait ends
	begun   bool      // "before group" was fired
	dropped bool      // stop current group

	// Of the pair that runs.
	conn    int
	attempt int // sends tried, from 1
	payload message
	token   uint64
	sent    bool   // the command was handed over at least once
	said    string // how a message began that came instead of the answer

	exchange int  // of the session that runs
	moved    bool // the address changed after the request was sent
	out      bool // bytes of the request went out, in whatever attempt
}

// step does one thing of a lane, and reports whether it did.
func (e *Engine) step(l *lane) bool {
	if e.now.Before(later(e.s.quietUntil, l.pauseUntil)) {
		return false
	}
	r := l.running()
	switch {
	case r == nil || len(l.forced) > 0 && (r.phase == phaseReady || r.phase == phasePause):
		if !l.next() {
			return false
		}
		e.park(l)
	case r.phase == phasePause:
		if e.now.Before(r.until) {
			return false
		}
		r.phase = phaseReady
	case r.phase == phaseReply:
		return false
	case r.phase == phaseOpening || r.phase == phaseAnswer:
		if e.now.Before(r.until) {
			return false
		}
		e.within(r, e.pairTimedOut)
	case e.mustWait(r):
		return false
	default:
		e.within(r, e.runItem)
	}
	return true
}

// next takes the next group out of the queue and makes it the running one.
func (l *lane) next() bool {
	from := &l.forced
	if len(*from) == 0 {
		from = &l.queue
	}
	if len(*from) == 0 {
		return false
	}
	q := (*from)[0]
	*from = slices.Delete(*from, 0, 1)
	l.runs = append(l.runs, run{entry: q})
	return true
}

// within does a piece of work of the running group, for the writes that the
// group goes back to.
func (e *Engine) within(r *run, work func(*run)) {
	if !e.enter("group", r.group.ID) {
		return
	}
	e.causes, e.at = r.causes, r.lane
	work(r)
	e.causes, e.at = nil, 0
	e.leave()
}

// runItem begins the group, or runs its next item, or ends it.
func (e *Engine) runItem(r *run) {
	g := r.group
	if !r.begun {
		if r.behind != nowhere && e.overdue(&r.entry, r.behind) {
			r.conn = r.behind
			e.refuse(r, "group "+itoa(g.ID))
			return
		}
		if !e.holds(g.Condition, "group", g.ID) {
			e.endRun(r)
			return
		}
		r.begun = true
		e.fireAll(occasion{itemGroup, onBefore, g.ID})
		return
	}
	if r.item >= len(g.Content) || r.dropped {
		if !r.dropped {
			e.fireAll(occasion{itemGroup, onAfter, g.ID})
			e.runGroupScripts(g.ID)
		}
		e.endRun(r)
		return
	}
	item := g.Content[r.item]
	if item.Kind == connector.ItemPair {
		e.startPair(r, e.ix.pairs[item.ID])
		return
	}
	if item.Kind == connector.ItemSession {
		e.startExchange(r)
		return
	}
	e.runSimple(item, g.ID)
	e.advance(r)
}

// runSimple runs an item that waits for nothing.
func (e *Engine) runSimple(item connector.GroupItem, group int) {
	who, mark := subject{itemGroup, group}, e.agenda.mark()
	switch item.Kind {
	case connector.ItemAction:
		if a := e.ix.actions[item.ID]; a != nil {
			e.add(task{do: workAct, action: a, who: who})
		}
	case connector.ItemTrigger:
		if t := e.ix.triggers[item.ID]; t != nil {
			e.add(task{do: workFire, trigger: t, who: who})
		}
	default:
		e.logOnce("item:"+string(item.Kind), levelWarning, "Group %d holds a %s, which is not run here.", group, item.Kind)
	}
	e.drain(mark)
}

// advance goes on to the next item, after the wait that the present one asks
// for.
func (e *Engine) advance(r *run) {
	item := r.group.Content[r.item]
	wait := item.NextMs
	if item.Kind == connector.ItemPair {
		if ms, ok := e.s.pairNext[item.ID]; ok {
			wait = ms
		}
		if r.timer >= 0 && r.item+1 < len(r.group.Content) {
			wait = max(wait, e.def.Timers[r.timer].GapMs)
		}
	}
	r.item++
	e.pauseRun(r, wait)
}

func (e *Engine) pauseRun(r *run, ms int) {
	r.phase = phaseReady
	if ms > 0 {
		r.phase, r.until = phasePause, e.now.Add(time.Duration(ms)*time.Millisecond)
	}
}

// endRun takes the running group off, lets its timer go on and keeps the
// timer's Interval to its next group.
func (e *Engine) endRun(r *run) {
	q, l := r.entry, &e.s.lanes[r.lane]
	l.runs = l.runs[:len(l.runs)-1]
	e.hold(q.causes, -1)
	if q.timer < 0 {
		return
	}
	e.roundEnded(q.timer)
	if gap := e.def.Timers[q.timer].GapMs; gap > 0 && len(l.queue) > 0 && l.queue[0].timer == q.timer {
		l.pauseUntil = later(l.pauseUntil, e.now.Add(time.Duration(gap)*time.Millisecond))
	}
}

// immediate reports whether a timer runs the group at once: it is of type
// action or trigger and waits between no items.
func immediate(g *connector.Group) bool {
	if g.Type != connector.GroupAction && g.Type != connector.GroupTrigger {
		return false
	}
	return !slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool {
		return i.NextMs > 0 || i.Kind == connector.ItemPair || i.Kind == connector.ItemSession
	})
}

// runNow runs a group of actions or triggers outside the queue.
func (e *Engine) runNow(g *connector.Group) {
	if !e.enter("group", g.ID) {
		return
	}
	defer e.leave()
	if !e.holds(g.Condition, "group", g.ID) {
		return
	}
	e.fireAll(occasion{itemGroup, onBefore, g.ID})
	for _, item := range g.Content {
		e.runSimple(item, g.ID)
	}
	e.fireAll(occasion{itemGroup, onAfter, g.ID})
	e.runGroupScripts(g.ID)
}
