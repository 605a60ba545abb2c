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
	rank     rank
	timer    int             // place of the timer that queued it, -1 when none did
	causes   []uint64        // writes it goes back to; never written in place
	bytes    map[int][]byte  // command bytes by item, made when it was queued; read-only
	requests map[int][]built // of sessions, by item, built when it was queued; read-only
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
	if !e.makesByProtocol(g) && !polls(g) {
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
	q := entry{group: g, rank: at, timer: timer, causes: e.causes, bytes: e.makeQueued(g), requests: e.buildRequests(g)}
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
	q := entry{group: g, timer: -1, causes: e.causes, bytes: e.makeQueued(g), requests: e.buildRequests(g)}
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
