package engine

import (
	"slices"
	"time"

	"fieldline/element/connector"
)

// runs brings the groups that run from item to item.
type runs struct {
	*turn
	ix          *index
	budget      *budget
	status      *status
	connections *connections
	receipts    *receipts
	commands    *commands
	lanes       *lanes
	timers      *timers
}

// refuse ends the running group because its command may not be sent any more.
// Nothing follows from what was refused; a group that has sent something for
// the same person before goes on as after a timeout.
func (rs *runs) refuse(r *run, what string) {
	why, i, at := notOpen(rs.status.commandWait(r.conn)), rs.ix.conns[r.conn], r.given()
	if !rs.connections.away(i) && !rs.connections.list[i].backAt.After(at) {
		why = wasPaused
	}
	sentBefore := slices.ContainsFunc(rs.receipts.list, func(x receipt) bool {
		return x.handed && slices.Contains(r.causes, x.cause)
	})
	rs.receipts.fail(r.causes, why)
	rs.logf(levelWarning, "%s was refused. %s", capital(what), why)
	if !sentBefore {
		r.dropped, r.phase = true, phaseReady
		return
	}
	rs.advance(r)
}

// withRun does a piece of work of the running group, for the writes that the
// group goes back to.
func (rs *runs) withRun(r *run, work func(*run)) {
	if !rs.budget.enter("group", r.group.ID) {
		return
	}
	rs.causes, rs.lane = r.causes, r.lane
	work(r)
	rs.causes, rs.lane = nil, 0
	rs.budget.leave()
}

// advance goes on to the next item, after the wait that the present one asks
// for.
func (rs *runs) advance(r *run) {
	item := r.group.Content[r.item]
	wait := item.NextMs
	if item.Kind == connector.ItemPair {
		if ms, ok := rs.commands.pairNext[item.ID]; ok {
			wait = ms
		}
		if r.timer != noTimer && r.item+1 < len(r.group.Content) {
			wait = max(wait, rs.ix.def.Timers[r.timer].GapMs)
		}
	}
	r.item++
	rs.pause(r, wait)
}

func (rs *runs) pause(r *run, ms int) {
	r.phase = phaseReady
	if ms > 0 {
		r.phase, r.until = phasePause, rs.now.Add(time.Duration(ms)*time.Millisecond)
	}
}

// end takes the running group off, lets its timer go on and keeps the
// timer's Interval to its next group.
func (rs *runs) end(r *run) {
	q, l := r.entry, &rs.lanes.list[r.lane]
	l.runs = l.runs[:len(l.runs)-1]
	rs.receipts.count(q.causes, -1)
	if q.timer == noTimer {
		return
	}
	rs.timers.roundEnded(q.timer)
	if gap := rs.ix.def.Timers[q.timer].GapMs; gap > 0 && len(l.queue) > 0 && l.queue[0].timer == q.timer {
		l.pauseUntil = later(l.pauseUntil, rs.now.Add(time.Duration(gap)*time.Millisecond))
	}
}
