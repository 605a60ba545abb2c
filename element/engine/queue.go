package engine

import (
	"slices"

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
	group    *connector.Group
	lane     int // place of its lane
	rank     rank
	timer    int             // place of the timer that queued it, -1 when none did
	causes   []cause         // what people gave that it goes back to; never written in place
	logic    bool            // the logic wants it, whatever people gave
	behind   int             // the connection that its lane waited for when a person queued it, else nowhere
	messages map[int]message // commands by item, made when it was queued; read-only
	requests map[int][]built // of sessions, by item, built when it was queued; read-only
}

// enqueue puts a group into the queue. Where commands are made by the
// protocol they are made now and travel with the entry, which may then be
// queued many times; elsewhere a group is queued once and sends the latest
// values (documentation page ConnectionsSerialMakeCommandByProtocol).
func (e *Engine) enqueue(g *connector.Group, at rank, timer int) {
	if !e.makesByProtocol(g) && !polls(g) {
		if l, i := e.place(g.ID); l != nil {
			e.requeue(l, i, at)
			return
		}
	}
	if q, ok := e.newEntry(g, at, timer); ok {
		e.s.lanes[q.lane].insert(q)
	}
}

// newEntry makes what a group needs to wait, unless too many wait already.
func (e *Engine) newEntry(g *connector.Group, at rank, timer int) (entry, bool) {
	if e.waitingGroups() >= MaxQueue {
		e.logRarely("queue", levelError, "Group %d was not queued: %d groups wait already.", g.ID, MaxQueue)
		e.failCauses(e.causes, "Not sent: too much is waiting to be sent already.")
		return entry{}, false
	}
	q := entry{
		group: g, lane: e.laneOf(g), rank: at, timer: timer, causes: e.presentCauses(),
		messages: e.makeQueued(g), requests: e.buildRequests(g), behind: nowhere,
	}
	q.logic = len(q.causes) == 0
	e.hold(q.causes, +1)
	e.tellWait(&q)
	return q, true
}

func (l *lane) insert(q entry) {
	at := len(l.queue)
	switch q.rank {
	case rankFront:
		at = 0
	case rankNormal:
		if i := slices.IndexFunc(l.queue, func(o entry) bool { return o.rank == rankTimer }); i >= 0 {
			at = i
		}
	case rankTimer:
	}
	l.queue = slices.Insert(l.queue, at, q)
}

// requeue makes a waiting group serve one more cause, earlier if need be.
func (e *Engine) requeue(l *lane, i int, at rank) {
	q, more := l.queue[i], e.presentCauses()
	q.logic = q.logic || len(more) == 0
	for _, c := range more {
		if !slices.Contains(q.causes, c) {
			q.causes = append(slices.Clone(q.causes), c)
			e.hold([]cause{c}, +1)
		}
	}
	e.tellWait(&q)
	l.queue[i] = q
	if at < q.rank {
		l.queue = slices.Delete(l.queue, i, i+1)
		q.rank = at
		l.insert(q)
	}
}

// force lets a group interrupt the running one of its lane before its next
// item; those that were forced before come first (documentation page
// LogicActionForceExecute).
func (e *Engine) force(g *connector.Group) {
	if q, ok := e.newEntry(g, rankFront, -1); ok {
		l := &e.s.lanes[q.lane]
		l.forced = append(l.forced, q)
	}
}

// dropQueued removes the waiting groups that drop names.
func (e *Engine) dropQueued(drop func(entry) bool) {
	e.s.parked = slices.DeleteFunc(e.s.parked, drop)
	for i := range e.s.lanes {
		l := &e.s.lanes[i]
		l.queue = slices.DeleteFunc(l.queue, func(q entry) bool {
			if !drop(q) {
				return false
			}
			e.hold(q.causes, -1)
			return true
		})
	}
}

// groupConnection returns the connection of a pair inside a group: the pair's
// own, else the group's, else 0.
func (e *Engine) groupConnection(g *connector.Group, p *connector.Pair) int {
	switch {
	case p != nil && p.HasConnection:
		return e.ix.connection(p.Connection)
	case g.ConnectionParam != 0:
		f, _ := e.value(g.ConnectionParam).Float()
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
