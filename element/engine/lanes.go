package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

// lanes are the queues of the element: the protocol's own, then those of the
// connector's threads.
type lanes struct {
	*turn
	ix         *index
	receipts   *receipts
	values     *values
	list       []lane
	restraints []restraint
	parked     []entry   // groups that wait for the end of what holds their requests back
	quietUntil time.Time // logic that went round in circles rests
}

func (ls *lanes) reset() {
	ls.list = make([]lane, 1+len(ls.ix.def.Threads))
	ls.restraints, ls.parked, ls.quietUntil = nil, nil, time.Time{}
}

func (ls lanes) clone() lanes {
	ls.list = slices.Clone(ls.list)
	for i := range ls.list {
		ls.list[i] = ls.list[i].clone()
	}
	ls.restraints, ls.parked = slices.Clone(ls.restraints), slices.Clone(ls.parked)
	return ls
}

func (ls *lanes) isParked(id int) bool {
	return slices.ContainsFunc(ls.parked, func(q entry) bool { return q.group.ID == id })
}

// lane is a queue of groups with what it runs: the protocol's own, or that of
// a thread of the connector (schema documentation, Threads/Thread). Lanes do
// not wait for each other, except for a WebSocket connection on which another
// one has a question open: its answer could be mistaken.
type lane struct {
	queue      []entry // next to run first
	forced     []entry // wait for the running group to reach its next item
	runs       []run   // the last one runs; those below were interrupted
	pauseUntil time.Time
}

// running returns the group that runs, or nil.
func (l *lane) running() *run {
	if len(l.runs) == 0 {
		return nil
	}
	return &l.runs[len(l.runs)-1]
}

func (l lane) clone() lane {
	l.queue, l.forced, l.runs = slices.Clone(l.queue), slices.Clone(l.forced), slices.Clone(l.runs)
	return l
}

// due is when the lane has something to do.
func (ls *lanes) due(l *lane, sooner func(time.Time)) {
	notBefore := later(ls.quietUntil, l.pauseUntil)
	switch r := l.running(); {
	case len(l.forced) > 0 && (r == nil || r.phase == phaseReady || r.phase == phasePause):
		sooner(notBefore)
	case r != nil && (r.phase == phaseReply || r.phase == phaseReady && ls.mustWait(r)):
	case r != nil && r.phase != phaseReady:
		sooner(later(r.until, notBefore))
	case r != nil, len(l.queue) > 0:
		sooner(notBefore)
	}
}

// eachRunning calls do for the group that runs in each lane.
func (ls *lanes) eachRunning(do func(*run)) {
	for i := range ls.list {
		if r := ls.list[i].running(); r != nil {
			do(r)
		}
	}
}

// of returns the lane that a group waits in: that of the thread it names,
// else that of the only thread for its connection, else the protocol's own.
func (ls *lanes) of(g *connector.Group) laneIndex {
	switch {
	case g.Virtual > 0:
		return laneIndex(g.Virtual)
	case g.HasThreadID:
		own := func(t connector.Thread) bool { return t.HasID && t.ID == g.ThreadID }
		return laneIndex(1 + slices.IndexFunc(ls.ix.def.Threads, own))
	}
	conn := ls.groupConnection(g, nil)
	if polls(g) {
		conn = ls.sessionConnection(g)
	}
	at := laneIndex(0)
	for i := range ls.ix.def.Threads {
		if slices.Contains(ls.ix.def.Threads[i].Connections, conn) {
			if at > 0 {
				return 0
			}
			at = laneIndex(i + 1)
		}
	}
	return at
}

// place finds a group that waits in a queue; the ones that run do not count.
func (ls *lanes) place(id int) (*lane, int) {
	for i := range ls.list {
		l := &ls.list[i]
		if at := slices.IndexFunc(l.queue, func(q entry) bool { return q.group.ID == id }); at >= 0 {
			return l, at
		}
	}
	return nil, -1
}

// queued reports whether a group waits in a queue, or to be let into one.
func (ls *lanes) queued(id int) bool { l, _ := ls.place(id); return l != nil || ls.isParked(id) }

// waiting counts the groups that wait, or were interrupted.
func (ls *lanes) waiting() int {
	n := 0
	for i := range ls.list {
		l := &ls.list[i]
		n += len(l.queue) + len(l.forced) + max(0, len(l.runs)-1)
	}
	return n
}

// mustWait reports whether the next item of a group is a pair for a connection
// on which another lane waits for an answer.
func (ls *lanes) mustWait(r *run) bool {
	if !r.begun || r.dropped || r.item >= len(r.group.Content) || r.group.Content[r.item].Kind != connector.ItemPair {
		return false
	}
	conn, taken := ls.groupConnection(r.group, ls.ix.pairs[r.group.Content[r.item].ID]), false
	ls.eachRunning(func(o *run) {
		taken = taken || o.lane != r.lane && o.conn == conn && (o.phase == phaseAnswer || o.phase == phaseConnecting)
	})
	return taken
}

// drop removes the waiting groups that drop names.
func (ls *lanes) drop(drop func(entry) bool) {
	ls.parked = slices.DeleteFunc(ls.parked, drop)
	for i := range ls.list {
		l := &ls.list[i]
		l.queue = slices.DeleteFunc(l.queue, func(q entry) bool {
			if !drop(q) {
				return false
			}
			ls.receipts.count(q.causes, -1)
			return true
		})
	}
}

// timerBusy reports whether a group of the timer is queued or runs.
func (ls *lanes) timerBusy(i timerIndex) bool {
	for k := range ls.list {
		l := &ls.list[k]
		if slices.ContainsFunc(l.queue, func(q entry) bool { return q.timer == i }) ||
			slices.ContainsFunc(l.runs, func(r run) bool { return r.timer == i }) {
			return true
		}
	}
	return slices.ContainsFunc(ls.parked, func(q entry) bool { return q.timer == i })
}

// morePairs reports whether the running group has pairs after the present one.
func (ls *lanes) morePairs() bool {
	r := ls.list[ls.lane].running()
	return r != nil && slices.ContainsFunc(r.group.Content[min(r.item+1, len(r.group.Content)):],
		func(i connector.GroupItem) bool {
			return i.Kind == connector.ItemPair || i.Kind == connector.ItemSession
		})
}
