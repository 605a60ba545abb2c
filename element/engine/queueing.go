package engine

import (
	"slices"

	"fieldline/element/connector"
)

// enqueueOne queues a group that is not queued yet. One that is serves the
// present write too.
func (lg *logic) enqueueOne(g *connector.Group, at rank) {
	if l, i := lg.lanes.place(g.ID); l != nil {
		lg.requeue(l, i, l.queue[i].rank)
		return
	}
	lg.enqueue(g, at, noTimer)
}

// letGo ends what HoldBack began: groups that waited are queued, with requests
// as they are now.
func (lg *logic) letGo(in LetGo) {
	lg.lanes.restraints = slices.DeleteFunc(lg.lanes.restraints, func(h restraint) bool { return h.is(in.Connection, in.Session, in.Exchange, in.Whole) })
	waiting := lg.lanes.parked
	lg.lanes.parked = nil
	for _, q := range waiting {
		if lg.lanes.allHeldBack(q.group) {
			lg.lanes.parked = append(lg.lanes.parked, q)
		} else if !lg.lanes.queued(q.group.ID) {
			lg.enqueue(q.group, q.rank, q.timer)
		}
	}
}

// makeQueued makes the commands of a group when it is queued, where the
// connection makes commands by the protocol: "before command" triggers fire
// now, and their make actions leave the messages that the entry carries.
func (lg *logic) makeQueued(g *connector.Group) map[int]message {
	if !lg.lanes.makesByProtocol(g) {
		return nil
	}
	var messages map[int]message
	for i, item := range g.Content {
		p := lg.ix.pairs[item.ID]
		if item.Kind != connector.ItemPair || p == nil {
			continue
		}
		lg.fireAll(occasion{itemCommand, onBefore, p.Command})
		if messages == nil {
			messages = make(map[int]message, len(g.Content))
		}
		messages[i] = lg.commands.made[p.Command]
	}
	return messages
}

// enqueue puts a group into the queue. Where commands are made by the
// protocol they are made now and travel with the entry, which may then be
// queued many times; elsewhere a group is queued once and sends the latest
// values (documentation page ConnectionsSerialMakeCommandByProtocol).
func (lg *logic) enqueue(g *connector.Group, at rank, timer timerIndex) {
	if !lg.lanes.makesByProtocol(g) && !polls(g) {
		if l, i := lg.lanes.place(g.ID); l != nil {
			lg.requeue(l, i, at)
			return
		}
	}
	if q, ok := lg.newEntry(g, at, timer); ok {
		lg.lanes.list[q.lane].insert(q)
	}
}

// newEntry makes what a group needs to wait, unless too many wait already.
func (lg *logic) newEntry(g *connector.Group, at rank, timer timerIndex) (entry, bool) {
	if lg.lanes.waiting() >= MaxQueue {
		lg.logRarely("queue", levelError, "Group %d was not queued: %d groups wait already.", g.ID, MaxQueue)
		lg.receipts.fail(lg.causes, "Not sent: too much is waiting to be sent already.")
		return entry{}, false
	}
	q := entry{
		group: g, lane: lg.lanes.of(g), rank: at, timer: timer, causes: lg.receipts.present(),
		messages: lg.makeQueued(g), requests: lg.addresses.buildRequests(g), behind: nowhere,
	}
	q.logic = len(q.causes) == 0
	lg.receipts.count(q.causes, +1)
	lg.deadlines.tellWait(&q)
	return q, true
}

// requeue makes a waiting group serve one more cause, earlier if need be.
func (lg *logic) requeue(l *lane, i int, at rank) {
	q, more := l.queue[i], lg.receipts.present()
	q.logic = q.logic || len(more) == 0
	for _, c := range more {
		if !slices.Contains(q.causes, c) {
			q.causes = append(slices.Clone(q.causes), c)
			lg.receipts.count([]cause{c}, +1)
		}
	}
	lg.deadlines.tellWait(&q)
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
func (lg *logic) force(g *connector.Group) {
	if q, ok := lg.newEntry(g, rankFront, noTimer); ok {
		l := &lg.lanes.list[q.lane]
		l.forced = append(l.forced, q)
	}
}
