package engine

import (
	"slices"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// MaxQueue bounds the groups that wait; more are refused and logged.
const MaxQueue = 1000

// rank is the part of the queue that a group is put into.
type rank uint8

const (
	rankFront  rank = iota // execute next
	rankNormal             // execute
	rankTimer              // timers, add to execute
)

// entry is a group that waits.
type entry struct {
	group  *connector.Group
	rank   rank
	timer  int            // place of the timer that queued it, -1 when none did
	causes []uint64       // writes it goes back to; never written in place
	bytes  map[int][]byte // command bytes by item, made when it was queued; read-only
}

// phase is what a running group waits for.
type phase uint8

const (
	phaseReady   phase = iota // for nothing
	phasePause                // for a time: next, Interval
	phaseOpening              // for its connection to open
	phaseAnswer               // for the device
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
	payload []byte
	token   uint64
	sent    bool // the command was handed over at least once
}

// queued reports whether a group waits in the queue; the one that runs does
// not count.
func (e *Engine) queued(id int) bool { return e.place(id) >= 0 }

func (e *Engine) place(id int) int {
	return slices.IndexFunc(e.s.queue, func(q entry) bool { return q.group.ID == id })
}

// enqueue puts a group into the queue. Where commands are made by the
// protocol they are made now and travel with the entry, which may then be
// queued many times; elsewhere a group is queued once and sends the latest
// values (documentation page ConnectionsSerialMakeCommandByProtocol).
func (e *Engine) enqueue(g *connector.Group, at rank, timer int) {
	if !e.makesByProtocol(g) {
		if i := e.place(g.ID); i >= 0 {
			e.requeue(i, at)
			return
		}
	}
	if len(e.s.queue)+len(e.s.forced) >= MaxQueue {
		e.logRarely("queue", levelError, "Group %d was not queued: %d groups wait already.", g.ID, MaxQueue)
		e.failCauses(e.causes, "Not sent: too much is waiting to be sent already.")
		return
	}
	q := entry{group: g, rank: at, timer: timer, causes: e.causes, bytes: e.makeQueued(g)}
	e.hold(q.causes, +1)
	e.insert(q)
}

func (e *Engine) insert(q entry) {
	at := len(e.s.queue)
	switch q.rank {
	case rankFront:
		at = 0
	case rankNormal:
		if i := slices.IndexFunc(e.s.queue, func(o entry) bool { return o.rank == rankTimer }); i >= 0 {
			at = i
		}
	case rankTimer:
	}
	e.s.queue = slices.Insert(e.s.queue, at, q)
}

// requeue makes a waiting group serve one more cause, earlier if need be.
func (e *Engine) requeue(i int, at rank) {
	q := e.s.queue[i]
	for _, c := range e.causes {
		if !slices.Contains(q.causes, c) {
			q.causes = append(slices.Clone(q.causes), c)
			e.hold([]uint64{c}, +1)
		}
	}
	e.s.queue[i] = q
	if at < q.rank {
		e.s.queue = slices.Delete(e.s.queue, i, i+1)
		q.rank = at
		e.insert(q)
	}
}

// force lets a group interrupt the running one before its next item.
func (e *Engine) force(g *connector.Group) {
	if len(e.s.queue)+len(e.s.forced)+len(e.s.runs) >= MaxQueue {
		e.logRarely("queue", levelError, "Group %d was not queued: %d groups wait already.", g.ID, MaxQueue)
		return
	}
	q := entry{group: g, timer: -1, causes: e.causes, bytes: e.makeQueued(g)}
	e.hold(q.causes, +1)
	e.s.forced = append(e.s.forced, q)
}

// dropQueued removes the waiting groups of a timer.
func (e *Engine) dropQueued(timer int) {
	e.s.queue = slices.DeleteFunc(e.s.queue, func(q entry) bool {
		if q.timer == timer {
			e.hold(q.causes, -1)
		}
		return q.timer == timer
	})
}

// step does one thing of the queue, and reports whether it did.
func (e *Engine) step() bool {
	if e.now.Before(e.s.pauseUntil) {
		return false
	}
	r := e.s.running()
	switch {
	case r == nil || r.phase == phaseReady && len(e.s.forced) > 0:
		return e.next()
	case r.phase == phasePause:
		if e.now.Before(r.until) {
			return false
		}
		r.phase = phaseReady
	case r.phase == phaseOpening || r.phase == phaseAnswer:
		if e.now.Before(r.until) {
			return false
		}
		e.within(r, e.pairTimedOut)
	default:
		e.within(r, e.runItem)
	}
	return true
}

// next takes the next group out of the queue and makes it the running one.
func (e *Engine) next() bool {
	from := &e.s.forced
	if len(*from) == 0 {
		from = &e.s.queue
	}
	if len(*from) == 0 {
		return false
	}
	q := (*from)[0]
	*from = slices.Delete(*from, 0, 1)
	e.s.runs = append(e.s.runs, run{entry: q})
	return true
}

// within does a piece of work of the running group, for the writes that the
// group goes back to.
func (e *Engine) within(r *run, work func(*run)) {
	if !e.enter("group", r.group.ID) {
		return
	}
	e.causes = r.causes
	work(r)
	e.causes = nil
	e.leave()
}

// runItem begins the group, or runs its next item, or ends it.
func (e *Engine) runItem(r *run) {
	g := r.group
	who := subject{"group", g.ID}
	if !r.begun {
		if !e.holds(g.Condition, "group", g.ID) {
			e.endRun(r)
			return
		}
		r.begun = true
		e.fireAll(occasion{"group", "before", g.ID}, who)
		return
	}
	if r.item >= len(g.Content) || r.dropped {
		if !r.dropped {
			e.fireAll(occasion{"group", "after", g.ID}, who)
		}
		e.endRun(r)
		return
	}
	item := g.Content[r.item]
	if item.Kind == connector.ItemPair {
		e.startPair(r, e.ix.pairs[item.ID])
		return
	}
	e.runSimple(item, who)
	e.advance(r)
}

// runSimple runs an item that waits for nothing.
func (e *Engine) runSimple(item connector.GroupItem, who subject) {
	switch item.Kind {
	case connector.ItemAction:
		if a := e.ix.actions[item.ID]; a != nil {
			e.act(a, who)
		}
	case connector.ItemTrigger:
		if t := e.ix.triggers[item.ID]; t != nil {
			e.fire(t, who)
		}
	default:
		e.logOnce("item:"+string(item.Kind), levelWarning, "Group %d holds a %s, which is not run here.", who.id, item.Kind)
	}
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
	q := r.entry
	e.s.runs = e.s.runs[:len(e.s.runs)-1]
	e.hold(q.causes, -1)
	if q.timer < 0 {
		return
	}
	t, def := &e.s.timers[q.timer], &e.def.Timers[q.timer]
	if t.looping && !e.timerBusy(q.timer) {
		t.looping, t.next = false, e.now.Add(minLoop)
	}
	if def.GapMs > 0 && len(e.s.queue) > 0 && e.s.queue[0].timer == q.timer {
		e.s.pauseUntil = later(e.s.pauseUntil, e.now.Add(time.Duration(def.GapMs)*time.Millisecond))
	}
}

// immediate reports whether a timer runs the group at once: it is of type
// action or trigger and waits between no items.
func immediate(g *connector.Group) bool {
	if g.Type != connector.GroupAction && g.Type != connector.GroupTrigger {
		return false
	}
	return !slices.ContainsFunc(g.Content, func(i connector.GroupItem) bool {
		return i.NextMs > 0 || i.Kind == connector.ItemPair
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
	who := subject{"group", g.ID}
	e.fireAll(occasion{"group", "before", g.ID}, who)
	for _, item := range g.Content {
		e.runSimple(item, who)
	}
	e.fireAll(occasion{"group", "after", g.ID}, who)
}

// groupConnection returns the connection of a pair inside a group: the pair's
// own, else the group's, else 0.
func (e *Engine) groupConnection(g *connector.Group, p *connector.Pair) int {
	switch {
	case p != nil && p.HasConnection:
		return e.ix.connection(p.Connection)
	case g.ConnectionParam != 0:
		f, _ := e.value(element.ParamID(g.ConnectionParam)).Float()
		return e.ix.connection(int(f))
	case g.HasConnection:
		return e.ix.connection(g.Connection)
	default:
		return e.ix.connection(0)
	}
}

func (e *Engine) makesByProtocol(g *connector.Group) bool {
	c, ok := e.def.Connection(e.groupConnection(g, nil))
	for _, item := range g.Content {
		if p := e.ix.pairs[item.ID]; item.Kind == connector.ItemPair && p != nil && p.HasConnection {
			c, ok = e.def.Connection(e.ix.connection(p.Connection))
		}
	}
	return ok && c.MakeByProtocol
}
