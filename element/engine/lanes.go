package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

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

// laneDue is when the lane has something to do.
func (e *Engine) laneDue(l *lane, sooner func(time.Time)) {
	notBefore := later(e.s.quietUntil, l.pauseUntil)
	switch r := l.running(); {
	case len(l.forced) > 0 && (r == nil || r.phase == phaseReady || r.phase == phasePause):
		sooner(notBefore)
	case r != nil && (r.phase == phaseReply || r.phase == phaseReady && e.mustWait(r)):
	case r != nil && r.phase != phaseReady:
		sooner(later(r.until, notBefore))
	case r != nil, len(l.queue) > 0:
		sooner(notBefore)
	}
}

// eachRunning calls do for the group that runs in each lane.
func (s *state) eachRunning(do func(*run)) {
	for i := range s.lanes {
		if r := s.lanes[i].running(); r != nil {
			do(r)
		}
	}
}

// laneOf returns the lane that a group waits in: that of the thread it names,
// else that of the only thread for its connection, else the protocol's own.
func (e *Engine) laneOf(g *connector.Group) int {
	switch {
	case g.Virtual > 0:
		return g.Virtual
	case g.HasThreadID:
		return 1 + slices.IndexFunc(e.def.Threads, func(t connector.Thread) bool { return t.HasID && t.ID == g.ThreadID })
	}
	conn := e.groupConnection(g, nil)
	if polls(g) {
		conn = e.sessionConnection(g)
	}
	at := 0
	for i := range e.def.Threads {
		if slices.Contains(e.def.Threads[i].Connections, conn) {
			if at > 0 {
				return 0
			}
			at = i + 1
		}
	}
	return at
}

// place finds a group that waits in a queue; the ones that run do not count.
func (e *Engine) place(id int) (*lane, int) {
	for i := range e.s.lanes {
		l := &e.s.lanes[i]
		if at := slices.IndexFunc(l.queue, func(q entry) bool { return q.group.ID == id }); at >= 0 {
			return l, at
		}
	}
	return nil, -1
}

// queued reports whether a group waits in a queue, or to be let into one.
func (e *Engine) queued(id int) bool { l, _ := e.place(id); return l != nil || e.parked(id) }

// waitingGroups counts the groups that wait, or were interrupted.
func (e *Engine) waitingGroups() int {
	n := 0
	for i := range e.s.lanes {
		l := &e.s.lanes[i]
		n += len(l.queue) + len(l.forced) + max(0, len(l.runs)-1)
	}
	return n
}

// mustWait reports whether the next item of a group is a pair for a connection
// on which another lane waits for an answer.
func (e *Engine) mustWait(r *run) bool {
	if !r.begun || r.dropped || r.item >= len(r.group.Content) || r.group.Content[r.item].Kind != connector.ItemPair {
		return false
	}
	conn, taken := e.groupConnection(r.group, e.ix.pairs[r.group.Content[r.item].ID]), false
	e.s.eachRunning(func(o *run) {
		taken = taken || o.lane != r.lane && o.conn == conn && (o.phase == phaseAnswer || o.phase == phaseOpening)
	})
	return taken
}
